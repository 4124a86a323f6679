package inspect_test

import (
	"context"
	"encoding/hex"
	"strings"
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/inspect"
)

// TestOpen looks into an encrypted folder with the key, without it, and with another one.
func TestOpen(t *testing.T) {
	t.Setenv("FIRST", hex.EncodeToString([]byte(strings.Repeat("1", 32))))
	t.Setenv("OTHER", hex.EncodeToString([]byte(strings.Repeat("2", 32))))
	folder := t.TempDir()
	t.Setenv("CACHEGEN_STORE", "dir://"+folder+"?encrypt=env:FIRST")
	c, err := cache.New(cache.Config{})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t}
	f := w.function("Forecast", "v1:1", cacheimpl.Options{})
	if err := f.Put(cache.WithCache(t.Context(), c), city{"Berlin", 3}, []string{"sun"}); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		url   string
		state inspect.State
	}{
		{"", inspect.Result},
		{"dir://" + folder + "?encrypt=env:FIRST", inspect.Result},
		{"dir://" + folder, inspect.Damaged},
		{"dir://" + folder + "?encrypt=env:OTHER", inspect.Damaged},
	} {
		in, err := inspect.Open(t.Context(), test.url)
		if err != nil {
			t.Fatal(err)
		}
		entries := 0
		for e, err := range in.Entries(t.Context(), inspect.Filter{}) {
			if entries++; err != nil || e.State != test.state || e.Size < 100 {
				t.Errorf("%q: %+v, %v", test.url, e, err)
			}
		}
		if entries != 1 {
			t.Errorf("%q: %d entries", test.url, entries)
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Setenv("CACHEGEN_STORE", "none")
	for _, url := range []string{"", "none", "nosuch:", "dir:///x?nosuch=1"} {
		if in, err := inspect.Open(t.Context(), url); err == nil {
			t.Errorf("%q is a store", url)
			in.Close()
		}
	}
}
