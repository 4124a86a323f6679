package command

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// keepReplacements makes directories outside the repository whose working tree is top be found from the copy of it in root: those that its
// go.mod and go.work files name relative to themselves.
func keepReplacements(root *os.Root, top string, modules []string) error {
	for _, name := range modules {
		if err := absolutePaths(root, top, name); err != nil {
			return err
		}
	}
	return nil
}

// absolutePaths rewrites the directories outside the repository that a go.mod or go.work file names. A file that can't be read is for the go
// command to complain about, if it needs it.
func absolutePaths(root *os.Root, top, name string) error {
	data, err := root.ReadFile(name)
	if err != nil {
		return err
	}
	original := filepath.Join(top, filepath.FromSlash(path.Dir(name)))
	outside := func(path string) (string, bool) {
		if filepath.IsAbs(path) || !modfile.IsDirectoryPath(path) {
			return "", false
		}
		path = filepath.Join(original, filepath.FromSlash(path))
		return path, path != top && !strings.HasPrefix(path, top+string(filepath.Separator))
	}
	if path.Base(name) == "go.work" {
		data, err = absoluteWork(name, data, outside)
	} else {
		data, err = absoluteMod(name, data, outside)
	}
	if err != nil || data == nil {
		return nil
	}
	return root.WriteFile(name, data, 0o644)
}

func absoluteMod(name string, data []byte, outside func(string) (string, bool)) ([]byte, error) {
	file, err := modfile.Parse(name, data, nil)
	if err != nil {
		return nil, err
	}
	changed := false
	for _, r := range file.Replace {
		if path, ok := outside(r.New.Path); ok && r.New.Version == "" {
			changed = true
			if err := file.AddReplace(r.Old.Path, r.Old.Version, path, ""); err != nil {
				return nil, err
			}
		}
	}
	if !changed {
		return nil, nil
	}
	return file.Format()
}

func absoluteWork(name string, data []byte, outside func(string) (string, bool)) ([]byte, error) {
	file, err := modfile.ParseWork(name, data, nil)
	if err != nil {
		return nil, err
	}
	for _, u := range append([]*modfile.Use(nil), file.Use...) {
		if path, ok := outside(u.Path); ok {
			if err := errors.Join(file.DropUse(u.Path), file.AddUse(path, "")); err != nil {
				return nil, err
			}
		}
	}
	for _, r := range append([]*modfile.Replace(nil), file.Replace...) {
		if path, ok := outside(r.New.Path); ok && r.New.Version == "" {
			if err := file.AddReplace(r.Old.Path, r.Old.Version, path, ""); err != nil {
				return nil, err
			}
		}
	}
	file.Cleanup()
	return modfile.Format(file.Syntax), nil
}
