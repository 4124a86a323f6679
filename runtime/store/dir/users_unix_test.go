//go:build unix

package dir_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/dir"
)

func init() { parts = append(parts, fillDisk) }

// fullDiskIn is the variable that makes a test process the child of TestFullDisk, in that folder.
const fullDiskIn = "CACHEGEN_DIR_TEST_FULL_DISK"

// TestFullDisk has a process whose files can't grow beyond 4 KiB: writing fails in the middle. What is there stays, nothing half is
// left, and what is small enough can be put.
func TestFullDisk(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, dir.Options{})
	put(t, s, "e/ns/00", "before", 1)

	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(exe)
	child.Env = append(os.Environ(), fullDiskIn+"="+folder)
	if out, err := child.Output(); err != nil || len(out) > 0 {
		t.Errorf("with a full disk: %v\n%s", err, out)
	}

	want(t, s, "e/ns/00", "before")
	want(t, s, "e/ns/01", "small")
	if _, err := s.ReadBlob(t.Context(), "a.bin"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("ReadBlob: %v, want ErrNotFound", err)
	}
	for _, pattern := range []string{"~t*", "items/*/~t*"} {
		if left, _ := filepath.Glob(filepath.Join(folder, pattern)); len(left) > 0 {
			t.Errorf("left behind: %q", left)
		}
	}
	put(t, s, "e/ns/00", "after", 3)
	want(t, s, "e/ns/00", "after")
}

// fillDisk is the child of TestFullDisk, if this process is. It prints what is wrong.
func fillDisk() {
	folder := os.Getenv(fullDiskIn)
	if folder == "" {
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4 << 10, Max: 4 << 10}); err != nil {
		fmt.Println(err)
	}
	s, err := dir.New(folder, dir.Options{})
	if err != nil {
		fmt.Println("New:", err)
		os.Exit(1)
	}
	ctx := context.Background()
	big := store.Item{Value: make([]byte, 100_000), Stamp: 2}
	if ok, err := s.Put(ctx, "e/ns/00", big); ok || err == nil || errors.Is(err, store.ErrNotFound) {
		fmt.Printf("Put = %v, %v, want the disk's error\n", ok, err)
	}
	if ok, err := s.WriteBlob(ctx, "a.bin", make([]byte, 100_000), true); ok || err == nil {
		fmt.Printf("WriteBlob = %v, %v, want the disk's error\n", ok, err)
	}
	if ok, err := s.Put(ctx, "e/ns/01", store.Item{Value: []byte("small"), Stamp: 1}); !ok || err != nil {
		fmt.Printf("Put of what fits = %v, %v, want true\n", ok, err)
	}
	if item, err := s.Get(ctx, "e/ns/00"); err != nil || string(item.Value) != "before" {
		fmt.Printf("Get = %q, %v, want what was there before\n", item.Value, err)
	}
	s.Close()
	os.Exit(0)
}

// TestReadOnly opens a folder whose owner may only read it: items are found, writing fails.
func TestReadOnly(t *testing.T) {
	folder := filepath.Join(reachable(t), "cache")
	writer := open(t, folder, dir.Options{})
	put(t, writer, "e/ns/00", "value", 1)
	if _, err := writer.WriteBlob(t.Context(), "a.txt", []byte("blob"), true); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	chmod(t, folder, 0o555, 0o444)
	t.Cleanup(func() { chmod(t, folder, 0o755, 0o644) })

	asNobody(t, func() {
		s, err := dir.New(folder, dir.Options{})
		if err != nil {
			t.Errorf("New: %v", err)
			return
		}
		defer s.Close()
		ctx := t.Context()
		if item, err := s.Get(ctx, "e/ns/00"); err != nil || string(item.Value) != "value" {
			t.Errorf("Get = %q, %v, want the item", item.Value, err)
		}
		if b, err := s.ReadBlob(ctx, "a.txt"); err != nil || string(b) != "blob" {
			t.Errorf("ReadBlob = %q, %v, want the value", b, err)
		}
		n := 0
		for _, err := range s.List(ctx, "") {
			if err != nil {
				t.Errorf("List: %v", err)
			}
			n++
		}
		if n != 1 {
			t.Errorf("List yields %d items, want 1", n)
		}
		_, putErr := s.Put(ctx, "e/ns/00", store.Item{Value: []byte("new"), Stamp: 2})
		_, otherErr := s.Put(ctx, "e/ns/0001", store.Item{Value: []byte("new"), Stamp: 2})
		_, blobErr := s.WriteBlob(ctx, "b.txt", nil, true)
		_, leaseErr := s.Acquire(ctx, "e/ns/00", time.Minute)
		for call, err := range map[string]error{
			"Put": putErr, "Put elsewhere": otherErr, "WriteBlob": blobErr, "Acquire": leaseErr,
			"Delete": s.Delete(ctx, "e/ns/00"), "DeleteBlob": s.DeleteBlob(ctx, "a.txt"), "Prune": s.Prune(ctx, 0, nil),
		} {
			if err == nil {
				t.Errorf("%s on a read-only disk succeeds", call)
			}
		}
		if item, err := s.Get(ctx, "e/ns/00"); err != nil || string(item.Value) != "value" {
			t.Errorf("Get after writes failed = %q, %v, want the item", item.Value, err)
		}
	})
}

