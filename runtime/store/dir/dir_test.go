package dir_test

import (
	"testing"

	_ "github.com/cachegen/cachegen/runtime/store/dir"
	"github.com/cachegen/cachegen/runtime/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func harness(t testing.TB) storetest.Harness {
	url := "dir://" + t.TempDir()
	return storetest.Harness{Open: storetest.Opener(url), URL: url}
}

func TestStore(t *testing.T)      { storetest.Run(t, harness) }
func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, harness) }
