// Package walk follows pages for tests. A walk is a reader with a directory: the lines of shell of
// a page run there as the page has them, without a network, and with a home and a cache folder of
// the reader's own.
package walk

import (
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Walk is a directory in which commands run.
type Walk struct {
	Dir string
	env []string
}

// New returns a walk in an empty directory, with a few variables more than those of every walk.
// Its go command is the real one, but for go get -tool, which takes this module's commands from
// where they are.
func New(tb testing.TB, variables ...string) *Walk {
	tb.Helper()
	w := &Walk{env: append(
		os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off",
		"CACHEGEN_STORE=", "CACHEGEN_DIR=", "CACHEGEN_MODE=", "CACHEGEN_CONFIG=", "CI=",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com",
		"REPOSITORY="+Repository(tb),
	)}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} { // those of the user, whatever home is
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			tb.Fatal(err)
		}
		w.env = append(w.env, name+"="+strings.TrimSpace(string(out)))
	}
	w.env = append(w.env, variables...)
	w.prepend(goCommand(tb))
	w.move(tb.TempDir())
	return w
}

// Copy returns a walk that goes on from here in a copy of the directory.
func (w *Walk) Copy(tb testing.TB) *Walk {
	tb.Helper()
	c := &Walk{env: w.env[:len(w.env):len(w.env)]}
	c.move(tb.TempDir())
	if err := os.CopyFS(c.Dir, os.DirFS(w.Dir)); err != nil {
		tb.Fatal(err)
	}
	return c
}

// move makes dir the walk's directory and home.
func (w *Walk) move(dir string) {
	w.Dir = dir
	w.env = append(w.env, "HOME="+dir, "XDG_CACHE_HOME="+filepath.Join(dir, ".cache"))
}

// prepend puts a directory of commands first in PATH.
func (w *Walk) prepend(dir string) {
	path := os.Getenv("PATH")
	for _, variable := range w.env {
		if value, ok := strings.CutPrefix(variable, "PATH="); ok {
			path = value
		}
	}
	w.env = append(w.env, "PATH="+dir+string(os.PathListSeparator)+path)
}

// Command builds the command cachegen and puts it in PATH.
func (w *Walk) Command(tb testing.TB) {
	tb.Helper()
	bin := tb.TempDir()
	build := exec.Command("go", "build", "-o", bin, "./cmd/cachegen")
	build.Dir = Repository(tb)
	if out, err := build.CombinedOutput(); err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	w.prepend(bin)
}

// Write writes a file of the directory, whose name has slashes.
func (w *Walk) Write(tb testing.TB, name, text string) {
	tb.Helper()
	name = filepath.Join(w.Dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		tb.Fatal(err)
	}
}

// Run runs a script to the first command that fails, and returns what it prints.
func (w *Walk) Run(script string) (string, error) {
	cmd := exec.Command("bash", "-e", "-o", "pipefail", "-c", script)
	cmd.Dir, cmd.Env = w.Dir, w.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Must runs a script of which no command may fail.
func (w *Walk) Must(tb testing.TB, script string) string {
	tb.Helper()
	out, err := w.Run(script)
	if err != nil {
		tb.Fatalf("%v\n%s\nprinted\n%s", err, script, out)
	}
	return out
}

// Commands returns the commands of a console, which begin with a dollar sign, each with what the
// console shows below it.
func Commands(console string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for part := range strings.SplitSeq("\n"+console, "\n$ ") {
			command, shown, _ := strings.Cut(part, "\n")
			if command != "" && !yield(command, strings.TrimSpace(shown)) {
				return
			}
		}
	}
}

// Repository returns the directory of this module.
func Repository(tb testing.TB) string {
	tb.Helper()
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		tb.Fatal("no caller")
	}
	return filepath.Join(filepath.Dir(file), "..", "..")
}
