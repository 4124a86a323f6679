package background_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/background"
)

// reports collects what a pool reports.
type reports struct {
	mu  sync.Mutex
	all []string
}

func (r *reports) add(key string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, fmt.Sprintf("%s: %v", key, err))
}

func (r *reports) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.all
	r.all = nil
	slices.Sort(all)
	return all
}

func expect(t *testing.T, r *reports, want ...string) {
	t.Helper()
	if got := r.take(); !slices.Equal(got, want) {
		t.Errorf("reported %q, want %q", got, want)
	}
}

func sleep(d time.Duration) func(context.Context) error {
	return func(ctx context.Context) error {
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func TestGoDetaches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		var r reports
		p := background.New(background.Config{Timeout: time.Minute, Report: r.add})
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
		p.Go(ctx, "", func(ctx context.Context) error {
			time.Sleep(time.Second)
			if ctx.Value(key{}) != "value" || ctx.Err() != nil {
				t.Errorf("value %v, error %v", ctx.Value(key{}), ctx.Err())
			}
			return sleep(time.Hour)(ctx)
		})
		cancel()
		start := time.Now()
		if err := p.Drain(t.Context()); err != nil {
			t.Error(err)
		}
		if d := time.Since(start); d != time.Minute {
			t.Errorf("ran for %v", d)
		}
		expect(t, &r, ": context deadline exceeded")
	})
}

func TestGoIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r reports
		var running, most, done atomic.Int64
		p := background.New(background.Config{Workers: 2, Queue: 3, Report: r.add})
		for i := range 7 {
			p.Go(t.Context(), fmt.Sprint(i), func(context.Context) error {
				most.Store(max(most.Load(), running.Add(1)))
				time.Sleep(time.Second)
				running.Add(-1)
				done.Add(1)
				return nil
			})
			synctest.Wait()
		}
		expect(t, &r, "5: background: queue is full", "6: background: queue is full")
		if err := p.Drain(t.Context()); err != nil {
			t.Error(err)
		}
		if most.Load() != 2 || done.Load() != 5 {
			t.Errorf("%d at a time, %d done", most.Load(), done.Load())
		}
	})
}

func TestGoLeavesOutWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := background.New(background.Config{Workers: 1})
		for _, c := range []struct {
			key  string
			want bool
		}{{"a", true}, {"a", false}, {"b", true}, {"b", false}, {"", true}, {"", true}} {
			if got := p.Go(t.Context(), c.key, sleep(time.Second)); got != c.want {
				t.Errorf("key %q: %t", c.key, got)
			}
		}
		if err := p.Drain(t.Context()); err != nil {
			t.Error(err)
		}
		if !p.Go(t.Context(), "a", sleep(0)) {
			t.Error("a key stays taken")
		}
	})
}

func TestFailuresAreReported(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(context.Context) error
		want string
	}{
		{"error", func(context.Context) error { return errors.New("broken") }, "k: broken"},
		{"panic", func(context.Context) error { panic("ouch") }, "k: background: panic: ouch"},
		{"nil panic", func(context.Context) error { panic(nil) }, "k: background: panic: panic called with nil argument"},
		{"exit", func(context.Context) error { runtime.Goexit(); return nil }, "k: background: task called Goexit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var r reports
				p := background.New(background.Config{Workers: 1, Report: r.add})
				ran := false
				p.Go(t.Context(), "k", c.do)
				p.Go(t.Context(), "next", func(context.Context) error { ran = true; return nil })
				if err := p.Drain(t.Context()); err != nil {
					t.Error(err)
				}
				if !ran {
					t.Error("the worker is gone")
				}
				expect(t, &r, c.want)
			})
		})
	}
}

func TestPanicErrorUnwraps(t *testing.T) {
	cause := errors.New("cause")
	if !errors.Is(&background.PanicError{Value: cause}, cause) {
		t.Error("the panic's error is lost")
	}
}

func TestNoGoroutineWhileIdle(t *testing.T) {
	// A bubble that ends with goroutines left fails.
	synctest.Test(t, func(t *testing.T) {
		p := background.New(background.Config{})
		for range 10 {
			p.Go(t.Context(), "", sleep(time.Second))
		}
		if err := p.Drain(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestDrainFollowsItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := background.New(background.Config{})
		p.Go(t.Context(), "", sleep(time.Hour))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := p.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if !p.Go(t.Context(), "", sleep(0)) {
			t.Error("Drain closes")
		}
		if err := p.Drain(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r reports
		p := background.New(background.Config{Workers: 1, Report: r.add})
		p.Go(t.Context(), "a", sleep(time.Second))
		p.Go(t.Context(), "b", sleep(time.Second))
		if err := p.Close(t.Context()); err != nil {
			t.Error(err)
		}
		expect(t, &r)
		if p.Go(t.Context(), "c", sleep(0)) {
			t.Error("a closed pool takes tasks")
		}
		expect(t, &r, "c: background: closed")
	})
}

func TestCloseGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r reports
		p := background.New(background.Config{Workers: 1, Report: r.add})
		p.Go(t.Context(), "runs", sleep(time.Hour))
		synctest.Wait()
		p.Go(t.Context(), "waits", sleep(time.Hour))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if err := p.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if err := p.Drain(t.Context()); err != nil {
			t.Error(err)
		}
		if d := time.Since(start); d != time.Second {
			t.Errorf("took %v", d)
		}
		expect(t, &r, "runs: context canceled", "waits: background: closed")
	})
}
