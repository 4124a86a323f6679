package command

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// extraction writes the files of commits below a directory, and nowhere else. It reads trees and blobs: git archive leaves out what is not
// meant for releases, and changes some of the rest.
type extraction struct {
	ctx  context.Context
	root *os.Root
	// modules are the go.mod and go.work files, with slashes.
	modules []string
	// links are the symbolic links.
	links []string
}

// object is an entry of a tree.
type object struct{ mode, id, path string }

// The modes of what is no file.
const (
	modeSymlink   = "120000"
	modeSubmodule = "160000"
)

// tree writes the tree of a commit, of the repository whose working tree is dir, below a directory of the root. Submodules are there if they
// are checked out: what is missing otherwise is missed by those who need it.
func (x *extraction) tree(dir, below, commit string) error {
	listed, err := git(x.ctx, "-C", dir, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return err
	}
	var blobs []object
	for entry := range strings.SplitSeq(strings.TrimRight(listed, "\x00"), "\x00") {
		attributes, name, ok := strings.Cut(entry, "\t")
		fields := strings.Fields(attributes)
		if !ok || len(fields) != 3 || strings.Contains(name, "\n") {
			continue
		}
		o := object{fields[0], fields[2], path.Join(below, name)}
		if o.mode != modeSubmodule {
			blobs = append(blobs, o)
			continue
		}
		sub := filepath.Join(dir, filepath.FromSlash(name))
		if _, err := git(x.ctx, "-C", sub, "cat-file", "-e", o.id+"^{commit}"); err != nil {
			continue
		}
		if err := x.tree(sub, o.path, o.id); err != nil {
			return err
		}
	}
	return x.blobs(dir, blobs)
}

// blobs writes files.
func (x *extraction) blobs(dir string, blobs []object) error {
	cmd := exec.CommandContext(x.ctx, "git", "-C", dir, "cat-file", "--batch")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	var ids strings.Builder
	for _, o := range blobs {
		ids.WriteString(o.id + "\n")
	}
	cmd.Stdin = strings.NewReader(ids.String())
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	r := bufio.NewReader(stdout)
	var failed error
	for _, o := range blobs {
		if failed = x.blob(r, o); failed != nil {
			break
		}
	}
	_, _ = io.Copy(io.Discard, r) // what is left unread would keep git waiting
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("git cat-file: %w: %s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	return failed
}

// blob writes a file from what cat-file prints of it: a line with its size, its content, and the end of a line.
func (x *extraction) blob(r *bufio.Reader, o object) error {
	line, err := r.ReadString('\n')
	if err != nil {
		return err
	}
	fields := strings.Fields(line)
	if len(fields) != 3 {
		return fmt.Errorf("git cat-file: %s: %s", o.path, strings.TrimSpace(line))
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil {
		return err
	}
	content := io.LimitReader(r, size)
	if o.mode == modeSymlink {
		err = x.symlink(o.path, content)
	} else {
		err = x.file(o.path, content)
	}
	if err != nil {
		return err
	}
	_, err = r.Discard(1)
	return err
}

func (x *extraction) file(name string, content io.Reader) error {
	if err := x.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := x.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if base := path.Base(name); base == "go.mod" || base == "go.work" {
		x.modules = append(x.modules, name)
	}
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Close())
}

func (x *extraction) symlink(name string, content io.Reader) error {
	target, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	if err := x.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	x.links = append(x.links, name)
	return x.root.Symlink(filepath.FromSlash(string(target)), name)
}

// stayInside removes symbolic links that lead out of the repository: from here they would lead elsewhere, and the go command writes through
// links. Where code is behind one that is an error.
func (x *extraction) stayInside() error {
	for _, name := range x.links {
		if _, err := x.root.Stat(name); err == nil || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		switch base := path.Base(name); {
		case base == "go.mod", base == "go.sum", base == "go.work", base == "go.work.sum", path.Ext(base) == ".go":
			return fmt.Errorf("%s is a symbolic link that leads out of the repository", name)
		}
		if err := x.root.Remove(name); err != nil {
			return err
		}
	}
	return nil
}
