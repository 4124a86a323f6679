package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestConsole follows each page that has blocks of console: it writes the files that blocks with a
// name hold, runs the commands in the order of the page, and compares what they print. "…" in what
// is printed stands for anything.
func TestConsole(t *testing.T) {
	n := 0
	for _, p := range pages(t) {
		if !hasConsole(p) {
			continue
		}
		n++
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t)
			for _, b := range p.blocks {
				switch {
				case b.lang == "console":
					w.console(t, b)
				case b.arg != "":
					w.write(t, b.arg, b.text)
				}
			}
		})
	}
	if n == 0 {
		t.Error("no page has a block of console")
	}
}

func hasConsole(p page) bool {
	for _, b := range p.blocks {
		if b.lang == "console" {
			return true
		}
	}
	return false
}

// walk is somebody who follows a page: a directory that begins empty, and a cache folder.
type walk struct {
	dir, repository string
	env             []string
}

func newWalk(t *testing.T) *walk {
	t.Helper()
	repository, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	w := &walk{dir: t.TempDir(), repository: repository}
	w.env = append(
		os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "HOME="+w.dir, "XDG_CACHE_HOME="+filepath.Join(w.dir, ".cache"),
		"CACHEGEN_STORE=", "CACHEGEN_MODE=", "CACHEGEN_DIR=", "CI=",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com",
	)
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		w.env = append(w.env, name+"="+strings.TrimSpace(string(out)))
	}
	return w
}

func (w *walk) write(t *testing.T, name, text string) {
	t.Helper()
	name = filepath.Join(w.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// console runs the commands of a block.
func (w *walk) console(t *testing.T, b block) {
	t.Helper()
	for part := range strings.SplitSeq("\n"+b.text, "\n$ ") {
		command, want, _ := strings.Cut(part, "\n")
		if command == "" {
			continue
		}
		got := w.run(t, command, b.line)
		if !matches(strings.TrimSpace(want), strings.TrimSpace(got)) {
			t.Errorf("line %d: %s\nprinted\n%s\nand the page has\n%s", b.line, command, got, want)
		}
	}
}

// getTool is the command that takes the module from where it is published. Here it is taken from
// where it is.
const getTool = "go get -tool github.com/cachegen/cachegen/cmd/cachegen"

// run runs a command of a page and returns what it prints. A command that fails is what the page
// shows, or the test fails by what it prints.
func (w *walk) run(t *testing.T, command string, line int) string {
	t.Helper()
	if command == getTool {
		w.require(t)
		return ""
	}
	cmd := exec.Command("bash", "-c", command)
	cmd.Dir, cmd.Env = w.dir, w.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Logf("line %d: %s: %v", line, command, err)
	}
	return string(out)
}

// require makes the directory's module require this repository, as getTool would.
func (w *walk) require(t *testing.T) {
	t.Helper()
	own, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	_, requires, _ := strings.Cut(string(own), "\nrequire")
	mod, err := os.ReadFile(filepath.Join(w.dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	w.write(t, "go.mod", string(mod)+"\ntool github.com/cachegen/cachegen/cmd/cachegen\n\nrequire github.com/cachegen/cachegen v0.0.0\n\n"+
		"replace github.com/cachegen/cachegen => "+w.repository+"\n\nrequire"+requires)
	w.write(t, "go.sum", string(sum))
}

// matches reports whether a text is what is shown, where "…" stands for anything.
func matches(shown, text string) bool {
	parts := strings.Split(shown, "…")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile(`(?s)^` + strings.Join(parts, ".*") + `$`).MatchString(text)
}
