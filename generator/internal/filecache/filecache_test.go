package filecache

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestRoundTrip(t *testing.T) {
	c := Open(t.TempDir())
	key := Key{1, 2, 3}
	if _, ok := c.Get(key); ok {
		t.Error("hit in an empty cache")
	}
	for _, data := range [][]byte{{}, []byte("x"), bytes.Repeat([]byte("long"), 1<<16)} {
		c.Put(key, data)
		if got, ok := c.Get(key); !ok || !bytes.Equal(got, data) {
			t.Errorf("got %d bytes, %t; want %d", len(got), ok, len(data))
		}
	}
	if _, ok := c.Get(Key{1, 2, 4}); ok {
		t.Error("hit under another key")
	}
}

func TestDamageIsAMiss(t *testing.T) {
	c := Open(t.TempDir())
	key := Key{9}
	c.Put(key, []byte("something"))
	whole, err := os.ReadFile(c.path(key))
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if err := os.WriteFile(c.path(key), whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := c.Get(key); ok {
			t.Errorf("hit with %d of %d bytes", n, len(whole))
		}
		flipped := bytes.Clone(whole)
		flipped[n] ^= 1
		if err := os.WriteFile(c.path(key), flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := c.Get(key); ok {
			t.Errorf("hit with a flipped bit in byte %d", n)
		}
	}
}

func TestUnusedEntriesGo(t *testing.T) {
	dir := t.TempDir()
	c := Open(dir)
	used, unused := Key{1}, Key{2}
	c.Put(used, []byte("used"))
	c.Put(unused, []byte("unused"))
	old := time.Now().Add(-6 * 24 * time.Hour)
	for _, name := range []string{c.path(used), c.path(unused), filepath.Join(dir, "trimmed")} {
		if err := os.Chtimes(name, old, old); err != nil {
			t.Fatal(err)
		}
	}
	c.Get(used)
	c = Open(dir)
	if _, ok := c.Get(used); !ok {
		t.Error("an entry that was used is gone")
	}
	if _, ok := c.Get(unused); ok {
		t.Error("an entry that was not used is still there")
	}
}

func TestNoCacheHasNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := Open(filepath.Join(file, "below"))
	c.Put(Key{}, []byte("x"))
	if _, ok := c.Get(Key{}); ok {
		t.Error("hit")
	}
}
