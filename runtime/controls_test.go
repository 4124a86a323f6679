package cache_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

func TestLookup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProcess(t, fakestore.New())
		s := wrapSpec(cacheimpl.Spec{Options: cacheimpl.Options{MaxAge: time.Hour}, Clone: cacheimpl.InPlace(slices.Clone[[]int])}, func(context.Context, int) ([]int, error) {
			time.Sleep(time.Second)
			return []int{1}, nil
		})
		if _, _, ok := s.cache.Lookup(p.ctx, number{1}); ok {
			t.Error("found something")
		}
		s.must(t, p.ctx, 1)
		key, err := s.cache.Key(p.ctx, number{1})
		if err != nil {
			t.Fatal(err)
		}
		v, e, ok := s.cache.Lookup(p.ctx, number{1})
		if !ok || !slices.Equal(v, []int{1}) {
			t.Fatalf("%v, %t", v, ok)
		}
		v[0] = 7
		if e.Namespace != s.spec.Name || e.Version != "v1:0" || e.Key != key || e.Cost != time.Second || e.Tier != cache.Memory ||
			!e.Completed.Equal(time.Now()) || e.Completed.Sub(e.Began).Round(time.Millisecond) != time.Second {
			t.Errorf("%+v", e)
		}
		if v := s.must(t, p.ctx, 1); v[0] != 1 {
			t.Error("Lookup hands out the cached value itself")
		}
		time.Sleep(time.Hour + 1)
		if _, _, ok := s.cache.Lookup(p.ctx, number{1}); ok {
			t.Error("found what is too old")
		}
		if _, _, ok := s.cache.Lookup(cache.WithMode(p.ctx, cache.Bypass), number{1}); ok {
			t.Error("found what is too old")
		}
	})
}

func TestPutForgetClear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		p, other := newProcess(t, m), newProcess(t, m)
		var c counter
		s := wrap(cacheimpl.Options{}, c.next)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(s.cache.Put(p.ctx, number{1}, 10))
		must(s.cache.Put(p.ctx, number{2}, 20))
		expectCall(t, s, p.ctx, 1, 10)
		expectCall(t, s, other.ctx, 2, 20)
		must(s.cache.Put(p.ctx, number{1}, 11))
		expectCall(t, s, p.ctx, 1, 11)
		must(s.cache.Forget(p.ctx, number{1}))
		expectCall(t, s, p.ctx, 2, 20)
		expectCall(t, s, p.ctx, 1, 1)
		if e := p.events.last(); e.Reason != cache.Forgotten {
			t.Errorf("%+v", e)
		}
		must(s.cache.Clear(p.ctx))
		expectCall(t, s, p.ctx, 1, 2)
		expectCall(t, s, p.ctx, 2, 3)
		if e := p.events.last(); e.Reason != cache.Forgotten {
			t.Errorf("%+v", e)
		}
		must(s.cache.Forget(p.ctx, number{99}))
	})
}

func TestPutWhereNothingIsWritten(t *testing.T) {
	t.Setenv("CACHEGEN_MODE", "readonly")
	c := openCache(t, cache.Config{Store: fakestore.New().Open()})
	var n counter
	s := wrap(cacheimpl.Options{}, n.next)
	if err := s.cache.Put(cache.WithMode(cache.WithCache(t.Context(), c), cache.Use), number{1}, 1); !errors.Is(err, cache.ErrReadOnly) {
		t.Error(err)
	}
}

func TestControlsTellOfStoreFaults(t *testing.T) {
	p := newProcess(t, fakestore.New())
	broken := errors.New("broken")
	p.store.Before(func(_ context.Context, op, _ string) error {
		if op == "Close" || op == "Watch" || op == "Watching" {
			return nil
		}
		return broken
	})
	var n counter
	s := wrap(cacheimpl.Options{}, n.next)
	for name, err := range map[string]error{
		"Put":    s.cache.Put(p.ctx, number{1}, 1),
		"Forget": s.cache.Forget(p.ctx, number{1}),
	} {
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"Clear":      s.cache.Clear(p.ctx),
		"ForgetTags": cache.ForgetTags(p.ctx, "t"),
		"ForgetRun":  cache.ForgetRun(p.ctx, "r"),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestFunctionsListsWhatThisProcessHas(t *testing.T) {
	namespace := fmt.Sprint("listed", names.Add(1))
	s := wrap(cacheimpl.Options{Namespace: namespace}, new(counter).next)
	s.must(t, t.Context(), 1)
	all := cache.Functions()
	i := slices.IndexFunc(all, func(f cache.FunctionInfo) bool { return f.Namespace == namespace })
	if i < 0 {
		t.Fatal("not listed")
	}
	if f := all[i]; f.Name != s.spec.Name || f.Version != "v1:0" || f.Stats.Misses != 1 || f.Stats.Entries != 1 || f.Stats.Bytes == 0 {
		t.Errorf("%+v", f)
	}
}
