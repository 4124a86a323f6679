//go:build amd64 || arm64

package dir

import (
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// cachedFiles reads files below a folder that the system has in its caches, and waits for no disk:
// openat2 resolves a path without asking the file system (RESOLVE_CACHED, Linux 5.12), and preadv2
// copies what is in the page cache (RWF_NOWAIT, Linux 4.14, not on every file system). So a read
// needs no goroutine that can be abandoned.
//
// Package syscall has neither of the calls, and golang.org/x/sys would be a module that every user
// gets: so the arguments are passed as unsafe pointers, as package syscall passes its own.
type cachedFiles struct {
	mu     sync.RWMutex // Held while folder is used, and by who closes it.
	folder *os.File     // nil when closed
	fd     uintptr      // of folder
	// useless is set when the system can't do it here.
	useless atomic.Bool
}

// newCachedFiles returns the files below a folder, nil if they can't be read so.
func newCachedFiles(root *os.Root) *cachedFiles {
	folder, err := root.Open(".")
	if err != nil {
		return nil
	}
	return &cachedFiles{folder: folder, fd: folder.Fd()}
}

func (c *cachedFiles) close() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.folder.Close()
	c.folder = nil
}

// can reports whether the system can do it here, as far as is known.
func (c *cachedFiles) can() bool { return c != nil && !c.useless.Load() }

// read returns a regular file of at most mostPeeked bytes, or false.
func (c *cachedFiles) read(path []byte) (f cachedFile, ok bool) {
	if !c.can() {
		return f, false
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.folder == nil {
		return f, false
	}
	return c.readAt(c.fd, path)
}

func (c *cachedFiles) readAt(folder uintptr, path []byte) (f cachedFile, ok bool) {
	fd, errno := openCached(folder, path)
	if errno != 0 {
		c.note(errno)
		return f, false
	}
	defer syscall.Close(fd)
	var st syscall.Stat_t
	if syscall.Fstat(fd, &st) != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG || st.Size == 0 || st.Size > mostPeeked {
		return f, false
	}
	f = cachedFile{make([]byte, st.Size), time.Unix(st.Mtim.Unix()), time.Unix(st.Atim.Unix())}
	n, errno := readCached(fd, f.content)
	c.note(errno)
	return f, errno == 0 && n == len(f.content)
}

// note takes note of an error that says that the system can't do it here, at whatever path.
func (c *cachedFiles) note(errno syscall.Errno) {
	switch errno {
	case syscall.ENOSYS, syscall.EINVAL, syscall.EOPNOTSUPP:
		c.useless.Store(true)
	}
}

const (
	openat2 = 437

	resolveNoSymlinks = 0x04
	resolveBeneath    = 0x08
	resolveCached     = 0x20

	nowait = 0x08
)

// openHow is struct open_how.
type openHow struct{ flags, mode, resolve uint64 }

// openCached opens a file for reading, if the system knows it without asking the file system. It
// leaves the time of the last read alone: setting it may take a write to the disk.
func openCached(folder uintptr, path []byte) (fd int, errno syscall.Errno) {
	path = append(path, 0)
	how := openHow{
		flags:   syscall.O_RDONLY | syscall.O_NONBLOCK | syscall.O_CLOEXEC | syscall.O_NOFOLLOW | syscall.O_NOATIME,
		resolve: resolveNoSymlinks | resolveBeneath | resolveCached,
	}
	r, _, errno := syscall.Syscall6(openat2, folder,
		uintptr(unsafe.Pointer(&path[0])), uintptr(unsafe.Pointer(&how)), unsafe.Sizeof(how), 0, 0)
	return int(r), errno
}

// readCached reads the beginning of a file, as far as the system has it in memory.
func readCached(fd int, b []byte) (n int, errno syscall.Errno) {
	into := syscall.Iovec{Base: &b[0]}
	into.SetLen(len(b))
	r, _, errno := syscall.Syscall6(preadv2, uintptr(fd), uintptr(unsafe.Pointer(&into)), 1, 0, 0, nowait)
	return int(r), errno
}
