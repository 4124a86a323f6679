//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd || windows)

package dir

import (
	"errors"
	"os"
)

const nonblock = 0

// tryLock fails. Without locks between processes a folder can't keep the promises of [store.Store].
func tryLock(f *os.File) (bool, error) {
	return false, &os.PathError{Op: "lock", Path: f.Name(), Err: errors.ErrUnsupported}
}
