package cache_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/internal/lease"
)

func TestUnlessKeepsResultsOut(t *testing.T) {
	m := fakestore.New()
	p := newProcess(t, m)
	var c counter
	s := wrapSpec(cacheimpl.Spec{Unless: cacheimpl.Of(func(v int) bool { return v < 3 })}, c.next)
	for _, want := range []int{1, 2, 3, 3} {
		expectCall(t, s, p.ctx, 1, want)
	}
}

func TestValidate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		a, b := newProcess(t, m), newProcess(t, m)
		var c counter
		var seen []cache.Entry
		s := wrapSpec(cacheimpl.Spec{Validate: cacheimpl.OfEntry(func(ctx context.Context, e cache.Entry, v int) bool {
			seen = append(seen, e)
			return v%2 == 0
		})}, c.next)
		expectCall(t, s, a.ctx, 1, 1)
		expectCall(t, s, a.ctx, 1, 2)
		if e := a.events.last(); e.Reason != cache.Rejected {
			t.Errorf("%+v", e)
		}
		expectCall(t, s, a.ctx, 1, 2)
		flush(t, a.cache)
		seen = nil
		expectCall(t, s, b.ctx, 1, 2)
		if len(seen) != 1 || seen[0].Tier != cache.Store || seen[0].Namespace != s.spec.Name || len(seen[0].Key) != 64 {
			t.Errorf("%+v", seen)
		}
	})
}

// TestHooksGetCopies has each function that judges results change what it is given.
func TestHooksGetCopies(t *testing.T) {
	change := func(v []int) []int { v[0] = 7; return v }
	for name, spec := range map[string]cacheimpl.Spec{
		"unless":   {Unless: cacheimpl.Of(func(v []int) bool { return len(change(v)) == 0 })},
		"validate": {Validate: cacheimpl.OfEntry(func(_ context.Context, _ cache.Entry, v []int) bool { return len(change(v)) == 1 })},
		"max-age":  {MaxAge: cacheimpl.Of(func(v []int) time.Duration { return time.Duration(len(change(v))) * time.Hour })},
	} {
		for way, copies := range map[string]func(*cacheimpl.Spec){
			"generated": func(s *cacheimpl.Spec) { s.Clone = cacheimpl.InPlace(slices.Clone[[]int]) },
			"by codec":  func(s *cacheimpl.Spec) { s.Options.CloneByCodec = true },
		} {
			copies(&spec)
			p := newProcess(t, fakestore.New())
			s := wrapSpec(spec, func(context.Context, int) ([]int, error) { return []int{1}, nil })
			for range 3 {
				if v := s.must(t, p.ctx, 1); v[0] != 1 {
					t.Errorf("%s, %s: %v", name, way, v)
				}
			}
			if stats := s.cache.Stats(); stats.Misses != 1 {
				t.Errorf("%s, %s: %+v", name, way, stats)
			}
		}
	}
}

// TestHooksThatPanic fail no call: a result that can't be judged is not reused.
func TestHooksThatPanic(t *testing.T) {
	for name, spec := range map[string]cacheimpl.Spec{
		"unless":   {Unless: cacheimpl.Of(func(int) bool { panic("unless") })},
		"validate": {Validate: cacheimpl.OfEntry(func(context.Context, cache.Entry, int) bool { panic("validate") })},
		"max-age":  {MaxAge: cacheimpl.Of(func(int) time.Duration { panic("max-age") })},
		"tags":     {Tags: cacheimpl.Of(func(number) []string { panic("tags") })},
	} {
		var c counter
		s := wrapSpec(spec, c.next)
		for want := range 3 {
			if v, err := s.call(t.Context(), 1); v != want+1 || err != nil {
				t.Errorf("%s: %d, %v", name, v, err)
			}
		}
		if s.cache.Stats().Faults == 0 {
			t.Errorf("%s: no fault", name)
		}
	}
}

