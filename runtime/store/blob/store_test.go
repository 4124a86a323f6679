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

func BenchmarkStore(b *testing.B) {
	for name, start := range map[string]func(testing.TB) service{"s3": startS3, "gs": startGCS, "azblob": startAzure} {
		b.Run(name, func(b *testing.B) {
			s := start(b)
			storetest.Benchmark(b, func(testing.TB) storetest.Harness {
				url := s.URL(s.Addr, folder())
				return storetest.Harness{Open: storetest.Opener(url), URL: url}
			})
		})
	}
}
