package cache_test

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
)

// opener is what opens stores of the scheme test:.
var opener atomic.Pointer[func(context.Context) (store.Store, error)]

func init() {
	store.Register("test", func(ctx context.Context, _ *url.URL) (store.Store, error) { return (*opener.Load())(ctx) })
}

func TestStoreThatDoesNotOpenIsInNobodysWay(t *testing.T) {
	for name, open := range map[string]func(context.Context) (store.Store, error){
		"fails":  func(context.Context) (store.Store, error) { return nil, errors.New("broken") },
		"panics": func(context.Context) (store.Store, error) { panic("broken") },
		"hangs":  func(ctx context.Context) (store.Store, error) { <-ctx.Done(); return nil, ctx.Err() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				opener.Store(&open)
				ctx := cache.WithCache(t.Context(), openCache(t, cache.Config{URL: "test:"}))
				var c counter
				s := wrap(cacheimpl.Options{}, c.next)
				begin := time.Now()
				var all sync.WaitGroup
				for n := range 100 {
					all.Go(func() { s.must(t, ctx, n) })
				}
				all.Wait()
				if d := time.Since(begin); d > 20*time.Second {
					t.Errorf("took %v", d)
				}
				for n := range 100 {
					s.must(t, ctx, n)
				}
				if c.n != 100 {
					t.Errorf("%d executions", c.n)
				}
			})
		})
	}
}

// TestStoreThatOpensLater has a process start before its store. What it made until then nobody else can forget, so it is made anew.
func TestStoreThatOpensLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		var there atomic.Bool
		open := func(context.Context) (store.Store, error) {
			if !there.Load() {
				return nil, errors.New("not yet")
			}
			return m.Open(), nil
		}
		opener.Store(&open)
		c := openCache(t, cache.Config{URL: "test:"})
		ctx, other := cache.WithCache(t.Context(), c), newProcess(t, m)
		var n counter
		s := wrap(cacheimpl.Options{}, n.next)
		for range 5 {
			expectCall(t, s, ctx, 1, 1)
		}
		there.Store(true)
		time.Sleep(time.Minute)
		s.must(t, ctx, 2) // finds the store
		v := s.must(t, ctx, 1)
		flush(t, c)
		expectCall(t, s, other.ctx, 1, v)
		if err := s.cache.Forget(other.ctx, number{1}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		if w := s.must(t, ctx, 1); w == v || w == 1 {
			t.Errorf("%d came back", w)
		}
	})
}
