package blob_test

import (
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/storetest"
)

// faulty calls test with each server that can be killed.
func faulty(t *testing.T, test func(*testing.T, service)) {
	for name, start := range map[string]func(testing.TB) service{"s3": startS3, "gs": startGCS} {
		t.Run(name, func(t *testing.T) { test(t, start(t)) })
	}
}

func (s service) opener(options string) func(testing.TB) store.Store {
	return storetest.Opener(s.URL(s.Addr, folder()) + options)
}

func TestKilledUnderLoad(t *testing.T) {
	faulty(t, func(t *testing.T, s service) { s.KilledUnderLoad(t, s.opener("&timeout=5s"), 8*time.Second) }) // The machine is busy.
}

func TestAbsentAtStart(t *testing.T) {
	faulty(t, func(t *testing.T, s service) { s.AbsentAtStart(t, s.opener("&timeout=5s")) })
}

func TestHangs(t *testing.T) {
	faulty(t, func(t *testing.T, s service) { s.Hangs(t, s.opener("&timeout=300ms")) })
}