// TestKeysThatPanic fails no call: inputs without a key bypass the cache.
func TestKeysThatPanic(t *testing.T) {
	var c counter
	s := wrapSpec(cacheimpl.Spec{}, c.next)
	_, err := cacheimpl.Guard(func() (int, error) { panic("key") })
	if !errors.Is(err, cache.ErrUnkeyed) {
		t.Errorf("key: %v", err)
	}
	var e events
	v, err := cacheimpl.DoUnkeyed(cache.Observe(t.Context(), e.add), s.cache.Core, err, func(context.Context) (int, error) { return 7, nil })
	if last := e.last(); v != 7 || err != nil || last.Outcome != cache.Bypassed || last.Reason != cache.Unkeyed {
		t.Errorf("key: %d, %v, %+v", v, err, last)
	}
	for name, spec := range map[string]cacheimpl.Spec{
		"vary": {Vary: func(context.Context, []byte) (_ []byte, err error) {
			defer cacheimpl.NoKey(&err)
			panic("vary: no tenant")
		}},
		"policy": {Policies: []cache.Policy{func(context.Context, cache.VersionParams) (string, error) { panic("policy: no tenant") }}},
	} {
		call := asked(t, spec)
		ctx := cache.Observe(t.Context(), e.add)
		call(ctx, 1, 1)
		call(ctx, 1, 2)
		if last := e.last(); last.Outcome != cache.Bypassed || last.Reason != cache.Unkeyed || !errors.Is(last.Err, cache.ErrUnkeyed) ||
			!strings.Contains(last.Err.Error(), name+": no tenant") {
			t.Errorf("%s: %+v", name, last)
		}
	}
}

func TestMaxAgeByTheValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		a, b := newProcess(t, m), newProcess(t, m)
		var c counter
		s := wrapSpec(cacheimpl.Spec{MaxAge: cacheimpl.Of(func(v int) time.Duration { return time.Duration(v-1) * time.Minute })}, c.next)
		expectCall(t, s, a.ctx, 1, 1)
		expectCall(t, s, a.ctx, 1, 2) // 1 lives for no time
		time.Sleep(time.Minute)
		expectCall(t, s, a.ctx, 1, 2)
		flush(t, a.cache)
		expectCall(t, s, b.ctx, 1, 2)
		expectCall(t, s, cache.WithMaxAge(b.ctx, time.Hour), 1, 2)
		time.Sleep(time.Nanosecond)
		expectCall(t, s, cache.WithMaxAge(b.ctx, time.Hour), 1, 3) // a context can't prolong a token
		time.Sleep(time.Minute)
		expectCall(t, s, cache.WithMaxAge(b.ctx, time.Second), 1, 4)
	})
}

func TestErrorMaxAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		a, b := newProcess(t, m), newProcess(t, m)
		executions := 0
		broken := errors.New("broken")
		s := wrap(cacheimpl.Options{ErrorMaxAge: time.Minute}, func(ctx context.Context, n int) (int, error) {
			executions++
			if n == 0 {
				<-ctx.Done()
				return 0, ctx.Err()
			}
			return n, broken
		})
		expect := func(ctx context.Context, want int) {
			t.Helper()
			if v, err := s.call(ctx, 7); v != 7 || err != broken || executions != want {
				t.Errorf("%d, %v after %d executions, want %d", v, err, executions, want)
			}
		}
		expect(a.ctx, 1)
		time.Sleep(time.Minute)
		expect(a.ctx, 1)
		if e := a.events.last(); e.Outcome != cache.Hit || e.Err != broken {
			t.Errorf("%+v", e)
		}
		expect(b.ctx, 2) // in this process only
		time.Sleep(time.Nanosecond)
		expect(a.ctx, 3)
		expect(cache.WithMode(a.ctx, cache.Refresh), 4)
		if err := s.cache.Forget(a.ctx, number{7}); err != nil {
			t.Fatal(err)
		}
		expect(a.ctx, 5)
		for range 2 { // never the caller's own cancellation
			ctx, cancel := context.WithTimeout(a.ctx, time.Second)
			_, _ = s.call(ctx, 0)
			cancel()
		}
		if executions != 7 {
			t.Errorf("%d executions", executions)
		}
	})
}

func TestStaleWhileRevalidate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		a, b := newProcess(t, m), newProcess(t, m)
		var c counter
		s := wrap(cacheimpl.Options{MaxAge: time.Minute, StaleWhileRevalidate: time.Minute}, func(ctx context.Context, n int) (int, error) {
			time.Sleep(time.Second)
			if ctx.Err() != nil {
				t.Error("the refresh is not detached")
			}
			return c.next(ctx, n)
		})
		expectCall(t, s, a.ctx, 1, 1)
		flush(t, a.cache)
		time.Sleep(2 * time.Minute)
		begin := time.Now()
		ctx, cancel := context.WithCancel(a.ctx)
		for range 3 {
			expectCall(t, s, ctx, 1, 1)
		}
		cancel()
		if e := a.events.last(); e.Outcome != cache.Stale || e.Reason != cache.TooOld || e.Age != 2*time.Minute || time.Since(begin) != 0 {
			t.Errorf("%+v", e)
		}
		expectCall(t, s, b.ctx, 1, 1) // out of the store
		flush(t, a.cache)
		flush(t, b.cache)
		if c.n != 3 {
			t.Errorf("%d executions", c.n)
		}
		if v := s.must(t, a.ctx, 1); v != 2 && v != 3 { // the other process's may be known already
			t.Errorf("%d", v)
		}
		if n := s.cache.Stats().Stale; n != 4 {
			t.Errorf("%d stale", n)
		}
		time.Sleep(2*time.Minute + 1)
		expectCall(t, s, a.ctx, 1, 4) // too old even for that
	})
}

