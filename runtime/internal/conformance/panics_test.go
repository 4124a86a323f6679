package conformance

import (
	"context"
	"testing"
)

// spoilt is a context that panics where somebody looks into it.
type spoilt struct{ context.Context }

func (spoilt) Value(any) any { panic("spoilt") }

// A panic in a vary function is the caller's, as one in the function is.
func TestVaryPanics(t *testing.T) {
	defer func() {
		if p := recover(); p != "spoilt" {
			t.Errorf("panic %v, want that of the vary function", p)
		}
	}()
	n, err := cachedPartialParameters(spoilt{t.Context()}, 1, 2)
	t.Errorf("%d, %v, want a panic", n, err)
}
