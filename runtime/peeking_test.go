package cache_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
)

// peekable is a store that has at hand what peek says.
type peekable struct {
	*fakestore.Store
	peek func(get func() (store.Item, error)) (store.Item, bool)
}

func (p peekable) Peek(key string) (store.Item, bool) {
	return p.peek(func() (store.Item, error) { return p.Store.Get(context.Background(), key) })
}

// TestPeeks has stores with results at hand, or not. What is at hand needs no Get, and is told to observers as one read like any other. The
// store is not peeked at while its reads rest.
func TestPeeks(t *testing.T) {
	atHand := func(get func() (store.Item, error)) (store.Item, bool) { item, err := get(); return item, err == nil }
	for name, test := range map[string]struct {
		peek    func(get func() (store.Item, error)) (store.Item, bool)
		resting bool
		want    cache.Outcome
		reads   int64
	}{
		"at hand":          {atHand, false, cache.Hit, 1},
		"not at hand":      {func(func() (store.Item, error)) (store.Item, bool) { return store.Item{}, false }, false, cache.Hit, 1},
		"panic":            {func(func() (store.Item, error)) (store.Item, bool) { panic("peek") }, false, cache.Hit, 1},
		"while reads rest": {atHand, true, cache.Miss, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var reads atomic.Int64
				s := peekable{fakestore.New().Open(), test.peek}
				ctx, c := over(t, s)
				ctx = cache.WithObserver(ctx, cache.Observer{Begin: func(ctx context.Context, o cache.Operation) context.Context {
					if o.Kind == cache.Reading {
						reads.Add(1)
					}
					return ctx
				}})
				f := wrapSpec(cacheimpl.Spec{Options: cacheimpl.Options{MemoryEntries: 1}}, new(counter).next)
				for n := range 2 {
					f.must(t, ctx, n)
					flush(t, c)
				}
				if test.resting {
					s.Before(func(_ context.Context, op, _ string) error {
						if op == "Get" {
							return errors.New("away")
						}
						return nil
					})
					for n := range 5 {
						f.must(t, ctx, 100+n)
					}
					s.Before(nil)
				}
				reads.Store(0)
				var seen events
				f.must(t, cache.Observe(ctx, seen.add), 0)
				flush(t, c)
				wanted := slices.ContainsFunc(seen.all, func(e cache.Event) bool { return e.Outcome == test.want })
				if !wanted || reads.Load() != test.reads {
					t.Errorf("%+v with %d reads, want %v with %d", seen.all, reads.Load(), test.want, test.reads)
				}
			})
		})
	}
}
