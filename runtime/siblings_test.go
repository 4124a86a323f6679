package cache_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// renamed is a number by another name, as another function has it.
type renamed struct{ Count int }

func (a renamed) AppendCacheKey(b []byte) []byte { return cacheimpl.AppendInt(b, int64(a.Count)) }

// TestFunctionsThatShareANamespace has two functions with one namespace, one of them with encoded keys: what one makes, replaces or
// removes is so for the other, with a store and without.
func TestFunctionsThatShareANamespace(t *testing.T) {
	for name, config := range map[string]func() cache.Config{
		"memory": func() cache.Config { return cache.Config{URL: "none"} },
		"store":  func() cache.Config { return cache.Config{Store: fakestore.New().Open()} },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := cache.WithCache(t.Context(), openCache(t, config()))
				namespace := "example.com/shared-in-" + name
				var c counter
				one := wrap(cacheimpl.Options{Namespace: namespace}, c.next)
				other := cacheimpl.NewEncodedFunction[renamed, int](cacheimpl.Spec{Name: "x", Version: "v1:0", Options: cacheimpl.Options{Namespace: namespace}})
				call := func(ctx context.Context, n int) int {
					a := renamed{n}
					v, err := cacheimpl.DoEncoded(ctx, other.Core, a.AppendCacheKey([]byte{}), a, func(ctx context.Context) (int, error) { return c.next(ctx, n) })
					if err != nil {
						t.Fatal(err)
					}
					return v
				}
				expect := func(what string, want int) {
					t.Helper()
					time.Sleep(10 * time.Millisecond)
					if v, w := one.must(t, ctx, 1), call(ctx, 1); v != want || w != want {
						t.Errorf("%s: %d and %d, want %d", what, v, w, want)
					}
				}
				expect("made by one", 1)
				expect("in memory", 1)
				if v := call(cache.WithMode(ctx, cache.Refresh), 1); v != 2 {
					t.Errorf("%d", v)
				}
				expect("refreshed by the other", 2)
				if err := one.cache.Forget(ctx, number{1}); err != nil {
					t.Fatal(err)
				}
				expect("forgotten by one", 3)
				if err := other.Put(ctx, renamed{1}, 7); err != nil {
					t.Fatal(err)
				}
				expect("put by the other", 7)
				if err := one.cache.Clear(ctx); err != nil {
					t.Fatal(err)
				}
				expect("cleared by one", 4)
			})
		})
	}
}

// TestSiblingOfAnOutdatedResult has one of two functions with one namespace take what the other one made, before that learns that the store
// has something newer.
func TestSiblingOfAnOutdatedResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		here, elsewhere := newPolling(t, m), newPolling(t, m) // which don't tell each other of what was missing
		o := cacheimpl.Options{Namespace: "example.com/outdated"}
		one := wrap(o, func(context.Context, int) (string, error) { time.Sleep(10 * time.Second); return "old", nil })
		other := wrap(o, func(context.Context, int) (string, error) { return "executed", nil })
		if err := one.cache.Put(elsewhere.ctx, number{2}, "found"); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the first time has the store followed, the second time finds out what the namespace's mark is
			one.must(t, here.ctx, 2)
			time.Sleep(time.Second)
		}
		slow := start(here.ctx, one, 1)
		time.Sleep(time.Second)
		third := wrap(o, func(context.Context, int) (string, error) { return "new", nil })
		third.must(t, elsewhere.ctx, 1)
		flush(t, elsewhere.cache)
		here.store.Before(func(_ context.Context, op, key string) error {
			if op == "Put" && strings.HasPrefix(key, "e/") {
				time.Sleep(time.Second)
			}
			return nil
		})
		<-slow
		if v := other.must(t, here.ctx, 1); v != "old" {
			t.Fatalf("%s", v)
		}
		flush(t, here.cache)
		for _, s := range []*subject[string]{one, other} {
			if v := s.must(t, here.ctx, 1); v != "new" {
				t.Errorf("%s", v)
			}
		}
	})
}

func TestFunctionsOfOtherVersionsOrShapesAreApart(t *testing.T) {
	var c counter
	o := cacheimpl.Options{Namespace: "example.com/apart"}
	salted := o
	salted.Salt = "s"
	for i, spec := range []cacheimpl.Spec{
		{Options: o}, {Options: o, Version: "v1:1"}, {Options: o, Shape: "x"}, {Options: salted}, {Options: o, Modules: []string{"example.com/none"}},
	} {
		s := wrapSpec(spec, c.next)
		if v := s.must(t, t.Context(), 1); v != i+1 {
			t.Errorf("%+v got the result of another one", spec)
		}
	}
}
