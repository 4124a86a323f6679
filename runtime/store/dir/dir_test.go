package dir_test

import (
	"path/filepath"
	"testing"

	"github.com/cachegen/cachegen/runtime/store/dir"
	"github.com/cachegen/cachegen/runtime/store/storetest"
)

// parts are what processes do that tests start. Each does nothing unless it is this one's.
var parts = []func(){dir.Rampage}

func TestMain(m *testing.M) {
	for _, play := range parts {
		play()
	}
	storetest.Main(m)
}

func harness(t testing.TB) storetest.Harness {
	folder := filepath.Join(t.TempDir(), "cache")
	url := "dir://" + folder
	return storetest.Harness{Open: storetest.Opener(url), URL: url, Damage: damage(folder), Faults: faults(folder)}
}

func TestStore(t *testing.T)      { storetest.Run(t, harness) }
func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, harness) }
