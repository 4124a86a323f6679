package cache_test

import (
	"context"
	"math/rand/v2"
	goruntime "runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// TestRemovedStaysRemoved has goroutines call, remove and refresh at random. Results are numbered by when their executions began: who
// removed something must not get a result that began before, from wherever.
func TestRemovedStaysRemoved(t *testing.T) {
	for name, o := range map[string]cacheimpl.Options{
		"roomy":        {},
		"tight":        {MemoryEntries: 1},
		"coalesce=off": {NoJoin: true, MemoryEntries: 2},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProcess(t, fakestore.New())
			ctx := cache.WithCache(t.Context(), p.cache)
			p.store.Before(func(context.Context, string, string) error { pause(); return nil })
			var clock atomic.Int64
			s := wrapSpec(cacheimpl.Spec{Options: o, Tags: cacheimpl.Of(func(number) []string { return []string{"t"} })},
				func(context.Context, int) (int64, error) {
					began := clock.Add(1)
					pause()
					return began, nil
				})
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					for range 500 {
						time.Sleep(time.Microsecond) // by which clocks tell the order of what goroutines do without knowing of each other
						n, before := rand.IntN(3), int64(0)
						var err error
						op := rand.IntN(12)
						switch op {
						case 0:
							before = clock.Load()
							err = s.cache.Forget(ctx, number{n})
						case 1:
							before = clock.Load()
							err = s.cache.Clear(ctx)
						case 2:
							before = clock.Load()
							err = cache.ForgetTags(ctx, "t")
						case 3:
							before = clock.Load()
							_, err = s.call(cache.WithMode(ctx, cache.Refresh), n)
						}
						v, e := s.call(ctx, n)
						if err != nil || e != nil || v <= before {
							t.Errorf("op %d: %v, %v: got %d after %d", op, err, e, v, before)
							return
						}
					}
				})
			}
			all.Wait()
		})
	}
}

// TestOthersFollowUnderLoad has two processes call and remove at random, all at once. Whatever one of them removes last, the other one does
// not have a second later.
func TestOthersFollowUnderLoad(t *testing.T) {
	for name, join := range map[string]func(*testing.T, *fakestore.Medium) *process{"watched": newProcess, "polled": newPolling} {
		t.Run(name, func(t *testing.T) {
			for range 30 {
				synctest.Test(t, func(t *testing.T) { followUnderLoad(t, join) })
			}
		})
	}
}

func followUnderLoad(t *testing.T, join func(*testing.T, *fakestore.Medium) *process) {
	m := fakestore.New()
	processes := []*process{join(t, m), join(t, m)}
	for _, p := range processes {
		p.store.Before(func(context.Context, string, string) error { pause(); return nil })
	}
	var clock atomic.Int64
	s := wrapSpec(cacheimpl.Spec{Tags: cacheimpl.Of(func(number) []string { return []string{"t"} })}, func(context.Context, int) (int64, error) {
		began := clock.Add(1)
		pause()
		return began, nil
	})
	removals := []func(context.Context) error{
		func(ctx context.Context) error { return s.cache.Forget(ctx, number{1}) },
		func(ctx context.Context) error { return s.cache.Clear(ctx) },
		func(ctx context.Context) error { return cache.ForgetTags(ctx, "t") },
		func(ctx context.Context) error { _, err := s.call(cache.WithMode(ctx, cache.Refresh), 1); return err },
	}
	for range 10 {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for range 10 {
					time.Sleep(time.Microsecond) // by which clocks tell the order of what processes do without knowing of each other
					ctx := processes[rand.IntN(2)].ctx
					if rand.IntN(4) == 0 {
						if err := removals[rand.IntN(4)](ctx); err != nil {
							t.Error(err)
						}
					}
					s.must(t, ctx, 1)
				}
			})
		}
		all.Wait()
		time.Sleep(time.Millisecond)
		by := rand.IntN(2)
		before, removal := clock.Load(), rand.IntN(4)
		if err := removals[removal](processes[by].ctx); err != nil {
			t.Fatal(err)
		}
		flush(t, processes[by].cache)
		time.Sleep(time.Second)
		for i, p := range processes {
			flush(t, p.cache)
			if v := s.must(t, p.ctx, 1); v <= before {
				t.Errorf("process %d has %d after removal %d by %d at %d", i, v, removal, by, before)
			}
		}
	}
}

// pause lets others run, now and then.
func pause() {
	for range rand.IntN(3) {
		goruntime.Gosched()
	}
}
