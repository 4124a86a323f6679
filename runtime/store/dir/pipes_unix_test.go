//go:build unix

package dir_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/dir"
)

// TestPipes puts what waits to be opened, or answers strangely, in the place of each file and folder of a store that is in use, and of one
// that is opened then. Every call ends. Where it is the store's own place, or the shard's, puts work again.
func TestPipes(t *testing.T) {
	things := map[string]func(name string) error{
		"pipe":   func(name string) error { return syscall.Mkfifo(name, 0o600) },
		"socket": makeSocket,
		"file":   func(name string) error { return os.WriteFile(name, []byte("file"), 0o600) },
		"link":   func(name string) error { return os.Symlink("nothing", name) },
	}
	if os.Getuid() == 0 {
		things["device"] = func(name string) error { return syscall.Mknod(name, syscall.S_IFCHR|0o600, 1<<8|5) } // zero
	}
	for what, create := range things {
		for place, heals := range map[string]bool{
			"": false, "items": false, "README": true, "changes": true, "targets": true, "targets/a": true, "targets/a/b.txt": true,
			"items/CACHEDIR.TAG": true, "items/~sweep": true,
			"items/SHARD": true, "items/SHARD/~state": true, "items/SHARD/~le+ns+00": true, "items/SHARD/e+ns+00": true,
		} {
			t.Run(what+" at "+place, func(t *testing.T) {
				folder := filepath.Join(t.TempDir(), "folder")
				s := open(t, folder, dir.Options{})
				put(t, s, "e/ns/00", "old", 1)
				shard := filepath.Base(filepath.Dir(fileOf(t, folder, "e/ns/00")))
				name := filepath.Join(folder, filepath.FromSlash(strings.ReplaceAll(place, "SHARD", shard)))
				if err := removeAll(name); err != nil {
					t.Fatal(err)
				}
				if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := create(name); err != nil {
					t.Skipf("can't be made here: %v", err)
				}
				ends(t, func() { useAll(t.Context(), s) })
				if heals {
					ends(t, func() { put(t, s, "e/ns/00", "new", 3); want(t, s, "e/ns/00", "new") })
				}
				ends(t, func() { s.Close() })
				ends(t, func() {
					if other, err := dir.New(folder, dir.Options{}); err == nil {
						useAll(t.Context(), other)
						other.Close()
					}
				})
			})
		}
	}
}

// useAll calls everything that a store can do.
func useAll(ctx context.Context, s *dir.Store) {
	_, _ = s.Get(ctx, "e/ns/00")
	_, _ = s.Put(ctx, "e/ns/00", store.Item{Value: []byte("value"), Stamp: 2})
	_, _ = s.Stamps(ctx, []string{"e/ns/00"})
	for range s.List(ctx, "") {
	}
	if l, err := s.Acquire(ctx, "e/ns/00", time.Minute); err == nil {
		_ = l.Extend(ctx, time.Minute)
		_ = l.Release(ctx)
	}
	_ = s.Await(ctx, "e/ns/00")
	_, _ = s.WriteBlob(ctx, "a/b.txt", []byte("value"), true)
	_, _ = s.ReadBlob(ctx, "a/b.txt")
	_ = s.DeleteBlob(ctx, "a/b.txt")
	watched, stop := context.WithTimeout(ctx, 10*time.Millisecond)
	defer stop()
	_ = s.Watch(watched, func(string) {})
	_ = s.Prune(ctx, 0, nil)
	_ = s.Delete(ctx, "e/ns/00")
}

// ends fails the test if f does not return.
func ends(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal("it does not end")
	}
}
