//go:build unix

package regular_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/cachegen/cachegen/internal/regular"
)

// TestReadFile reads what may be in the place of a file. Without the check it would not come back.
func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.WriteFile(in("file"), []byte("content"), 0o600))
	must(os.Symlink("file", in("link")))
	must(os.Symlink("nowhere", in("dangling")))
	must(os.Mkdir(in("directory"), 0o700))
	must(syscall.Mkfifo(in("pipe"), 0o600))
	must(os.Symlink("pipe", in("link to pipe")))
	must(os.Symlink("/dev/zero", in("link to device")))
	socket, err := net.Listen("unix", in("socket"))
	must(err)
	defer socket.Close()

	for name, want := range map[string]error{
		"file": nil, "link": nil, "dangling": os.ErrNotExist, "missing": os.ErrNotExist, "directory": syscall.EISDIR,
		"pipe": regular.ErrIrregular, "link to pipe": regular.ErrIrregular,
		"link to device": regular.ErrIrregular, "socket": regular.ErrIrregular,
	} {
		data, err := regular.ReadFile(in(name))
		if !errors.Is(err, want) || (err == nil) != (string(data) == "content") {
			t.Errorf("%s: read %q with the error %v, want %v", name, data, err, want)
		}
	}
}
