//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd || windows)

package dir

import (
	"errors"
	"os"
)

const nonblock = 0

// tryLock fails: without locks between processes a folder can't keep what [store.Store] promises.
func tryLock(f *os.File) (bool, error) {
	return false, &os.PathError{Op: "lock", Path: f.Name(), Err: errors.ErrUnsupported}
}
