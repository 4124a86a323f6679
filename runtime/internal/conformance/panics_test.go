package conformance

import (
	"context"
	"errors"
	"strings"
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
)

// spoilt is a context that panics where somebody asks for the flow's parameters.
type spoilt struct{ context.Context }

func (c spoilt) Value(key any) any {
	if _, asks := key.(parametersKey); asks {
		panic("spoilt")
	}
	return c.Context.Value(key)
}

// A panic in a vary function fails no call: there is no key, so the function is called each time,
// and the event says why.
func TestVaryPanics(t *testing.T) {
	p := memory(t)
	for want := range 2 {
		n, err := cachedPartialParameters(spoilt{p.ctx}, 1, 2)
		if n != want+1 || err != nil {
			t.Errorf("%d, %v, want execution %d", n, err, want+1)
		}
	}
	if e := p.events.last(); e.Outcome != cache.Bypassed || e.Reason != cache.Unkeyed || !strings.Contains(e.Err.Error(), "spoilt") {
		t.Errorf("%+v", e)
	}
	if err := partialParametersCache.Forget(spoilt{p.ctx}, partialParametersArgs{}); !errors.Is(err, cache.ErrUnkeyed) {
		t.Errorf("Forget: %v, want ErrUnkeyed", err)
	}
}
