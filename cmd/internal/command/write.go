package command

import (
	"os"
	"path/filepath"

	"github.com/cachegen/cachegen/generator"
)

// write makes a file what it should be: removed, or replaced in one step, so that nobody ever reads half of it.
func write(f generator.File) error {
	if f.New == nil {
		return os.Remove(f.Path)
	}
	tmp, err := os.CreateTemp(filepath.Dir(f.Path), "."+filepath.Base(f.Path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // fails when it was renamed
	if _, err := tmp.Write(f.New); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Chmod(0o644); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), f.Path)
}
