package runtime

import (
	"context"
	"math/rand/v2"
	goruntime "runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// TestRemovedStaysRemoved has goroutines call, remove and refresh at random. Results are numbered by when their executions began: who
// removed something must not get a result that began before, from wherever.
func TestRemovedStaysRemoved(t *testing.T) {
	for name, o := range map[string]Options{
		"roomy":        {},
		"tight":        {MemoryEntries: 1},
		"coalesce=off": {NoJoin: true, MemoryEntries: 2},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProcess(t, fakestore.New())
			ctx := WithCache(t.Context(), p.cache)
			p.store.Before(func(context.Context, string, string) error { pause(); return nil })
			var clock atomic.Int64
			s := wrapSpec(Spec[number, int64]{Options: o, Tags: func(number) []string { return []string{"t"} }},
				func(context.Context, int) (int64, error) {
					began := clock.Add(1)
					pause()
					return began, nil
				})
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					for range 500 {
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
							err = ForgetTags(ctx, "t")
						case 3:
							before = clock.Load()
							_, err = s.call(WithMode(ctx, Refresh), n)
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

// pause lets others run, now and then.
func pause() {
	for range rand.IntN(3) {
		goruntime.Gosched()
	}
}
