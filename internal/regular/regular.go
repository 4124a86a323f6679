// Package regular reads files that somebody else may have replaced by something else: a named pipe
// would make a reader wait for ever, and a device may have no end.
package regular

import (
	"errors"
	"fmt"
	"os"
)

// ErrIrregular is the reason why a file is not read: it is a named pipe, a socket or a device.
var ErrIrregular = errors.New("not a regular file")

// Check returns an error with [ErrIrregular] if there is something at a path, or behind a symbolic
// link there, that is neither a regular file nor a directory. Whatever else keeps a file from being
// read, those who read it see.
func Check(name string) error {
	info, err := os.Stat(name)
	if err != nil || info.Mode().IsRegular() || info.IsDir() {
		return nil
	}
	return fmt.Errorf("%s: %w", name, ErrIrregular)
}

// ReadFile is [os.ReadFile] for regular files. It returns an error for anything else, and never
// waits.
func ReadFile(name string) ([]byte, error) {
	if err := Check(name); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}
