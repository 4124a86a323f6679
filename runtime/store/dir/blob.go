package dir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"github.com/cachegen/cachegen/runtime/store"
)

// targets is the folder of values at paths.
const targets = "targets"

// ReadBlob implements [store.Blobber].
func (s *Store) ReadBlob(ctx context.Context, p string) ([]byte, error) {
	if err := s.enterPath(ctx, p); err != nil {
		return nil, err
	}
	return apart(ctx, s, func() ([]byte, error) { return s.readBlob(p) })
}

func (s *Store) readBlob(p string) ([]byte, error) {
	base, err := s.home.base(false)
	if err != nil {
		return nil, absent(err)
	}
	f, info, err := openFile(base, targets+"/"+p, largest)
	if errors.Is(err, store.ErrCorrupt) {
		return nil, fmt.Errorf("store: dir: what is at %q is no file, or larger than 1 GiB", p)
	}
	if err != nil {
		return nil, absent(err)
	}
	defer f.Close()
	value := make([]byte, info.Size())
	return value, readFull(f, value)
}

// WriteBlob implements [store.Blobber].
func (s *Store) WriteBlob(ctx context.Context, p string, value []byte, replace bool) (bool, error) {
	if err := s.enterPath(ctx, p); err != nil {
		return false, err
	}
	if len(value) > largest {
		return false, fmt.Errorf("store: dir: %d bytes, at most %d: %w", len(value), largest, store.ErrTooLarge)
	}
	return apart(ctx, s, func() (bool, error) { return s.writeBlob(p, value, replace) })
}

func (s *Store) writeBlob(p string, value []byte, replace bool) (bool, error) {
	for try := 0; ; try++ {
		ok, err := s.tryWriteBlob(targets+"/"+p, value, replace)
		if !errors.Is(err, fs.ErrNotExist) || try == 3 {
			return ok, err // Otherwise the folder vanished meanwhile.
		}
	}
}

func (s *Store) tryWriteBlob(name string, value []byte, replace bool) (bool, error) {
	base, err := s.home.base(true)
	if err != nil {
		return false, err
	}
	if !replace {
		if _, err := base.Lstat(name); err == nil {
			return false, nil
		}
	}
	if err := base.MkdirAll(path.Dir(name), 0o700); err != nil {
		return false, err
	}
	temp, err := writeTemp(base, false, value)
	if err != nil {
		return false, err
	}
	if replace {
		err = base.Rename(temp, name)
		if err != nil {
			_ = base.Remove(temp)
		}
		return err == nil, err
	}
	defer base.Remove(temp)
	return linkBlob(base, temp, name)
}

// linkBlob gives the file temp the name too, unless there is a file of that name. Where the file
// system has no links, two writers at the same moment may both win.
func linkBlob(base *os.Root, temp, name string) (bool, error) {
	err := base.Link(temp, name)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrExist):
		return false, nil
	case errors.Is(err, fs.ErrNotExist):
		return false, err
	}
	if _, statErr := base.Lstat(name); statErr == nil {
		return false, nil
	}
	err = base.Rename(temp, name)
	return err == nil, err
}

// DeleteBlob implements [store.Blobber].
func (s *Store) DeleteBlob(ctx context.Context, p string) error {
	if err := s.enterPath(ctx, p); err != nil {
		return err
	}
	_, err := apart(ctx, s, func() (struct{}, error) {
		base, err := s.home.base(false)
		if err == nil {
			err = base.Remove(targets + "/" + p)
		}
		return struct{}{}, err
	})
	return ignore(err, fs.ErrNotExist)
}

func (s *Store) enterPath(ctx context.Context, p string) error {
	if err := s.err(ctx); err != nil {
		return err
	}
	return store.CheckPath(p)
}

// base returns the folder that is at the path now.
func (h *home) base(create bool) (*os.Root, error) {
	f, err := h.open(create)
	if err == nil && !h.verify(f) {
		f, err = h.open(create)
	}
	if err != nil {
		return nil, err
	}
	return f.base, nil
}
