package runtime

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

type client struct{ name string }

func TestPerReceiver(t *testing.T) {
	p := NewPerReceiver[client](Spec[number, string]{Name: "example.com/test.Client.Get"})
	get := func(c *client, n int) string {
		a := number{n}
		if r := p.Of(c).Hit(t.Context(), a); r != nil {
			return *r
		}
		v, _ := p.Of(c).Do(t.Context(), a, func(context.Context) (string, error) {
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
		ctx := WithCache(t.Context(), openCache(t, Config{URL: "none"}))
		p := NewPerReceiver[client](Spec[number, int]{
			Name: "example.com/test.Client.Count", Tags: func(number) []string { return []string{"t"} },
		})
		var n counter
		c := &client{}
		s := &subject[int]{p.Of(c), func(ctx context.Context, i int) (int, error) {
			v, err := n.next(ctx, i)
			time.Sleep(time.Minute)
			return v, err
		}}
		slow, same := start(ctx, s, 1), start(ctx, s, 1)
		time.Sleep(time.Second)
		if err := ForgetTags(ctx, "t"); err != nil {
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

func TestPerReceiverGoesWithIt(t *testing.T) {
	p := NewPerReceiver[client](Spec[number, *[1 << 10]byte]{Name: "example.com/test.Client.Big"})
	var gone atomic.Int32
	const all = 20
	for range all {
		c := &client{"gone"}
		v, err := p.Of(c).Do(t.Context(), number{1}, func(context.Context) (*[1 << 10]byte, error) { return new([1 << 10]byte), nil })
		if err != nil {
			t.Fatal(err)
		}
		runtime.AddCleanup(v, func(int) { gone.Add(1) }, 0)
	}
	for range 1000 { // cleanups run in their own time
		runtime.GC()
		if gone.Load() == all && p.m.Size() == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d of %d results are gone, %d receivers are left", gone.Load(), all, p.m.Size())
}