// TestErrorsAreForgotten by the tags and the run that their calls have, as results are; by another process too.
func TestErrorsAreForgotten(t *testing.T) {
	for name, forget := range map[string]func(context.Context) error{
		"tag": func(ctx context.Context) error { return cache.ForgetTags(ctx, "t") },
		"run": func(ctx context.Context) error { return cache.ForgetRun(ctx, "r") },
	} {
		for kind, alone := range map[string]bool{"memory": true, "store": false} {
			t.Run(name+" "+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					m := fakestore.New()
					here, elsewhere := newProcess(t, m).ctx, newProcess(t, m).ctx
					if alone {
						here = cache.WithCache(t.Context(), openCache(t, cache.Config{URL: "none"}))
						elsewhere = here
					}
					here = cache.WithRun(here, "r")
					executions := 0
					f := cacheimpl.NewEncodedFunction[number, int](cacheimpl.Spec{
						Name: "example.com/test.Fails" + t.Name(), Tags: cacheimpl.Of(func(number) []string { return []string{"t"} }),
						Options: cacheimpl.Options{ErrorMaxAge: time.Hour, PerRun: true},
					})
					call := func(want int) {
						t.Helper()
						a := number{1}
						_, err := cacheimpl.DoEncoded(here, f.Core, a.AppendCacheKey([]byte{}), a, func(context.Context) (int, error) {
							executions++
							return 0, errBroken
						})
						if err != errBroken || executions != want {
							t.Errorf("%v after %d executions, want %d", err, executions, want)
						}
					}
					call(1)
					call(1)
					if err := forget(elsewhere); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Second)
					call(2)
					call(2)
				})
			})
		}
	}
}

// TestNobodyWaitsForARefresh has the entry that is being made anew leave memory meanwhile: the store still has it. The refresh fails.
func TestNobodyWaitsForARefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProcess(t, fakestore.New())
		o := cacheimpl.Options{MaxAge: time.Minute, StaleWhileRevalidate: time.Minute, MemoryEntries: 1}
		s := newSquares(o)
		if _, err := s.get(p.ctx, 1, 2); err != nil { // one of them is in memory
			t.Fatal(err)
		}
		flush(t, p.cache)
		time.Sleep(90 * time.Second)
		s.hook = func(context.Context, []int) error { time.Sleep(10 * time.Second); return errBroken }
		begin := time.Now()
		for range 3 {
			for _, ids := range [][]int{{1}, {2}, {1, 2}} {
				for _, ctx := range []context.Context{p.ctx, cache.WithMaxAge(p.ctx, time.Hour)} {
					if got, err := s.get(ctx, ids...); err != nil || got[ids[0]] != ids[0]*ids[0] || time.Since(begin) > 0 {
						t.Errorf("%v: %v, %v after %s", ids, got, err, time.Since(begin))
					}
					synctest.Wait() // what is stale is being made anew
				}
			}
			if err := s.one(p.ctx); err != nil || time.Since(begin) > 0 {
				t.Errorf("%v after %s", err, time.Since(begin))
			}
		}
		flush(t, p.cache)
	})
}

