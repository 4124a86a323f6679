package docs_test

import (
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"
)

// TestDesignListsPackages sees that each package of the module is in the tree of the design, and
// each package of the tree is one.
func TestDesignListsPackages(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{if .GoFiles}}{{.ImportPath}}{{end}}`, "github.com/cachegen/cachegen/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	listed := treeOf(t)
	for line := range strings.Lines(string(out)) {
		name := strings.TrimPrefix(strings.TrimSpace(line), "github.com/cachegen/cachegen/")
		switch {
		case name == "" || strings.HasPrefix(name, "examples/") || strings.Contains(name, "/testdata"):
			continue
		case !listed[name]:
			t.Errorf("docs/design.md does not list %s", name)
		}
	}
	for name := range listed {
		if _, err := os.Stat(path.Join(root, name)); err != nil {
			t.Errorf("docs/design.md lists %s: %v", name, err)
		}
	}
}

// treeOf returns the directories that the tree of the design lists.
func treeOf(t *testing.T) map[string]bool {
	t.Helper()
	data, err := os.ReadFile("design.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	var at []string // the directories around the line
	var indents []int
	for line := range strings.SplitSeq(blocksOf(string(data))[0].text, "\n") {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name == "" {
			continue
		}
		indent := len(line) - len(strings.TrimLeft(line, " "))
		for len(indents) > 0 && indents[len(indents)-1] >= indent {
			at, indents = at[:len(at)-1], indents[:len(indents)-1]
		}
		at, indents = append(at, strings.TrimSuffix(name, "/")), append(indents, indent)
		listed[path.Join(at...)] = true
		head, rest, ok := strings.Cut(name, "{") // store/{memory,dir}
		if ok {
			delete(listed, path.Join(at...))
			for one := range strings.SplitSeq(strings.TrimSuffix(rest, "}"), ",") {
				listed[path.Join(path.Join(at[:len(at)-1]...), head+one)] = true
			}
		}
	}
	return listed
}
