package dir_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/dir"
)

// TestPeek peeks at items, and at what is in the way of items. Where the system can't tell whether
// it would wait for the disk, nothing is at hand. The suite peeks too, in all of its topics.
func TestPeek(t *testing.T) {
	const key = "e/ns/00"
	value := strings.Repeat("value", 200)
	for name, test := range map[string]struct {
		change func(t *testing.T, s *dir.Store, file string)
		want   bool
	}{
		"an item":          {func(*testing.T, *dir.Store, string) {}, true},
		"a replaced item":  {func(t *testing.T, s *dir.Store, _ string) { put(t, s, key, "other", 1); put(t, s, key, value, 2) }, true},
		"a deleted item":   {func(t *testing.T, s *dir.Store, _ string) { check(t, s.Delete(t.Context(), key)) }, false},
		"a removed file":   {func(t *testing.T, _ *dir.Store, file string) { check(t, os.Remove(file)) }, false},
		"an empty file":    {func(t *testing.T, _ *dir.Store, file string) { check(t, os.Truncate(file, 0)) }, false},
		"a cut file":       {func(t *testing.T, _ *dir.Store, file string) { check(t, os.Truncate(file, 100)) }, false},
		"a spoiled file":   {func(t *testing.T, _ *dir.Store, file string) { spoil(t, file) }, false},
		"another's item":   {func(t *testing.T, s *dir.Store, file string) { exchange(t, s, file, "e/ns/01") }, false},
		"a link to a file": {func(t *testing.T, _ *dir.Store, file string) { link(t, file) }, false},
		"a folder": {func(t *testing.T, _ *dir.Store, file string) {
			check(t, os.Remove(file))
			check(t, os.Mkdir(file, 0o700))
		}, false},
		"a linked shard": {func(t *testing.T, _ *dir.Store, file string) { link(t, filepath.Dir(file)) }, false},
		"an expired item": {func(t *testing.T, s *dir.Store, _ string) {
			_, err := s.Put(t.Context(), key, store.Item{Value: []byte(value), Stamp: 2, Expires: time.Now().Add(-time.Hour)})
			check(t, err)
		}, false},
		"an item not read for long": {func(t *testing.T, _ *dir.Store, file string) {
			past := time.Now().Add(-24 * time.Hour)
			check(t, os.Chtimes(file, past, past))
		}, false},
		"a large item":   {func(t *testing.T, s *dir.Store, _ string) { put(t, s, key, strings.Repeat("x", 1<<20), 2) }, false},
		"a closed store": {func(t *testing.T, s *dir.Store, _ string) { check(t, s.Close()) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			s := open(t, folder, dir.Options{})
			put(t, s, key, value, 1)
			s.Peek(key) // Now the store knows whether it can.
			can := dir.CanPeek(s)
			test.change(t, s, fileOf(t, folder, key))
			item, ok := s.Peek(key)
			for until := time.Now().Add(20 * time.Second); !ok && test.want && can && time.Now().Before(until); item, ok = s.Peek(key) {
				want(t, s, key, value) // A busy machine may have put the file out of its memory.
			}
			if ok != (test.want && can) || ok && string(item.Value) != value {
				t.Errorf("Peek = %d bytes, %v, want %v where the system can do it: %v", len(item.Value), ok, test.want, can)
			}
		})
	}
}

// TestPeekWhileClosing closes stores while others peek at them.
func TestPeekWhileClosing(t *testing.T) {
	for range 20 {
		s := open(t, t.TempDir(), dir.Options{})
		put(t, s, "e/ns/00", "value", 1)
		done := make(chan bool)
		go func() {
			defer close(done)
			for range 1000 {
				if item, ok := s.Peek("e/ns/00"); ok && string(item.Value) != "value" {
					t.Errorf("Peek = %q", item.Value)
				}
			}
		}()
		check(t, s.Close())
		<-done
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// spoil changes the last byte of a file.
func spoil(t *testing.T, file string) {
	b, err := os.ReadFile(file)
	check(t, err)
	b[len(b)-1]++
	check(t, os.WriteFile(file, b, 0o600))
}

// exchange puts the file of another item, which it makes, in the place of a file.
func exchange(t *testing.T, s *dir.Store, file, key string) {
	put(t, s, key, "other", 1)
	check(t, os.Rename(fileOf(t, s.Folder(), key), file))
}

// link moves a file or folder away, and makes a link to it.
func link(t *testing.T, file string) {
	away := filepath.Join(t.TempDir(), "away")
	check(t, os.Rename(file, away))
	check(t, os.Symlink(away, file))
}
