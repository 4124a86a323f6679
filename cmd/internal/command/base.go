package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// base is the working tree's repository at another revision, in a directory of its own.
type base struct {
	rev  string
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
	switch {
	case err != nil && isShallow(ctx, "."):
		return nil, fmt.Errorf("%s is no revision of this shallow clone; git fetch --unshallow brings older commits", rev)
	case err != nil:
		return nil, fmt.Errorf("%s is no revision of this repository", rev)
	}
	dir, err := os.MkdirTemp("", "cachegen-base-")
	if err != nil {
		return nil, err
	}
	b := &base{rev: rev, dir: dir, here: filepath.Join(dir, filepath.FromSlash(prefix))}
	defer func() {
		if err != nil {
			b.remove()
		}
	}()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	x := &extraction{ctx: ctx, root: root}
	err = x.tree(top, ".", commit)
	if err == nil {
		err = x.stayInside()
	}
	if err != nil {
		return nil, fmt.Errorf("at %s: %w", rev, err)
	}
	if info, err := os.Stat(b.here); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("at %s there is no directory %s", rev, prefix)
	}
	return b, keepReplacements(root, top, x.modules)
}

// current is the current directory in the copy; without a base it is the current directory.
func (b *base) current() string {
	if b == nil {
		return ""
	}
	return b.here
}

// name is what a file of the copy is called in the revision: "HEAD:a/a.go", as git has it. Others, and all without a base, are called as they
// are.
func (b *base) name(file string) string {
	if b == nil {
		return relative(file)
	}
	if short, ok := cutDir(file, b.dir); ok {
		return b.rev + ":" + short
	}
	return file
}

func (b *base) remove() { os.RemoveAll(b.dir) }

// isShallow reports whether older commits are missing in a directory's repository, as they are in CI.
func isShallow(ctx context.Context, dir string) bool {
	is, err := git(ctx, "-C", dir, "rev-parse", "--is-shallow-repository")
	return err == nil && is == "true"
}

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
