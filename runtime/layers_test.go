package cache_test

import (
	"context"
	"strings"
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/store"
)

// TestLayersOfURL stores a long result by a URL with layers, and looks at what is behind them.
func TestLayersOfURL(t *testing.T) {
	for name, urls := range map[string]struct{ url, behind string }{
		"compress": {"memory:layers1?compress", "memory:layers1"},
		"chain":    {"memory:layers2 memory:layers3?compress", "memory:layers3"},
	} {
		t.Run(name, func(t *testing.T) {
			behind, err := store.Open(t.Context(), urls.behind)
			if err != nil {
				t.Fatal(err)
			}
			defer behind.Close()
			s := wrap(cacheimpl.Options{}, func(context.Context, int) (string, error) { return strings.Repeat("sun ", 10_000), nil })
			first, err := cache.New(cache.Config{URL: urls.url})
			if err != nil {
				t.Fatal(err)
			}
			s.must(t, patiently(cache.WithCache(t.Context(), first)), 1)
			if err := first.Close(context.Background()); err != nil {
				t.Fatal(err)
			}
			lister, _ := store.As[store.Lister](behind)
			entries := 0
			for info, err := range lister.List(t.Context(), "e/") {
				if entries++; err != nil || info.Size > 5_000 {
					t.Error(info, err)
				}
			}
			if entries != 1 {
				t.Errorf("%d entries", entries)
			}
			second := openCache(t, cache.Config{URL: urls.url})
			s.fn = func(context.Context, int) (string, error) { return "executed", nil }
			if got := s.must(t, patiently(cache.WithCache(t.Context(), second)), 1); len(got) != 40_000 {
				t.Error("it is not found: ", got)
			}
		})
	}
}
