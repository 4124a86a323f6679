package cacheimpl

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

type client struct{ name string }

func TestPerReceiverGoesWithIt(t *testing.T) {
	p := NewPerReceiver[client, number, *[1 << 10]byte](Spec{Name: "example.com/test.Client.Big"})
	var gone atomic.Int32
	const all = 20
	for range all {
		c := &client{"gone"}
		v, err := Do(t.Context(), p.Of(c).Core, number{1}, func(context.Context) (*[1 << 10]byte, error) { return new([1 << 10]byte), nil })
		if err != nil {
			t.Fatal(err)
		}
		runtime.AddCleanup(v, func(int) { gone.Add(1) }, 0)
	}
	for range 1000 { // cleanups run in their own time
		runtime.GC()
		if gone.Load() == all && p.members.Len() == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d of %d results are gone, %d receivers are left", gone.Load(), all, p.members.Len())
}
