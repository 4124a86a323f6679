package ci

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/internal/walk"
)

// checkout is a module in a git repository, with cachegen as its tool and a second commit that
// changes a cached function.
type checkout struct{ *walk.Walk }

// newCheckout makes one. What it calls a remote branch is the first commit.
func newCheckout(t *testing.T) checkout {
	t.Helper()
	gh := t.TempDir()
	c := checkout{walk.New(
		t, "PATH="+gh+string(os.PathListSeparator)+os.Getenv("PATH"),
		"GITHUB_BASE_REF=main", "GITHUB_STEP_SUMMARY=summary.md", "PULL_REQUEST=7", "STORE=", "CI_DEFAULT_BRANCH=main",
	)}
	if err := os.WriteFile(filepath.Join(gh, "gh"), []byte("#!/bin/sh\necho \"gh $*\" > gh.log\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	c.Write(t, ".gitignore", ".cache\n")
	c.price(t, "1")
	c.Must(t, `go mod init example.com/shop && go get -tool github.com/cachegen/cachegen/cmd/cachegen
go tool cachegen ./...
git init -q -b main && git add -A && git commit -qm one && git update-ref refs/remotes/origin/main HEAD`)
	c.price(t, "2")
	c.Must(t, "go tool cachegen ./... && git add -A && git commit -qm two")
	return c
}

// price writes a cached function.
func (c checkout) price(t *testing.T, factor string) {
	t.Helper()
	c.Write(t, "shop.go", "package shop\n\n// Price returns a price.\n//\n//cache:auto\nfunc Price(item string) int { return "+factor+" * len(item) }\n")
}

// TestCommands runs the commands of all files in a checkout, and looks at what they say.
func TestCommands(t *testing.T) {
	c := newCheckout(t)
	for _, name := range []string{"github/cachegen.yml", "github/comment.yml", "github/tests.yml"} {
		for _, job := range read[workflow](t, name).Jobs {
			for _, s := range job.Steps {
				if s.Run != "" {
					c.Must(t, s.Run)
				}
			}
		}
	}
	for _, line := range read[struct{ Cachegen struct{ Script []string } }](t, "gitlab/cachegen.yml").Cachegen.Script {
		c.Must(t, line)
	}
	for file, want := range map[string]string{
		"summary.md": "example.com/shop.Price", "report.md": "example.com/shop.Price",
		"gh.log": "gh pr comment 7 --edit-last --create-if-none --body-file report.md",
	} {
		data, err := os.ReadFile(filepath.Join(c.Dir, file))
		if err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%s: no %q in %q, %v", file, want, data, err)
		}
	}
}
