package dir_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/dir"
)

func open(t testing.TB, folder string, o dir.Options) *dir.Store {
	t.Helper()
	s, err := dir.New(folder, o)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func put(t testing.TB, s store.Store, key, value string, stamp int64) {
	t.Helper()
	if ok, err := s.Put(t.Context(), key, store.Item{Value: []byte(value), Stamp: stamp}); !ok || err != nil {
		t.Fatalf("Put(%q) = %v, %v", key, ok, err)
	}
}

func want(t testing.TB, s store.Store, key, value string) {
	t.Helper()
	if item, err := s.Get(t.Context(), key); err != nil || string(item.Value) != value {
		t.Fatalf("Get(%q) = %q, %v, want %q", key, item.Value, err, value)
	}
}

func wantNone(t testing.TB, s store.Store, key string) {
	t.Helper()
	if item, err := s.Get(t.Context(), key); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("Get(%q) = %q, %v, want ErrNotFound", key, item.Value, err)
	}
}

// fileOf returns the path of the file of a short key.
func fileOf(t testing.TB, folder, key string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "items", "*", strings.ReplaceAll(key, "/", "+")))
	if err != nil || len(found) != 1 {
		t.Fatalf("files of %q: %q, %v, want one", key, found, err)
	}
	return found[0]
}

func TestLayout(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "made", "by the store")
	s := open(t, folder, dir.Options{})
	put(t, s, "e/ns/00", "value", 1)
	if _, err := s.WriteBlob(t.Context(), "reports/berlin.txt", []byte("bare"), true); err != nil {
		t.Fatal(err)
	}
	lease, err := s.Acquire(t.Context(), "e/ns/00", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer lease.Release(t.Context())

	for name, content := range map[string]string{
		"README":                     "results that programs computed",
		"items/CACHEDIR.TAG":         "Signature: 8a477f597d28d172789f06886806bc55\n",
		"targets/reports/berlin.txt": "bare",
		"changes":                    "e/ns/00\n",
		"items/*/e+ns+00":            "value",
		"items/*/~state":             "",
		"items/*/~le+ns+00":          "",
	} {
		found, _ := filepath.Glob(filepath.Join(folder, name))
		if len(found) != 1 {
			t.Errorf("%s: %q, want one file", name, found)
			continue
		}
		if b, err := os.ReadFile(found[0]); err != nil || !strings.Contains(string(b), content) {
			t.Errorf("%s has %q, %v, want %q in it", name, b, err, content)
		}
	}
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v: others than its owner have rights", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestURLs(t *testing.T) {
	temp := t.TempDir()
	t.Chdir(temp)
	t.Setenv("CACHEGEN_DIR", filepath.Join(temp, "from environment"))
	for url, folder := range map[string]string{
		"dir:":                              "from environment",
		"dir://" + temp + "/abs":            "abs",
		"dir://localhost" + temp + "/local": "local",
		"dir:rel":                           "rel",
		"dir:./dot/x":                       "dot/x",
		"dir:with%20space":                  "with space",
		"dir://" + temp + "/bound?max-bytes=1GiB": "bound",
	} {
		s, err := store.Open(t.Context(), url)
		if err != nil {
			t.Errorf("Open(%q): %v", url, err)
			continue
		}
		defer s.Close()
		if got := s.(*dir.Store).Folder(); got != filepath.Join(temp, folder) {
			t.Errorf("Open(%q) is in %s, want %s", url, got, filepath.Join(temp, folder))
		}
	}
	file := filepath.Join(temp, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for url, says := range map[string]string{
		"dir://cache":                "names a host",
		"dir:x?max-bytes=0":          "no size",
		"dir:x?max-bytes=-5":         "no size",
		"dir:x?max-bytes=1XB":        "no size",
		"dir:x?max-bytes=9999999TiB": "no size",
		"dir:x?maxbytes=5":           "unknown option",
		"dir://" + file:              "file",
		"dir://" + file + "/below":   "file",
	} {
		s, err := store.Open(t.Context(), url)
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("Open(%q): %v, want an error that says %q", url, err, says)
		}
	}
}

// removeAll removes a folder in which a sweep may be at work, which makes it fail now and then.
func removeAll(folder string) (err error) {
	for range 100 {
		if err = os.RemoveAll(folder); err == nil {
			break
		}
	}
	return err
}

// TestVanishingFolder takes the folder, or a part of it, away from under an open store: what was there is not found, what is put after
// is there, also for a store that is opened then.
func TestVanishingFolder(t *testing.T) {
	for name, vanish := range map[string]func(t *testing.T, folder string) error{
		"removed":       func(_ *testing.T, folder string) error { return removeAll(folder) },
		"items removed": func(_ *testing.T, folder string) error { return removeAll(folder + "/items") },
		"shard removed": func(t *testing.T, folder string) error {
			return removeAll(filepath.Dir(fileOf(t, folder, "e/ns/00")))
		},
		"renamed": func(_ *testing.T, folder string) error { return os.Rename(folder, folder+".old") },
		"made anew": func(t *testing.T, folder string) error {
			if err := removeAll(folder); err != nil {
				return err
			}
			put(t, open(t, folder, dir.Options{}), "e/ns/other", "other", 1)
			return nil
		},
		"parent removed": func(_ *testing.T, folder string) error { return removeAll(filepath.Dir(folder)) },
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "parent", "folder")
			s := open(t, folder, dir.Options{})
			put(t, s, "e/ns/00", "before", 5)
			if _, err := s.WriteBlob(t.Context(), "a/b.txt", []byte("before"), true); err != nil {
				t.Fatal(err)
			}
			lease, err := s.Acquire(t.Context(), "e/ns/00", time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			if err := vanish(t, folder); err != nil {
				t.Fatal(err)
			}

			if err := s.Delete(t.Context(), "e/ns/00"); err != nil {
				t.Errorf("Delete: %v", err)
			}
			wantNone(t, s, "e/ns/00")
			if err := lease.Release(t.Context()); err != nil {
				t.Errorf("Release: %v", err)
			}
			put(t, s, "e/ns/00", "after", 3)
			want(t, s, "e/ns/00", "after")
			if _, err := s.WriteBlob(t.Context(), "a/c.txt", []byte("after"), true); err != nil {
				t.Errorf("WriteBlob: %v", err)
			}
			again, err := s.Acquire(t.Context(), "e/ns/00", time.Minute)
			if err != nil {
				t.Fatalf("Acquire: %v", err)
			}
			other := open(t, folder, dir.Options{})
			want(t, other, "e/ns/00", "after")
			if _, err := other.Acquire(t.Context(), "e/ns/00", time.Minute); !errors.Is(err, store.ErrHeld) {
				t.Errorf("Acquire by another: %v, want ErrHeld", err)
			}
			if err := again.Release(t.Context()); err != nil {
				t.Errorf("Release: %v", err)
			}
		})
	}
	t.Run("made anew, and only read", func(t *testing.T) {
		folder := filepath.Join(t.TempDir(), "folder")
		s := open(t, folder, dir.Options{})
		put(t, s, "e/ns/00", "before", 1)
		if err := removeAll(folder); err != nil {
			t.Fatal(err)
		}
		put(t, open(t, folder, dir.Options{}), "e/ns/01", "other", 1)
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			if _, err := s.Get(t.Context(), "e/ns/01"); err == nil {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("a store that only reads does not notice that its folder was made anew")
			}
		}
	})
}
