package guard_test

import (
	"errors"
	"testing"

	"github.com/cachegen/cachegen/runtime/internal/guard"
)

func TestCall(t *testing.T) {
	failure := errors.New("failure")
	for want, f := range map[string]func() error{
		"":                                  func() error { return nil },
		"failure":                           func() error { return failure },
		"cache: the store panicked: driver": func() error { panic("driver") },
	} {
		got := ""
		if err := guard.Call("the store", f); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
