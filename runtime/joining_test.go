package cache_test

import (
	"context"
	"errors"
	goruntime "runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// outcome is what a call came to.
type outcome[V any] struct {
	v     V
	err   error
	panic any
	trace string
	at    time.Duration
}

// start calls s in a goroutine of its own, and returns what it came to once it has ended.
func start[V any](ctx context.Context, s *subject[V], n int) <-chan outcome[V] {
	done := make(chan outcome[V], 1)
	begin := time.Now()
	go func() {
		var o outcome[V]
		defer func() {
			if o.panic = recover(); o.panic != nil {
				o.trace = string(debug.Stack())
			}
			o.at = time.Since(begin)
			done <- o
		}()
		o.v, o.err = s.call(ctx, n)
	}()
	synctest.Wait()
	return done
}

func TestCallsInFlightShareAnExecution(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c counter
		s := wrap(cacheimpl.Options{}, func(ctx context.Context, n int) (int, error) {
			time.Sleep(time.Second)
			return c.next(ctx, n)
		})
		var calls []<-chan outcome[int]
		for range 5 {
			calls = append(calls, start(t.Context(), s, 1))
		}
		for i, call := range calls {
			if o := <-call; o.v != 1 || o.err != nil || o.at != time.Second {
				t.Errorf("call %d: %+v", i, o)
			}
		}
		if stats := s.cache.Stats(); stats.Misses != 1 || stats.Joined != 4 {
			t.Errorf("%+v", stats)
		}
	})
}

func TestCoalesceOffKeepsCallsApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c counter
		s := wrap(cacheimpl.Options{NoJoin: true}, func(ctx context.Context, n int) (int, error) {
			time.Sleep(time.Second)
			return c.next(ctx, n)
		})
		a, b := start(t.Context(), s, 1), start(t.Context(), s, 1)
		if x, y := <-a, <-b; x.v+y.v != 3 || x.at != time.Second || y.at != time.Second {
			t.Errorf("%+v %+v", x, y)
		}
	})
}

func TestWaitersGetCopies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, failure := range []error{nil, errors.New("broken")} {
			spec := cacheimpl.Spec{Clone: cacheimpl.InPlace(slices.Clone[[]int])}
			s := wrapSpec(spec, func(context.Context, int) ([]int, error) {
				time.Sleep(time.Second)
				return []int{1, 2}, failure
			})
			a, b, c := start(t.Context(), s, 1), start(t.Context(), s, 1), start(t.Context(), s, 1)
			for _, o := range []outcome[[]int]{<-a, <-b, <-c} {
				if !slices.Equal(o.v, []int{1, 2}) || !errors.Is(o.err, failure) {
					t.Errorf("%+v", o)
				}
				o.v[0] = 7
			}
		}
	})
}

func TestFailureReachesWaitersAndIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		executions := 0
		s := wrap(cacheimpl.Options{}, func(context.Context, int) (int, error) {
			executions++
			time.Sleep(time.Second)
			return 3, broken
		})
		a, b := start(t.Context(), s, 1), start(t.Context(), s, 1)
		for _, o := range []outcome[int]{<-a, <-b} {
			if o.err != broken || o.v != 3 || o.at != time.Second {
				t.Errorf("%+v", o)
			}
		}
		if _, err := s.call(t.Context(), 1); err != broken || executions != 2 {
			t.Errorf("%v after %d executions", err, executions)
		}
	})
}

func TestLeaderWhoseContextEndsHandsOver(t *testing.T) {
	for name, infallible := range map[string]bool{"error": false, "no error result": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var c counter
				s := wrap(cacheimpl.Options{Infallible: infallible}, func(ctx context.Context, n int) (int, error) {
					select {
					case <-time.After(time.Minute):
						return c.next(ctx, n)
					case <-ctx.Done():
						if infallible {
							return -1, nil
						}
						return 0, ctx.Err()
					}
				})
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				leader, waiter, third := start(ctx, s, 1), start(t.Context(), s, 1), start(t.Context(), s, 1)
				if o := <-leader; o.at != time.Second || !infallible && !errors.Is(o.err, context.DeadlineExceeded) {
					t.Errorf("leader: %+v", o)
				}
				for _, o := range []outcome[int]{<-waiter, <-third} {
					if o.v != 1 || o.err != nil || o.at != time.Minute+time.Second {
						t.Errorf("waiter: %+v", o)
					}
				}
				if v := s.must(t, t.Context(), 1); v != 1 {
					t.Errorf("%d was kept", v)
				}
			})
		})
	}
}

func TestWaiterLeavesWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := wrap(cacheimpl.Options{}, func(context.Context, int) (int, error) {
			time.Sleep(time.Hour)
			return 1, nil
		})
		leader := start(t.Context(), s, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if o := <-start(ctx, s, 1); !errors.Is(o.err, context.DeadlineExceeded) || o.at != time.Second {
			t.Errorf("%+v", o)
		}
		if o := <-leader; o.v != 1 || o.err != nil {
			t.Errorf("%+v", o)
		}
	})
}

func TestInfallibleWaiterExecutesWhenItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := wrap(cacheimpl.Options{Infallible: true}, func(ctx context.Context, n int) (int, error) {
			select {
			case <-time.After(time.Hour):
				return 1, nil
			case <-ctx.Done():
				return 2, nil
			}
		})
		leader := start(t.Context(), s, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if o := <-start(ctx, s, 1); o.v != 2 || o.err != nil || o.at != time.Second {
			t.Errorf("%+v", o)
		}
		if o := <-leader; o.v != 1 {
			t.Errorf("%+v", o)
		}
		if v := s.must(t, t.Context(), 1); v != 1 {
			t.Errorf("%d was kept", v)
		}
	})
}

func explode() { panic("ouch") }

func TestPanicReachesWaiters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := wrap(cacheimpl.Options{}, func(context.Context, int) (int, error) {
			time.Sleep(time.Second)
			explode()
			return 0, nil
		})
		leader, waiter := start(t.Context(), s, 1), start(t.Context(), s, 1)
		o := <-leader
		if o.panic != "ouch" || !strings.Contains(o.trace, "explode") {
			t.Errorf("leader: %v\n%s", o.panic, o.trace)
		}
		if o := <-waiter; o.panic != "ouch" {
			t.Errorf("waiter: %+v", o)
		}
		if o := <-start(t.Context(), s, 1); o.panic != "ouch" || o.at != time.Second {
			t.Errorf("after: %+v", o)
		}
	})
}

func TestGoexitHandsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c counter
		s := wrap(cacheimpl.Options{}, func(ctx context.Context, n int) (int, error) {
			time.Sleep(time.Second)
			v, _ := c.next(ctx, n)
			if v == 1 {
				goruntime.Goexit()
			}
			return v, nil
		})
		start(t.Context(), s, 1)
		waiter := start(t.Context(), s, 1)
		if o := <-waiter; o.v != 2 || o.at != 2*time.Second {
			t.Errorf("%+v", o)
		}
	})
}

func TestOwnWrapperThroughContextExecutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s *subject[string]
		depth := 0
		s = wrap(cacheimpl.Options{}, func(ctx context.Context, n int) (string, error) {
			if depth++; depth > 3 {
				return "end", nil
			}
			v, err := s.call(ctx, n)
			return "(" + v + ")", err
		})
		if o := <-start(t.Context(), s, 1); o.v != "(((end)))" || o.err != nil {
			t.Errorf("%+v", o)
		}
	})
}

// TestCrosswiseWaitsExecute has two executions that each need the other's result, in goroutines of their own.
func TestCrosswiseWaitsExecute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a, b *subject[string]
		var executions atomic.Int32
		cross := func(name string, other **subject[string]) func(context.Context, int) (string, error) {
			return func(ctx context.Context, n int) (string, error) {
				if executions.Add(1) > 2 {
					return name, nil
				}
				time.Sleep(time.Second)
				var v string
				var err error
				var inner sync.WaitGroup
				inner.Go(func() { v, err = (*other).call(ctx, n) })
				inner.Wait()
				return name + v, err
			}
		}
		a, b = wrap(cacheimpl.Options{}, cross("a", &b)), wrap(cacheimpl.Options{}, cross("b", &a))
		x, y := start(t.Context(), a, 1), start(t.Context(), b, 1)
		if got := (<-x).v + " " + (<-y).v; got != "aba ba" && got != "ab bab" {
			t.Error(got)
		}
		if n := executions.Load(); n != 3 {
			t.Errorf("%d executions", n)
		}
	})
}

// TestLongCircleExecutes has three flights of one function that wait for each other in a ring.
func TestLongCircleExecutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s *subject[int]
		var executions atomic.Int32
		s = wrap(cacheimpl.Options{}, func(ctx context.Context, n int) (int, error) {
			if executions.Add(1) > 3 {
				return 0, nil
			}
			time.Sleep(time.Second)
			v, err := s.call(ctx, (n+1)%3)
			return v + 1, err
		})
		calls := []<-chan outcome[int]{start(t.Context(), s, 0), start(t.Context(), s, 1), start(t.Context(), s, 2)}
		sum := 0
		for _, call := range calls {
			o := <-call
			if o.err != nil {
				t.Error(o.err)
			}
			sum += o.v
		}
		if sum != 1+2+3 || executions.Load() != 4 {
			t.Errorf("%d after %d executions", sum, executions.Load())
		}
	})
}

