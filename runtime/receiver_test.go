package cache_test

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
)

type client struct{ name string }

func TestPerReceiver(t *testing.T) {
	p := cacheimpl.NewPerReceiver[client, number, string](cacheimpl.Spec{Name: "example.com/test.Client.Get"})
	get := func(c *client, n int) string {
		a := number{n}
		if r := cacheimpl.Hit(t.Context(), p.Of(c).Core, a); r != nil {
			return *r
		}
		v, _ := cacheimpl.Do(t.Context(), p.Of(c).Core, a, func(context.Context) (string, error) {
			if c == nil {
				return "nil", nil
			}
			return c.name, nil
		})
		return v
	}
	a, b := &client{"a"}, &client{"b"}
	if get(a, 1) != "a" || get(b, 1) != "b" || get(nil, 1) != "nil" {
		t.Error("receivers share results")
	}
	a.name = "changed"
	if get(a, 1) != "a" {
		t.Error("executed again")
	}
	if err := p.Of(a).Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if get(a, 1) != "changed" || get(b, 1) != "b" {
		t.Error("Clear concerns another receiver, or none")
	}
	runtime.KeepAlive(b)
}

// TestPerReceiverForgetsTags has a tag forgotten while a method runs: who calls afterwards doesn't wait for what that comes to.
func TestPerReceiverForgetsTags(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := cache.WithCache(t.Context(), openCache(t, cache.Config{URL: "none"}))
		p := cacheimpl.NewPerReceiver[client, number, int](cacheimpl.Spec{
			Name: "example.com/test.Client.Count", Tags: cacheimpl.Of(func(number) []string { return []string{"t"} }),
		})
		var n counter
		c := &client{}
		s := &subject[int]{cache: p.Of(c), fn: func(ctx context.Context, i int) (int, error) {
			v, err := n.next(ctx, i)
			time.Sleep(time.Minute)
			return v, err
		}}
		slow, same := start(ctx, s, 1), start(ctx, s, 1)
		time.Sleep(time.Second)
		if err := cache.ForgetTags(ctx, "t"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		later := start(ctx, s, 1)
		if a, b, c := <-slow, <-same, <-later; a.v != 1 || b.v != 1 || c.v != 2 {
			t.Errorf("%d, %d and %d after the tag was forgotten", a.v, b.v, c.v)
		}
		runtime.KeepAlive(c)
	})
}
