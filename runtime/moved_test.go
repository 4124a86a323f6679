package cache_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
)

// read are the arguments of a function that reads a file.
type read struct{ F cache.File }

func (a read) AppendCacheKey(b []byte) []byte { return cacheimpl.AppendFile(b, a.F) }

// TestFileEditedMeanwhile edits a file while a call reads it: the result is the caller's, and nobody else's.
func TestFileEditedMeanwhile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	write := func(content string) {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := cache.New(cache.Config{URL: "memory:"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := cache.WithCache(t.Context(), c)
	f := cacheimpl.NewEncodedFunction[read, string](cacheimpl.Spec{Name: fmt.Sprint("example.com/test.Read", names.Add(1))})
	edit := ""
	get := func() string {
		a := read{cache.File(name)}
		v, err := cacheimpl.DoEncoded(ctx, f.Core, a.AppendCacheKey([]byte{}), a, func(context.Context) (string, error) {
			if edit != "" {
				write(edit)
			}
			data, err := os.ReadFile(name)
			return string(data), err
		})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	write("first")
	edit = "second"
	if got := get(); got != "second" {
		t.Errorf("the call that read the edited file returned %q", got)
	}
	edit = ""
	write("first")
	if got := get(); got != "first" {
		t.Errorf("the first content's result is %q", got)
	}
	if got := get(); got != "first" {
		t.Errorf("the first content's kept result is %q", got)
	}
	if s := f.Stats(); s.Hits != 1 {
		t.Errorf("%d hits, want 1", s.Hits)
	}
}
