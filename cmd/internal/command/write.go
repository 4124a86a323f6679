package command

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cachegen/cachegen/generator"
)

// write makes a file what it should be: removed, or replaced in one step, so that nobody ever reads half of it. A file that is there keeps its
// mode. What is no file of its own is refused: a symbolic link, and one with other names.
func write(f generator.File) error {
	info, err := os.Lstat(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.New == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return replace(f.Path, f.New, nil)
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		return fmt.Errorf("%s is a symbolic link, which cachegen neither follows nor replaces: remove it", relative(f.Path))
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no regular file: remove it", relative(f.Path))
	case links(info) > 1:
		return fmt.Errorf("%s is a hard link to a file that has other names too: remove it, so that those stay as they are", relative(f.Path))
	case f.New == nil:
		return os.Remove(f.Path)
	}
	mode := info.Mode().Perm()
	return replace(f.Path, f.New, &mode)
}

// replace puts a file with a content in the place of what is there. Without a mode it gets that of new files.
func replace(path string, content []byte, mode *fs.FileMode) (err error) {
	tmp := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+rand.Text())
	file, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp)
		}
	}()
	_, err = file.Write(content)
	if err == nil && mode != nil {
		err = file.Chmod(*mode)
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
