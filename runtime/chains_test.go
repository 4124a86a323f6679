package cache_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/dir"
	"github.com/cachegen/cachegen/runtime/store/layer"
	"github.com/cachegen/cachegen/runtime/store/memory"
)

// kept is for how long keeping keeps results, and keptMark for how long marks.
const kept, keptMark = 24 * time.Hour, 49 * time.Hour

// keeping is a store on a server with keep=: results are not found after a while, and marks go a day and an hour later.
type keeping struct{ *fakestore.Store }

// over reports whether the server has removed the item under key by now.
func (keeping) over(key string, stamp int64) bool {
	age := time.Since(time.Unix(0, stamp))
	if strings.HasPrefix(key, store.MarkPrefix) {
		return age > keptMark
	}
	return age > kept
}

func (k keeping) Get(ctx context.Context, key string) (store.Item, error) {
	item, err := k.Store.Get(ctx, key)
	if err == nil && k.over(key, item.Stamp) {
		return store.Item{}, store.ErrNotFound
	}
	return item, err
}

func (k keeping) GetMany(ctx context.Context, keys []string) (map[string]store.Item, error) {
	items, err := k.Store.GetMany(ctx, keys)
	maps.DeleteFunc(items, func(key string, item store.Item) bool { return k.over(key, item.Stamp) })
	return items, err
}

func (k keeping) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	if there, err := k.Store.Get(ctx, key); err == nil && k.over(key, there.Stamp) {
		if err := k.Delete(ctx, key); err != nil {
			return false, err
		}
	}
	return k.Store.Put(ctx, key, item)
}

func (k keeping) Stamps(ctx context.Context, keys []string) (map[string]int64, error) {
	stamps, err := k.Store.Stamps(ctx, keys)
	maps.DeleteFunc(stamps, k.over)
	return stamps, err
}

// TestChainsForget has processes with near stores before a server that keeps results for a day. What one of them makes unusable no other uses, nor
// one that starts later with what the near stores still have; and nothing comes back when the server has removed the marks.
func TestChainsForget(t *testing.T) {
	for name, remove := range map[string]func(ctx context.Context, s *subject[int]) error{
		"Forget":     func(ctx context.Context, s *subject[int]) error { return s.cache.Forget(ctx, number{1}) },
		"Clear":      func(ctx context.Context, s *subject[int]) error { return s.cache.Clear(ctx) },
		"ForgetTags": func(ctx context.Context, _ *subject[int]) error { return cache.ForgetTags(ctx, "tag") },
		"ForgetRun":  func(ctx context.Context, _ *subject[int]) error { return cache.ForgetRun(ctx, "run") },
		"Put":        func(ctx context.Context, s *subject[int]) error { return s.cache.Put(ctx, number{1}, -1) },
		"Refresh": func(ctx context.Context, s *subject[int]) error {
			_, err := s.call(cache.WithMode(ctx, cache.Refresh), 1)
			return err
		},
		"nothing but time": nil,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				far, folder := fakestore.New(), t.TempDir()
				own := map[string]*memory.Store{} // of each machine: it outlasts its processes
				start := func(machine string) (context.Context, *cache.Cache) {
					if own[machine] == nil {
						own[machine] = memory.New(memory.Options{})
						t.Cleanup(func() { own[machine].Close() })
					}
					shared, err := dir.New(folder, dir.Options{})
					if err != nil {
						t.Fatal(err)
					}
					chain, err := layer.Chain(keeping{far.Open()}, nil, own[machine].Join(), shared)
					if err != nil {
						t.Fatal(err)
					}
					ctx, c := over(t, chain)
					return cache.WithRun(ctx, "run"), c
				}
				var c counter
				s := wrapSpec(cacheimpl.Spec{
					Options: cacheimpl.Options{PerRun: name == "ForgetRun"}, Tags: cacheimpl.Of(func(number) []string { return []string{"tag"} }),
				}, c.next)
				a, cacheOfA := start("a")
				first := s.must(t, a, 1)
				flush(t, cacheOfA)
				b, cacheOfB := start("b")
				late, _ := start("late") // reads nothing before it is too late
				if got := s.must(t, b, 1); got != first {
					t.Fatalf("b got %d, and a made %d", got, first)
				}
				flush(t, cacheOfB)
				if remove != nil {
					if err := remove(b, s); err != nil {
						t.Fatal(err)
					}
					flush(t, cacheOfB)
					time.Sleep(time.Second)
					now := s.must(t, a, 1)
					flush(t, cacheOfA)
					if now == first {
						t.Error("a uses what b made unusable")
					}
					again, _ := start("a")
					for who, ctx := range map[string]context.Context{"b": b, "late": late, "a, started again": again} {
						if got := s.must(t, ctx, 1); got != now {
							t.Errorf("%s got %d, and a %d", who, got, now)
						}
					}
				}
				for _, wait := range []time.Duration{kept + time.Minute, keptMark} { // results are over, then marks too
					time.Sleep(wait)
					made := c.n + 1
					for _, machine := range []string{"a", "b", "late", "new"} {
						ctx, cc := start(machine)
						if got := s.must(t, ctx, 1); got != made {
							t.Errorf("after %v, %s got %d, want what is made now, %d", wait, machine, got, made)
						}
						flush(t, cc)
					}
				}
			})
		})
	}
}
