//go:build unix

package filecache

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestPipesAreMisses has named pipes in the place of an entry and of the marker. Without a check,
// both would be waited for.
func TestPipesAreMisses(t *testing.T) {
	dir := t.TempDir()
	key := Key{9}
	c := Open(dir)
	c.Put(key, []byte("something"))
	old := time.Now().Add(-2 * trimEvery)
	for _, name := range []string{c.path(key), filepath.Join(dir, "trimmed")} {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(name, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, old, old); err != nil {
			t.Fatal(err)
		}
	}
	c = Open(dir)
	if _, ok := c.Get(key); ok {
		t.Error("hit on a pipe")
	}
	c.Put(key, []byte("something"))
	if got, ok := c.Get(key); !ok || string(got) != "something" {
		t.Errorf("after Put: %q, %t", got, ok)
	}
}
