//go:build linux || darwin || freebsd || netbsd

package content

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestPipe digests a named pipe that nobody writes to: opening it would not return.
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Digest(path); err == nil {
		t.Errorf("a pipe has the digest %x", got)
	}
}

// keeps reports whether the digest of path is taken from memory: whether a false one that is
// put there comes back.
func (d *digests) keeps(path string) bool {
	k := d.known[path]
	truth := k.digest
	k.digest[0] ^= 1
	d.known[path] = k
	got, err := d.digest(path, later())
	k.digest = truth
	d.known[path] = k
	return err == nil && got != truth
}

func TestRemembered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "a")
	var d digests
	d.want(t, path, "a", later())
	if !d.keeps(path) {
		t.Error("a settled file is read again")
	}
}

// TestDisguised changes a file and puts its size and time of modification back.
func TestDisguised(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "a")
	var d digests
	d.want(t, path, "a", later())
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	was := d.known[path].state
	for {
		write(t, path, "b")
		if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if is, _ := stateOf(info); is != was {
			break
		}
		time.Sleep(time.Millisecond) // the clock of the file system has not moved on yet
	}
	d.want(t, path, "b", later())
}