// TestListGoesOn lists a folder with a shard that can't be read: the others are listed, and the error comes last.
func TestListGoesOn(t *testing.T) {
	folder := filepath.Join(reachable(t), "cache")
	writer := open(t, folder, dir.Options{})
	for i := range 20 {
		put(t, writer, fmt.Sprintf("e/ns/%02d", i), "value", 1)
	}
	writer.Close()
	chmod(t, folder, 0o755, 0o644)
	bad := filepath.Dir(fileOf(t, folder, "e/ns/00"))
	hidden, err := os.ReadDir(bad)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(bad, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(bad, 0o755) })

	asNobody(t, func() {
		s, err := dir.New(folder, dir.Options{})
		if err != nil {
			t.Errorf("New: %v", err)
			return
		}
		defer s.Close()
		n, faults := 0, 0
		for _, err := range s.List(t.Context(), "") {
			if err != nil {
				faults++
			} else {
				n++
			}
		}
		if want := 20 - (len(hidden) - 1); n != want || faults != 1 {
			t.Errorf("List yields %d items and %d errors, want %d and one", n, faults, want)
		}
	})
}

// TestOtherUsersFolder asks for a folder that is another user's: nothing is found, nothing is written, nothing hangs.
func TestOtherUsersFolder(t *testing.T) {
	folder := filepath.Join(reachable(t), "cache")
	owner := open(t, folder, dir.Options{})
	put(t, owner, "e/ns/00", "secret", 1)
	if os.Getuid() != 0 { // This user plays the other one by giving up its rights.
		chmod(t, folder, 0, 0)
		t.Cleanup(func() { chmod(t, folder, 0o700, 0o600) })
	}
	asNobody(t, func() {
		if s, err := dir.New(folder, dir.Options{}); err == nil {
			s.Close()
			t.Error("New in another user's folder succeeds, want an error")
		}
	})
	if os.Getuid() == 0 { // The folder is open to all, its items are their owner's.
		if err := os.Chmod(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		asNobody(t, func() {
			s, err := dir.New(folder, dir.Options{})
			if err != nil {
				return
			}
			defer s.Close()
			if item, err := s.Get(t.Context(), "e/ns/00"); err == nil {
				t.Errorf("Get of another user's item = %q", item.Value)
			}
			if ok, err := s.Put(t.Context(), "e/ns/00", store.Item{Value: []byte("forged"), Stamp: 2}); ok || err == nil {
				t.Errorf("Put over another user's item = %v, %v, want an error", ok, err)
			}
		})
		want(t, owner, "e/ns/00", "secret")
	}
}

// reachable returns a new folder that all users can reach.
func reachable(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, f := range []string{folder, filepath.Dir(folder)} {
		if err := os.Chmod(f, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// chmod gives all folders and files below folder these modes.
func chmod(t *testing.T, folder string, folders, files fs.FileMode) {
	t.Helper()
	var all []string
	_ = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		mode := files
		if err == nil && d.IsDir() {
			mode = folders
			if folders&0o700 == 0o700 {
				_ = os.Chmod(path, mode)
			}
		}
		all = append(all, path)
		if err == nil && !d.IsDir() {
			return os.Chmod(path, mode)
		}
		return nil
	})
	for i := len(all) - 1; i >= 0; i-- {
		if info, err := os.Lstat(all[i]); err == nil && info.IsDir() {
			if err := os.Chmod(all[i], folders); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestKilledHolderLeavesNoLease has a lease's file left behind, as a killed process does: it is free at once, whatever it says about
// its time.
func TestKilledHolderLeavesNoLease(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, dir.Options{})
	lease, err := s.Acquire(t.Context(), "e/ns/00", 1000*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	other := open(t, folder, dir.Options{})
	if _, err := other.Acquire(t.Context(), "e/ns/00", time.Hour); !errors.Is(err, store.ErrHeld) {
		t.Fatalf("Acquire: %v, want ErrHeld", err)
	}
	s.Close() // Closes the file without removing it.
	again, err := other.Acquire(t.Context(), "e/ns/00", time.Hour)
	if err != nil {
		t.Fatalf("Acquire of a lease whose holder is gone: %v", err)
	}
	if err := lease.Extend(t.Context(), time.Hour); err == nil {
		t.Error("Extend of a lease whose holder is gone succeeds")
	}
	if err := again.Release(t.Context()); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "items/*/~l*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}
