package benchmarks

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
)

// BenchmarkHitInFolder reads results of 1 KiB from a folder, as a program does that has just started, against reading files of that size.
// Memory has room for one result, and two are asked for in turn.
func BenchmarkHitInFolder(b *testing.B) {
	dir := b.TempDir()
	b.Run("by=ReadFile", func(b *testing.B) {
		var names [2]string
		for n := range names {
			names[n] = filepath.Join(dir, "page"+string(rune('a'+n)))
			page, _ := Page(b.Context(), n)
			if err := os.WriteFile(names[n], []byte(page), 0o644); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportAllocs()
		i := 0
		defer processor(b)()
		for b.Loop() {
			p, err := os.ReadFile(names[i%2])
			if err != nil || len(p) != 1<<10 {
				b.Fatal(err)
			}
			i++
		}
	})
	b.Run("by=cachegen", func(b *testing.B) {
		c, err := cache.New(cache.Config{URL: "dir://" + filepath.ToSlash(dir) + "/cache", MemoryEntries: 1})
		if err != nil {
			b.Fatal(err)
		}
		ctx := cache.WithCache(context.Background(), c)
		defer c.Close(ctx)
		for n := range 2 {
			page, _ := Page(ctx, n)
			if err := PageCache.Put(ctx, PageArgs{n}, page); err != nil {
				b.Fatal(err)
			}
		}
		before := PageCache.Stats().Misses
		b.ReportAllocs()
		i := 0
		defer processor(b)()
		for b.Loop() {
			p, err := CachedPage(ctx, i%2)
			if err != nil || len(p) != 1<<10 {
				b.Fatal(err)
			}
			i++
		}
		b.ReportMetric(float64(PageCache.Stats().Misses-before)/float64(b.N), "misses/op") // a folder that takes 5 ms counts as hanging
	})
}
