package dynamodb_test

import (
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/storetest"
)

func (s service) opener(options string) func(testing.TB) store.Store {
	return storetest.Opener(s.URL(s.Addr, prefix()) + options)
}

func TestKilledUnderLoad(t *testing.T) {
	s := start(t)
	s.KilledUnderLoad(t, s.opener(""), 8*time.Second) // The store's bound is 5 s, and the machine is busy.
}

func TestAbsentAtStart(t *testing.T) {
	s := start(t)
	s.AbsentAtStart(t, s.opener(""))
}

func TestHangs(t *testing.T) {
	s := start(t)
	s.Hangs(t, s.opener("&timeout=300ms"))
}
