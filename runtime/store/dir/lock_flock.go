//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package dir

import (
	"errors"
	"os"
	"syscall"
)

// nonblock keeps an open from waiting: of a pipe that somebody put in the folder.
const nonblock = syscall.O_NONBLOCK

// tryLock takes the exclusive lock of f, or reports that another open file has it. Closing f frees
// it, however its process ends.
func tryLock(f *os.File) (bool, error) {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		case !errors.Is(err, syscall.EINTR):
			return false, &os.PathError{Op: "flock", Path: f.Name(), Err: err}
		}
	}
}
