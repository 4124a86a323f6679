package dir

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

var (
	scaleItems  = flag.Int("items", 1000, "items in the folder of BenchmarkScale")
	scaleFolder = flag.String("folder", "", "folder of BenchmarkScale, filled if it is missing, and kept")
)

// BenchmarkScale measures a folder with many items of 1 KiB, in ten namespaces:
//
//	go test ./runtime/store/dir -run '^$' -bench Scale -items 1000000 -benchtime 1s -timeout 1h
//
// The figures in docs/reference/stores.md are from it. Filling the folder takes most of the time, and four gigabytes of disk.
func BenchmarkScale(b *testing.B) {
	n := *scaleItems
	folder := cmp.Or(*scaleFolder, filepath.Join(b.TempDir(), "scale"))
	_, missing := os.Stat(folder)
	s, err := New(folder, Options{MaxBytes: 1 << 50})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	s.sweeping.Store(true) // Only what is measured works.
	if missing != nil {
		fill(b, s, n)
	}

	for name, among := range map[string]int{"Hit/any": n, "Hit/of1000": min(n, 1000)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Get(b.Context(), scaleKey(rand.IntN(among))); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("Miss", func(b *testing.B) {
		for b.Loop() {
			_, _ = s.Get(b.Context(), scaleKey(n+rand.IntN(n)))
		}
	})
	b.Run("PutNew", func(b *testing.B) {
		item := store.Item{Value: make([]byte, 1<<10), Stamp: 1}
		for i := 0; b.Loop(); i++ {
			if _, err := s.Put(b.Context(), fmt.Sprintf("e/new-%x/%064x", rand.Uint32(), i), item); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("PutOver", func(b *testing.B) {
		item := store.Item{Value: make([]byte, 1<<10), Stamp: 1}
		for b.Loop() {
			if _, err := s.Put(b.Context(), scaleKey(rand.IntN(n)), item); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, prefix := range []string{"e/", "e/example.com_pkg.func3-"} {
		b.Run("List/"+prefix, func(b *testing.B) {
			for b.Loop() {
				listed := 0
				for _, err := range s.List(b.Context(), prefix) {
					if err != nil {
						b.Fatal(err)
					}
					listed++
				}
				b.ReportMetric(float64(listed), "items")
			}
		})
	}
	b.Run("Usage", func(b *testing.B) {
		for b.Loop() {
			b.ReportMetric(float64(s.usage(b.Context()).items), "items")
		}
	})
	b.Run("PruneOnePercent", func(b *testing.B) {
		bound := s.usage(b.Context()).bytes
		for b.Loop() {
			bound -= bound / 100
			if err := s.Prune(b.Context(), bound, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("SweepTenPercent", func(b *testing.B) {
		for b.Loop() {
			s.maxBytes = s.usage(b.Context()).bytes - 1
			if err := s.shrink(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func scaleKey(i int) string {
	return fmt.Sprintf("e/example.com_pkg.func%d-0badc0de/%016x%s", i%10, uint64(i)*0x9e3779b97f4a7c15, strings.Repeat("0", 48))
}

// fill writes the files of n items, without the locks and the log that as many puts would use, and counts them.
func fill(b *testing.B, s *Store, n int) {
	b.Helper()
	items := filepath.Join(s.home.path, "items")
	for shard := range shards {
		if err := os.MkdirAll(filepath.Join(items, shardName(shard)), 0o700); err != nil {
			b.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	const workers = 4
	for w := range workers {
		wg.Go(func() {
			value := make([]byte, 1<<10)
			for i := w; i < n; i += workers {
				key := scaleKey(i)
				content := append(appendHead(nil, key, store.Item{Value: value, Stamp: 1}), value...)
				if err := os.WriteFile(filepath.Join(items, shardName(shardOf(key)), nameOf(key)), content, 0o600); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if err := s.tidy(b.Context()); err != nil {
		b.Fatal(err)
	}
}
