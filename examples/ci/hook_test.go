package ci

import (
	"os"
	"strings"
	"testing"
)

// TestHook makes commits with the hook: what counts is what is committed, not the files as they are.
func TestHook(t *testing.T) {
	c := newCheckout(t)
	hook, err := os.ReadFile("pre-commit")
	if err != nil {
		t.Fatal(err)
	}
	c.Write(t, ".git/hooks/pre-commit", string(hook))
	c.Must(t, "chmod +x .git/hooks/pre-commit")
	const refused = "pre-commit: run go generate"
	for _, step := range []struct{ name, command, want string }{
		{"code without its wrapper", `sed -i.bak 's/2/3/' shop.go && git commit -qam three`, refused},
		{"something else, while the code has no wrapper", `git reset -q && echo hello > README && git add README && git commit -qm readme`, ""},
		{"code, and not the wrapper that was made", `go tool cachegen ./... && git add shop.go && git commit -qm three`, refused},
		{"the wrapper, and not the code", `git reset -q && git add cache_gen.go && git commit -qm three`, refused},
		{"named files", `git reset -q && git commit -qm three shop.go`, refused},
		{"both", `git commit -qm three shop.go cache_gen.go`, ""},
		{
			"a part of the code, with the wrapper of all of it", `sed -i.bak 's/3/4/' shop.go && printf '\n// Tax.\nfunc tax() int { return 1 }\n' >> shop.go &&
			sed -i.bak 's/len(item)/len(item) + tax()/' shop.go && go tool cachegen ./... && printf 'n\ny\n' | git add -p shop.go && git add cache_gen.go && git commit -qm four`,
			refused,
		},
		{"all of it", `git commit -qam four`, ""},
		{
			"a wrapper in a file that is new, and not added", `mkdir tax && printf 'package tax\n\n// Of is a tax.\n//\n//cache:auto\nfunc Of(n int) int { return n }\n' > tax/tax.go &&
			go tool cachegen ./... && git add tax/tax.go && git commit -qm tax`, refused,
		},
		{"with it", `git add tax && git commit -qm tax`, ""},
		{
			"an embedded file", `printf 'package tax\n\nimport _ "embed"\n\n//go:embed rate\nvar rate string\n\n// Of is a tax.\n//\n//cache:auto\nfunc Of(n int) int { return n * len(rate) }\n' > tax/tax.go &&
			echo 1 > tax/rate && go tool cachegen ./... && git add tax && git commit -qm rate && echo 2 > tax/rate && git commit -qam rate`, refused,
		},
		{"in a worktree", `go tool cachegen ./... && git commit -qam rate && git worktree add -q other && cd other && sed -i.bak 's/4/5/' shop.go && git commit -qam five`, refused},
		{
			"all of it in a folder, with git in colours", `git worktree remove -f other && git config color.ui always && mkdir 'a ü' &&
			git mv go.mod go.sum shop.go cache_gen.go tax 'a ü' && git commit -qm below`, "",
		},
		{"code of a module below the root", `cd 'a ü' && sed -i.bak 's/4/5/' shop.go && git commit -qam five`, refused},
	} {
		out, err := c.Run(step.command)
		if refused := err != nil; refused != (step.want != "") || !strings.Contains(out, step.want) {
			t.Errorf("%s: %v, want %q in\n%s", step.name, err, step.want, out)
		}
	}
}

// TestHookOfTheFramework sees that the pre-commit framework runs the same hook.
func TestHookOfTheFramework(t *testing.T) {
	c := read[struct {
		Repos []struct{ Hooks []struct{ Entry string } }
	}](t, "pre-commit-config.yaml")
	if got := c.Repos[0].Hooks[0].Entry; got != "sh .githooks/pre-commit" {
		t.Error(got)
	}
}