func TestWaitThatIsNoCircleJoins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c counter
		inner := wrap(cacheimpl.Options{}, func(ctx context.Context, n int) (int, error) {
			time.Sleep(time.Minute)
			return c.next(ctx, n)
		})
		outer := wrap(cacheimpl.Options{}, inner.call)
		first := start(t.Context(), inner, 1)
		if o := <-start(t.Context(), outer, 1); o.v != 1 {
			t.Errorf("%+v", o)
		}
		if o := <-first; o.v != 1 {
			t.Errorf("%+v", o)
		}
	})
}

func TestResultInFlightSatisfiesAnyAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c counter
		s := wrap(cacheimpl.Options{MaxAge: cacheimpl.NoReuse}, func(ctx context.Context, n int) (int, error) {
			time.Sleep(time.Minute)
			return c.next(ctx, n)
		})
		leader := start(t.Context(), s, 1)
		time.Sleep(time.Second)
		if o := <-start(t.Context(), s, 1); o.v != 1 || o.at != 59*time.Second {
			t.Errorf("%+v", o)
		}
		<-leader
		if o := <-start(t.Context(), s, 1); o.v != 2 {
			t.Errorf("a completed result was reused: %+v", o)
		}
	})
}

// TestNoExecutionTwice has goroutines meet at many keys: whoever misses and then leads must look into memory once more.
func TestNoExecutionTwice(t *testing.T) {
	const keys = 5000
	var executions atomic.Int32
	s := wrap(cacheimpl.Options{MemoryEntries: keys}, func(_ context.Context, n int) (int, error) {
		executions.Add(1)
		return n, nil
	})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for n := range keys {
				if v := s.must(t, t.Context(), n); v != n {
					t.Errorf("%d for %d", v, n)
				}
			}
		})
	}
	all.Wait()
	if n := executions.Load(); n != keys {
		t.Errorf("%d executions for %d keys", n, keys)
	}
}

func TestForgottenFlightIsNeitherJoinedNorKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, forget := range map[string]func(*subject[int]) error{
			"Forget": func(s *subject[int]) error { return s.cache.Forget(t.Context(), number{1}) },
			"Clear":  func(s *subject[int]) error { return s.cache.Clear(t.Context()) },
		} {
			var c counter
			s := wrap(cacheimpl.Options{}, func(ctx context.Context, n int) (int, error) {
				v, err := c.next(ctx, n)
				time.Sleep(time.Duration(3-v) * time.Minute) // the first one takes longer
				return v, err
			})
			first := start(t.Context(), s, 1)
			if err := forget(s); err != nil {
				t.Fatal(err)
			}
			if o := <-start(t.Context(), s, 1); o.v != 2 || o.at != time.Minute {
				t.Errorf("%s: joined: %+v", name, o)
			}
			if o := <-first; o.v != 1 {
				t.Errorf("%s: %+v", name, o)
			}
			if v := s.must(t, t.Context(), 1); v != 2 {
				t.Errorf("%s: kept %d", name, v)
			}
		}
	})
}

// TestWhatAFlightFoundIsJudgedByWhoJoined has a call join another one that is reading the store.
func TestWhatAFlightFoundIsJudgedByWhoJoined(t *testing.T) {
	for name, test := range map[string]struct {
		ctx  func(context.Context) context.Context
		want int
	}{
		"as it is": {func(ctx context.Context) context.Context { return ctx }, 1},
		"max-age":  {func(ctx context.Context) context.Context { return cache.WithMaxAge(ctx, time.Second) }, 2},
		"refresh":  {func(ctx context.Context) context.Context { return cache.WithMode(ctx, cache.Refresh) }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := fakestore.New()
				before, p := newProcess(t, m), newProcess(t, m)
				var c counter
				s := wrap(cacheimpl.Options{}, slowly(c.next))
				s.must(t, before.ctx, 1)
				flush(t, before.cache)
				ctx := test.ctx(p.ctx)
				time.Sleep(time.Minute)
				p.store.Before(func(_ context.Context, op, _ string) error {
					if op == "Get" {
						time.Sleep(time.Second)
					}
					return nil
				})
				leader, waiter := start(p.ctx, s, 1), start(ctx, s, 1)
				if o := <-leader; o.v != 1 || o.err != nil {
					t.Errorf("leader: %+v", o)
				}
				if o := <-waiter; o.v != test.want || o.err != nil {
					t.Errorf("waiter: %+v", o)
				}
			})
		})
	}
}