// TestStaleWhileReadOnly uses what is stale and has nothing made anew in the background that could not be kept.
func TestStaleWhileReadOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		p, other := newProcess(t, m), newProcess(t, fakestore.New())
		s := newSquares(cacheimpl.Options{MaxAge: time.Minute, StaleWhileRevalidate: time.Minute})
		for _, q := range []*process{p, other} {
			s.expect(t, q.ctx, "[[1]]", 1)
			flush(t, q.cache)
		}
		time.Sleep(90 * time.Second)
		readOnly := cache.WithMode(p.ctx, cache.ReadOnly)
		s.expect(t, readOnly, "[]", 1)
		if err := s.one(readOnly); err != nil || p.events.last().Outcome != cache.Stale {
			t.Errorf("%v, %+v", err, p.events.last())
		}
		flush(t, p.cache)
		if calls := s.took(); calls != "[]" {
			t.Errorf("calls %s in the background", calls)
		}
		reader := newProcess(t, m)
		for range 3 { // the first time it begins to follow the store
			s.expect(t, cache.WithMode(reader.ctx, cache.ReadOnly), "[]", 1)
			time.Sleep(time.Second)
		}
		reads := reader.store.Calls("Get")
		if s.expect(t, cache.WithMode(reader.ctx, cache.ReadOnly), "[]", 1); reader.store.Calls("Get") > 0 {
			t.Errorf("what is stale is not kept in memory after %d reads", reads)
		}
		s.expect(t, other.ctx, "[]", 1)
		flush(t, other.cache)
		if calls := s.took(); calls != "[[1]]" {
			t.Errorf("calls %s in the background of a process that writes", calls)
		}
	})
}

func TestStaleIfError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		a, b := newProcess(t, m), newProcess(t, m)
		var c counter
		var failure error
		s := wrap(cacheimpl.Options{MaxAge: time.Minute, StaleIfError: time.Hour}, func(ctx context.Context, n int) (int, error) {
			v, _ := c.next(ctx, n)
			return v, failure
		})
		expectCall(t, s, a.ctx, 1, 1)
		flush(t, a.cache)
		failure = errors.New("broken")
		time.Sleep(time.Hour)
		expectCall(t, s, a.ctx, 1, 1)
		if e := a.events.last(); e.Outcome != cache.Stale || e.Err != failure {
			t.Errorf("%+v", e)
		}
		expectCall(t, s, b.ctx, 1, 1)
		if c.n != 3 {
			t.Errorf("%d executions", c.n)
		}
		time.Sleep(time.Minute + 1)
		if v, err := s.call(a.ctx, 1); err != failure || v != 4 {
			t.Errorf("%d, %v", v, err)
		}
		failure = nil
		expectCall(t, s, a.ctx, 1, 5)
	})
}

func TestTags(t *testing.T) {
	m := fakestore.New()
	p := newProcess(t, m)
	var c counter
	s := wrapSpec(cacheimpl.Spec{Tags: cacheimpl.Of(func(a number) []string { return []string{"all", fmt.Sprint("n", a.N)} })}, c.next)
	other := wrapSpec(cacheimpl.Spec{Tags: cacheimpl.Of(func(number) []string { return []string{"all"} })}, c.next)
	expectCall(t, s, p.ctx, 1, 1)
	expectCall(t, s, p.ctx, 2, 2)
	expectCall(t, other, p.ctx, 1, 3)
	forget := func(ctx context.Context, tags ...string) {
		t.Helper()
		if err := cache.ForgetTags(ctx, tags...); err != nil {
			t.Fatal(err)
		}
	}
	forget(p.ctx, "n1", "unknown")
	expectCall(t, s, p.ctx, 1, 4)
	expectCall(t, s, p.ctx, 2, 2)
	forget(cache.WithScope(p.ctx, cache.Scope{Project: "other"}), "all")
	expectCall(t, s, p.ctx, 2, 2)
	forget(p.ctx, "all")
	expectCall(t, s, p.ctx, 2, 5)
	expectCall(t, other, p.ctx, 1, 6)
	if _, e, ok := s.cache.Lookup(p.ctx, number{2}); !ok || !slices.Equal(e.Tags, []string{"all", "n2"}) {
		t.Errorf("%+v", e)
	}
}

// asked is a function whose calls have something to ask first.
func asked(t *testing.T, spec cacheimpl.Spec) func(ctx context.Context, n, want int) {
	t.Helper()
	spec.Name = fmt.Sprintf("example.com/test.Asked%d", names.Add(1))
	f := cacheimpl.NewEncodedFunction[number, int](spec)
	var c counter
	return func(ctx context.Context, n, want int) {
		t.Helper()
		a := number{n}
		key := a.AppendCacheKey([]byte{})
		if spec.Vary != nil {
			key, _ = spec.Vary(ctx, key)
		}
		v, err := cacheimpl.DoEncoded(ctx, f.Core, key, a, func(ctx context.Context) (int, error) { return c.next(ctx, n) })
		if err != nil || v != want {
			t.Errorf("%d: %d, %v, want %d", n, v, err, want)
		}
	}
}

