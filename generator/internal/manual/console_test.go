package manual_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/manual"
)

// isConsole reports whether an example is a list of commands.
func isConsole(code string) bool { return strings.HasPrefix(code, "$ ") }

// TestConsole follows the pages whose examples are commands, in a repository with one cached function. The last command of the mistake gets one of the
// messages of its page; after it, all commands of each way out succeed.
func TestConsole(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the examples are lines of a shell")
	}
	tool := filepath.Join(t.TempDir(), "cachegen")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", tool, "./cmd/cachegen")
	build.Dir = fixture.Root(t)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	start := repository(t, tool)
	n := 0
	for p := range manual.Pages() {
		if !isConsole(p.Mistake) {
			continue
		}
		n++
		t.Run(p.Code, func(t *testing.T) {
			c := start.clone(t)
			said, ok := c.run(t, p.Mistake)
			if found := manual.Find(said); ok || found != p {
				t.Fatalf("the mistake succeeds: %t; it says %q", ok, said)
			}
			for _, way := range p.Ways {
				c := start.clone(t)
				c.run(t, p.Mistake)
				if said, ok := c.run(t, way.Code); !ok {
					t.Errorf("to %s fails: %s", way.Title, said)
				}
			}
		})
	}
	if n == 0 {
		t.Error("no page has commands")
	}
}

// console is a directory in which commands run.
type console struct {
	dir string
	env []string
}

// repository makes a repository whose generated code is up to date.
func repository(t *testing.T, tool string) console {
	t.Helper()
	c := console{dir: fixture.Module(t, `
-- weather.go --
package weather

import "fmt"

// Forecast tells what the weather will be.
//
//cache:auto
func Forecast(city string, days int) string { return fmt.Sprint(city, days) }
`)}
	c.env = append(
		os.Environ(), "PATH="+filepath.Dir(tool)+string(os.PathListSeparator)+os.Getenv("PATH"), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off",
		"XDG_CACHE_HOME="+t.TempDir(), "CACHEGEN_STORE=", "CACHEGEN_DIR=",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com",
	)
	if said, ok := c.run(t, "$ cachegen\n$ git init -q -b main\n$ git add -A\n$ git commit -qm weather"); !ok {
		t.Fatal(said)
	}
	return c
}

// clone copies the directory.
func (c console) clone(t *testing.T) console {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(c.dir)); err != nil {
		t.Fatal(err)
	}
	c.dir = dir
	return c
}

// run runs commands to the first that fails, and returns what that one, or the last, says.
func (c console) run(t *testing.T, commands string) (said string, ok bool) {
	t.Helper()
	for line := range strings.Lines(commands) {
		line, isCommand := strings.CutPrefix(strings.TrimSpace(line), "$ ")
		if !isCommand {
			t.Fatalf("%q is no command", line)
		}
		cmd := exec.CommandContext(t.Context(), "sh", "-c", line)
		cmd.Dir, cmd.Env = c.dir, c.env
		out, err := cmd.CombinedOutput()
		if said = string(out); err != nil {
			return said, false
		}
	}
	return said, true
}
