package runtime

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
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