func TestPolicies(t *testing.T) {
	answer, other := "a", "b"
	var params cache.VersionParams
	var failure error
	call := asked(t, cacheimpl.Spec{Version: "v1:0", Options: cacheimpl.Options{Salt: "s"}, Policies: []cache.Policy{
		func(_ context.Context, p cache.VersionParams) (string, error) { params = p; return answer, failure },
		func(context.Context, cache.VersionParams) (string, error) { return other, nil },
	}})
	call(t.Context(), 1, 1)
	call(t.Context(), 1, 1)
	answer, other = "ab", ""
	call(t.Context(), 1, 2)
	answer, other = "a", "b"
	call(t.Context(), 1, 1)
	failure = errors.New("broken")
	var e events
	call(cache.Observe(t.Context(), e.add), 1, 3)
	if last := e.last(); last.Outcome != cache.Bypassed || last.Reason != cache.Unkeyed || !errors.Is(last.Err, failure) {
		t.Errorf("%+v", last)
	}
	if !strings.HasPrefix(params.Func, "example.com/test.Asked") || params.Namespace != params.Func || params.Version != "v1:0" || params.Salt != "s" {
		t.Errorf("%+v", params)
	}
}

func TestVary(t *testing.T) {
	type tenant struct{}
	call := asked(t, cacheimpl.Spec{Vary: func(ctx context.Context, b []byte) ([]byte, error) {
		s, _ := ctx.Value(tenant{}).(string)
		return cacheimpl.AppendString(b, s), nil
	}})
	a, b := context.WithValue(t.Context(), tenant{}, "a"), context.WithValue(t.Context(), tenant{}, "b")
	call(a, 1, 1)
	call(b, 1, 2)
	call(a, 1, 1)
	call(t.Context(), 1, 3)
}

func TestPerRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		p, later := newProcess(t, m), newProcess(t, m)
		call := asked(t, cacheimpl.Spec{Options: cacheimpl.Options{PerRun: true}})
		call(p.ctx, 1, 1)
		call(p.ctx, 1, 2)
		if e := p.events.last(); e.Outcome != cache.Bypassed || e.Reason != cache.NoRun {
			t.Errorf("%+v", e)
		}
		call(cache.WithRun(p.ctx, "a"), 1, 3)
		call(cache.WithRun(p.ctx, "b"), 1, 4)
		call(cache.WithRun(p.ctx, "a"), 1, 3)
		flush(t, p.cache)
		call(cache.WithRun(later.ctx, "a"), 1, 3) // resumed
		if err := cache.ForgetRun(later.ctx, "a"); err != nil {
			t.Fatal(err)
		}
		call(cache.WithRun(later.ctx, "a"), 1, 5)
		call(cache.WithRun(later.ctx, "b"), 1, 4)
	})
}

func TestSerialize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		var c counter
		var failures int
		s := wrap(cacheimpl.Options{Serialize: true, Lease: time.Minute}, func(ctx context.Context, n int) (int, error) {
			time.Sleep(2 * time.Minute)
			v, _ := c.next(ctx, n)
			if v <= failures {
				return 0, errors.New("broken")
			}
			return v, nil
		})
		calls := func() (all []outcome[int]) {
			var waiting []<-chan outcome[int]
			for range 3 {
				waiting = append(waiting, start(newProcess(t, m).ctx, s, 1))
			}
			for _, call := range waiting {
				all = append(all, <-call)
			}
			return all
		}
		for _, o := range calls() {
			if o.v != 1 || o.err != nil {
				t.Errorf("%+v", o)
			}
		}
		if c.n != 1 {
			t.Errorf("%d executions", c.n)
		}
		if err := s.cache.Forget(newProcess(t, m).ctx, number{1}); err != nil {
			t.Fatal(err)
		}
		failures = 2 // the one that leads, and one who takes over
		failed := 0
		for _, o := range calls() {
			if o.err != nil {
				failed++
			} else if o.v != 3 {
				t.Errorf("%+v", o)
			}
		}
		if failed != 1 || c.n != 3 {
			t.Errorf("%d failures, %d executions", failed, c.n)
		}
	})
}

func TestSerializeWithoutStore(t *testing.T) {
	var e events
	ctx := cache.Observe(cache.WithCache(t.Context(), openCache(t, cache.Config{URL: "none"})), e.add)
	s := wrap(cacheimpl.Options{Serialize: true}, new(counter).next)
	expectCall(t, s, ctx, 1, 1)
	expectCall(t, s, ctx, 1, 1)
	if !slices.ContainsFunc(e.all, func(e cache.Event) bool { return errors.Is(e.Err, lease.ErrNoLeases) }) {
		t.Errorf("%+v", e.all)
	}
}
