package command

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// base is the working tree's repository at another revision, in a directory of its own.
type base struct {
	dir  string // of the copy
	here string // where in it the current directory is
}

// checkOut copies the repository of the current directory at a git revision, without touching the working tree. Call remove when done.
func checkOut(ctx context.Context, rev string) (_ *base, err error) {
	top, err := git(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	prefix, err := git(ctx, "rev-parse", "--show-prefix")
	if err != nil {
		return nil, err
	}
	commit, err := git(ctx, "rev-parse", "--verify", "--end-of-options", rev+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("%s is no revision of this repository", rev)
	}
	dir, err := os.MkdirTemp("", "cachegen-base-")
	if err != nil {
		return nil, err
	}
	b := &base{dir: dir, here: filepath.Join(dir, filepath.FromSlash(prefix))}
	defer func() {
		if err != nil {
			b.remove()
		}
	}()
	if err := b.extract(ctx, top, commit); err != nil {
		return nil, err
	}
	return b, b.keepReplacements(top)
}

func (b *base) remove() { os.RemoveAll(b.dir) }

// git returns what a git command prints, without the line's end.
func git(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return "", fmt.Errorf("git %s: %s", args[0], bytes.TrimSpace(exit.Stderr))
	}
	if err != nil {
		return "", err
	}
	return strings.TrimRight(string(out), "\r\n"), nil
}

// extract writes the files of a commit.
func (b *base) extract(ctx context.Context, top, commit string) error {
	cmd := exec.CommandContext(ctx, "git", "-C", top, "archive", "--format=tar", commit)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	extractErr := untar(b.dir, stdout)
	// What is left unread would keep git waiting.
	_, _ = io.Copy(io.Discard, stdout)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("git archive: %w: %s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	return extractErr
}

// untar writes the files of an archive below dir, and nowhere else.
func untar(dir string, r io.Reader) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for archive := tar.NewReader(r); ; {
		header, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		name := filepath.FromSlash(strings.TrimSuffix(header.Name, "/"))
		switch header.Typeflag {
		case tar.TypeDir:
			err = root.MkdirAll(name, 0o755)
		case tar.TypeSymlink:
			err = root.Symlink(header.Linkname, name)
		case tar.TypeReg:
			err = writeFrom(root, name, archive)
		}
		if err != nil {
			return err
		}
	}
}

func writeFrom(root *os.Root, name string, r io.Reader) error {
	if dir := filepath.Dir(name); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	f, err := root.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Close())
}

// keepReplacements makes replacements and workspace modules that lie outside the repository be found from the copy.
func (b *base) keepReplacements(top string) error {
	for _, name := range []string{"go.mod", "go.work"} {
		for dir := b.here; ; dir = filepath.Dir(dir) {
			if err := b.absolutePaths(top, filepath.Join(dir, name)); err != nil {
				return err
			}
			if dir == b.dir {
				break
			}
		}
	}
	return nil
}

// absolutePaths rewrites the directories outside the repository that a go.mod or go.work file names.
func (b *base) absolutePaths(top, name string) error {
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(b.dir, filepath.Dir(name))
	if err != nil {
		return err
	}
	original := filepath.Join(top, rel)
	outside := func(path string) (string, bool) {
		if filepath.IsAbs(path) || !modfile.IsDirectoryPath(path) {
			return "", false
		}
		path = filepath.Join(original, filepath.FromSlash(path))
		return path, path != top && !strings.HasPrefix(path, top+string(filepath.Separator))
	}
	if filepath.Base(name) == "go.work" {
		data, err = absoluteWork(name, data, outside)
	} else {
		data, err = absoluteMod(name, data, outside)
	}
	if err != nil || data == nil {
		return err
	}
	return os.WriteFile(name, data, 0o644)
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
