package dir_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/dir"
)

// damage are ways to spoil an item's file.
func damage(folder string) map[string]func(t testing.TB, key string) {
	rewrite := func(change func([]byte) []byte) func(t testing.TB, key string) {
		return func(t testing.TB, key string) {
			name := fileOf(t, folder, key)
			b, err := os.ReadFile(name)
			if err == nil {
				err = os.WriteFile(name, change(b), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	replace := func(create func(name string) error) func(t testing.TB, key string) {
		return func(t testing.TB, key string) {
			name := fileOf(t, folder, key)
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
			if err := create(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	return map[string]func(t testing.TB, key string){
		"emptied":           rewrite(func([]byte) []byte { return nil }),
		"cut":               rewrite(func(b []byte) []byte { return b[:len(b)/2] }),
		"cut in the header": rewrite(func(b []byte) []byte { return b[:20] }),
		"zeros":             rewrite(func(b []byte) []byte { return make([]byte, len(b)) }),
		"longer":            rewrite(func(b []byte) []byte { return append(b, b...) }),
		"bit flipped":       rewrite(func(b []byte) []byte { b[len(b)-100] ^= 4; return b }),
		"garbage":           rewrite(func([]byte) []byte { return []byte(strings.Repeat("garbage", 999)) }),
		"sparse and huge":   replace(makeHuge),
		"a folder":          replace(func(name string) error { return os.MkdirAll(name+"/with/more", 0o700) }),
		"a link to nothing": replace(func(name string) error { return os.Symlink("nothing", name) }),
		"a link to itself":  replace(func(name string) error { return os.Symlink(filepath.Base(name), name) }),
		"a link out":        replace(func(name string) error { return os.Symlink("/etc/passwd", name) }),
		"a socket":          replace(makeSocket),
	}
}

// makeHuge makes a file that is larger than memory, and takes no room.
func makeHuge(name string) error {
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		return err
	}
	return os.Truncate(name, 1<<42)
}

// makeSocket leaves a socket's file at name, by way of a name that is short enough for one.
func makeSocket(name string) error {
	temp, err := os.MkdirTemp("", "s")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: temp + "/s", Net: "unix"})
	if err != nil {
		return err
	}
	l.SetUnlinkOnClose(false)
	defer l.Close()
	return os.Rename(temp+"/s", name)
}

// TestLinks puts symbolic links that lead out of the folder in every place, and asks for everything: nothing outside is read or
// changed.
func TestLinks(t *testing.T) {
	for _, place := range []string{
		"items", "items/[0-9a-f]?", "items/*/e+ns+00", "items/*/~state", "changes", "targets", "targets/a", "targets/a/b.txt",
	} {
		t.Run(place, func(t *testing.T) {
			temp := t.TempDir()
			folder, outside := filepath.Join(temp, "folder"), filepath.Join(temp, "outside")
			s := open(t, folder, dir.Options{})
			put(t, s, "e/ns/00", "mine", 1)
			if _, err := s.WriteBlob(t.Context(), "a/b.txt", []byte("mine"), true); err != nil {
				t.Fatal(err)
			}
			s.Close()

			found, _ := filepath.Glob(filepath.Join(folder, place))
			name := found[0]
			if err := os.Rename(name, outside); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(outside, name); err != nil {
				t.Fatal(err)
			}
			before := snapshot(t, outside)

			s, err := dir.New(folder, dir.Options{})
			if err != nil {
				return // Refused.
			}
			defer s.Close()
			ctx := t.Context()
			got := map[string]string{}
			if item, err := s.Get(ctx, "e/ns/00"); err == nil {
				got["e/ns/00"] = string(item.Value)
			}
			if b, err := s.ReadBlob(ctx, "a/b.txt"); err == nil {
				got["a/b.txt"] = string(b)
			}
			if strings.HasPrefix(place, "items") && place != "items/*/~state" && got["e/ns/00"] != "" {
				t.Errorf("an item read through the link: %q", got)
			}
			if strings.HasPrefix(place, "targets") && got["a/b.txt"] != "" {
				t.Errorf("a value read through the link: %q", got)
			}
			_, _ = s.Put(ctx, "e/ns/00", store.Item{Value: []byte("new"), Stamp: 2})
			_, _ = s.WriteBlob(ctx, "a/b.txt", []byte("new"), true)
			_, _ = s.WriteBlob(ctx, "a/c.txt", []byte("new"), true)
			_, _ = s.Acquire(ctx, "e/ns/00", 1e9)
			_ = s.DeleteBlob(ctx, "a/b.txt")
			_ = s.Delete(ctx, "e/ns/00")
			_ = s.Prune(ctx, 0, nil)
			if after := snapshot(t, outside); !slices.Equal(before, after) {
				t.Errorf("outside the folder was\n%q, is\n%q", before, after)
			}
		})
	}
}

// TestOwnFilesInTheWay puts what is no file, or leads to another, in the places of the store's own files.
func TestOwnFilesInTheWay(t *testing.T) {
	for what, create := range map[string]func(name string) error{
		"folder":    func(name string) error { return os.MkdirAll(name+"/with/more", 0o700) },
		"item link": func(name string) error { return os.Symlink("e+ns+00", name) },
		"dead link": func(name string) error { return os.Symlink("nothing", name) },
		"loop":      func(name string) error { return os.Symlink(filepath.Base(name), name) },
		"socket":    makeSocket,
	} {
		for _, place := range []string{"~state", "~le+ns+00", "../~sweep", "../../changes"} {
			t.Run(what+" at "+place, func(t *testing.T) {
				folder := t.TempDir()
				s := open(t, folder, dir.Options{})
				put(t, s, "e/ns/00", "old", 1)
				s.Close()
				name := filepath.Join(filepath.Dir(fileOf(t, folder, "e/ns/00")), place)
				if err := os.RemoveAll(name); err != nil {
					t.Fatal(err)
				}
				if err := create(name); err != nil {
					t.Fatal(err)
				}

				s = open(t, folder, dir.Options{})
				want(t, s, "e/ns/00", "old")
				put(t, s, "e/ns/00", "new", 2)
				want(t, s, "e/ns/00", "new")
				lease, err := s.Acquire(t.Context(), "e/ns/00", time.Minute)
				if err != nil {
					t.Fatalf("Acquire: %v", err)
				}
				if err := lease.Release(t.Context()); err != nil {
					t.Errorf("Release: %v", err)
				}
				if err := s.Await(t.Context(), "e/ns/00"); err != nil {
					t.Errorf("Await: %v", err)
				}
				if err := s.Prune(t.Context(), 0, nil); err != nil {
					t.Errorf("Prune: %v", err)
				}
				wantNone(t, s, "e/ns/00")
			})
		}
	}
}

// snapshot returns the names and contents below path.
func snapshot(t *testing.T, path string) (all []string) {
	t.Helper()
	err := filepath.Walk(path, func(p string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		all = append(all, p)
		if info.Mode().IsRegular() {
			b, err := os.ReadFile(p)
			all = append(all, string(b))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestGarbage puts files that are no items where items are: they are neither listed nor removed.
func TestGarbage(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, dir.Options{})
	put(t, s, "e/ns/00", "value", 1)
	shard := filepath.Dir(fileOf(t, folder, "e/ns/00"))
	var garbage []string
	for _, name := range []string{
		".DS_Store", "Thumbs.db", "a b", "UPPER", "é", "e+ns+00.bak~", "con", "x.", "#short", "a++b", "e+ns+wrong-shard",
		"../not-a-shard", "../zz/x", "../../stray",
	} {
		garbage = append(garbage, filepath.Join(shard, name))
	}
	garbage = append(garbage, filepath.Join(shard, "#"+strings.Repeat("0", 64)))
	for _, g := range garbage {
		if err := os.MkdirAll(filepath.Dir(g), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(g, []byte("garbage"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(shard, "e+ns+folder"), 0o700); err != nil {
		t.Fatal(err)
	}

	var keys []string
	for info, err := range s.List(t.Context(), "") {
		if err != nil {
			t.Fatalf("List: %v", err)
		}
		keys = append(keys, info.Key)
	}
	if want := []string{"e/ns/00"}; !slices.Equal(keys, want) {
		t.Errorf("List = %q, want %q", keys, want)
	}
	for _, g := range garbage {
		if _, err := os.Lstat(g); err != nil {
			t.Errorf("garbage is gone: %v", err)
		}
	}
}

// TestDamageIsTold reads damaged items: they are not found, and the error says why.
func TestDamageIsTold(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, dir.Options{})
	for name, damage := range damage(folder) {
		t.Run(name, func(t *testing.T) {
			put(t, s, "e/ns/00", strings.Repeat("value", 100), 1)
			damage(t, "e/ns/00")
			if _, err := s.Get(t.Context(), "e/ns/00"); !errors.Is(err, store.ErrCorrupt) && name != "a link to nothing" {
				t.Errorf("Get: %v, want ErrCorrupt", err)
			}
		})
	}
}
