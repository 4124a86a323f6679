package blob_test

import (
	"testing"

	"github.com/cachegen/cachegen/runtime/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestS3(t *testing.T) {
	s := startS3(t)
	storetest.Run(t, func(t testing.TB) storetest.Harness {
		h, folder := s.harness(t)
		h.Damage = s.damage(folder)
		return h
	})
}

func TestGCS(t *testing.T) {
	s := startGCS(t)
	storetest.Run(t, func(t testing.TB) storetest.Harness {
		h, _ := s.harness(t)
		return h
	})
}

func TestAzure(t *testing.T) {
	s := startAzure(t)
	storetest.Run(t, func(t testing.TB) storetest.Harness {
		h, _ := s.harness(t)
		return h
	})
}
