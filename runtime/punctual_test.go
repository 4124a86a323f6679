package cache_test

import (
	"context"
	"errors"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
)

// punctual is a store whose Get returns when its context ends.
type punctual struct {
	*fakestore.Store
	get func(ctx context.Context, get func() (store.Item, error)) (store.Item, error)
}

func (p punctual) PunctualGet() {}

func (p punctual) Get(ctx context.Context, key string) (store.Item, error) {
	if !strings.HasPrefix(key, "e/") {
		return p.Store.Get(ctx, key)
	}
	return p.get(ctx, func() (store.Item, error) { return p.Store.Get(context.WithoutCancel(ctx), key) })
}

// TestPunctual has stores that promise to return in time. They are called in the caller's goroutine,
// and what they do to it is what any other store does: the call goes on.
func TestPunctual(t *testing.T) {
	for name, test := range map[string]struct {
		get  func(ctx context.Context, get func() (store.Item, error)) (store.Item, error)
		want cache.Outcome
		late time.Duration // how long the call may take longer than the function
	}{
		"answers": {func(_ context.Context, get func() (store.Item, error)) (store.Item, error) { return get() }, cache.Hit, 0},
		"fails": {func(context.Context, func() (store.Item, error)) (store.Item, error) {
			return store.Item{}, errors.New("away")
		}, cache.Miss, 0},
		"panics": {func(context.Context, func() (store.Item, error)) (store.Item, error) { panic("a bug") }, cache.Miss, 0},
		"hangs": {func(ctx context.Context, _ func() (store.Item, error)) (store.Item, error) {
			<-ctx.Done()
			return store.Item{}, ctx.Err()
		}, cache.Miss, time.Minute},
		"answers when nobody waits": {func(ctx context.Context, get func() (store.Item, error)) (store.Item, error) {
			<-ctx.Done()
			return get()
		}, cache.Hit, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var own atomic.Bool
				s := punctual{fakestore.New().Open(), func(ctx context.Context, get func() (store.Item, error)) (store.Item, error) {
					if strings.Contains(string(debug.Stack()), "cacheimpl.Do") {
						own.Store(true)
					}
					return test.get(ctx, get)
				}}
				ctx, c := over(t, s)
				f := wrapSpec(cacheimpl.Spec{Options: cacheimpl.Options{MemoryEntries: 1}}, slowly(new(counter).next))
				for n := range 2 {
					if err := f.cache.Put(ctx, number{n}, -n); err != nil {
						t.Fatal(err)
					}
				}
				flush(t, c)
				f.must(t, ctx, 100) // now it is known how long the function takes
				flush(t, c)
				own.Store(false)
				began := time.Now()
				var seen events
				f.must(t, cache.Observe(ctx, seen.add), 0)
				took := time.Since(began)
				if test.want == cache.Miss {
					took -= time.Minute
				}
				if e := seen.last(); e.Outcome != test.want || took > test.late || !own.Load() {
					t.Errorf("%v after %v, in the caller's goroutine: %v; want %v within %v", e.Outcome, took, own.Load(), test.want, test.late)
				}
			})
		})
	}
}
