package ci

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// checkout is a module in a git repository, with cachegen as its tool and a second commit that
// changes a cached function.
type checkout struct {
	dir string
	env []string
}

// newCheckout makes one. What it calls a remote branch is the first commit.
func newCheckout(t *testing.T) *checkout {
	t.Helper()
	c := &checkout{dir: t.TempDir()}
	bin := t.TempDir()
	write(t, filepath.Join(bin, "gh"), "#!/bin/sh\necho \"gh $*\" > gh.log\n")
	if err := os.Chmod(filepath.Join(bin, "gh"), 0o755); err != nil {
		t.Fatal(err)
	}
	built, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	c.env = append(
		os.Environ(), "GOCACHE="+strings.TrimSpace(string(built)), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off",
		"XDG_CACHE_HOME="+t.TempDir(), "CACHEGEN_DIR="+filepath.Join(c.dir, ".cache", "cachegen"), "GITHUB_BASE_REF=main",
		"GITHUB_STEP_SUMMARY="+filepath.Join(c.dir, "summary.md"), "PULL_REQUEST=7", "STORE=", "CI_DEFAULT_BRANCH=main",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com",
	)
	repository, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	own, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	_, requires, _ := strings.Cut(string(own), "\nrequire")
	write(t, filepath.Join(c.dir, "go.mod"), "module example.com/shop\n\ngo 1.26\n\ntool github.com/cachegen/cachegen/cmd/cachegen\n\n"+
		"require github.com/cachegen/cachegen v0.0.0\n\nreplace github.com/cachegen/cachegen => "+repository+"\n\nrequire"+requires)
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(c.dir, "go.sum"), string(sum))
	write(t, filepath.Join(c.dir, ".gitignore"), ".cache\n")
	c.price(t, "1")
	c.must(t, "go tool cachegen ./...")
	c.must(t, "git init -q -b main && git add -A && git commit -qm one && git update-ref refs/remotes/origin/main HEAD")
	c.price(t, "2")
	c.must(t, "go tool cachegen ./... && git add -A && git commit -qm two")
	return c
}

// price writes a cached function.
func (c *checkout) price(t *testing.T, factor string) {
	t.Helper()
	write(t, filepath.Join(c.dir, "shop.go"), "package shop\n\n// Price returns a price.\n//\n//cache:auto\nfunc Price(item string) int { return "+factor+" * len(item) }\n")
}

// sh runs a command line in the checkout.
func (c *checkout) sh(command string) (string, error) {
	cmd := exec.Command("bash", "-e", "-o", "pipefail", "-c", command)
	cmd.Dir, cmd.Env = c.dir, c.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (c *checkout) must(t *testing.T, command string) string {
	t.Helper()
	out, err := c.sh(command)
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return out
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestCommands runs the commands of all files in a checkout, and looks at what they say.
func TestCommands(t *testing.T) {
	c := newCheckout(t)
	for _, name := range []string{"github/cachegen.yml", "github/comment.yml", "github/tests.yml"} {
		for _, job := range read[workflow](t, name).Jobs {
			for _, s := range job.Steps {
				if s.Run != "" {
					c.must(t, s.Run)
				}
			}
		}
	}
	for _, line := range read[struct{ Cachegen struct{ Script []string } }](t, "gitlab/cachegen.yml").Cachegen.Script {
		c.must(t, line)
	}
	for file, want := range map[string]string{
		"summary.md": "example.com/shop.Price", "report.md": "example.com/shop.Price",
		"gh.log": "gh pr comment 7 --edit-last --create-if-none --body-file report.md",
	} {
		data, err := os.ReadFile(filepath.Join(c.dir, file))
		if err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%s: no %q in %q, %v", file, want, data, err)
		}
	}
}
