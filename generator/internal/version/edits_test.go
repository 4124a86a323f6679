package version

import (
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// smallEdit is a package before and after an edit that changes what its function F returns.
type smallEdit struct{ name, text string }

// TestEdits makes each edit of testdata/edits.cases, alone: the version of F has to change. A short test makes every fifth.
func TestEdits(t *testing.T) {
	for i, e := range readEdits(t) {
		if testing.Short() && i%5 > 0 {
			continue
		}
		t.Run(e.name, func(t *testing.T) {
			before, after := e.version(t, "$1"), e.version(t, "$2")
			if before == "" || before == after {
				t.Errorf("the version stays %q after the edit in\n%s", before, e.text)
			}
		})
	}
}

func readEdits(t *testing.T) []smallEdit {
	t.Helper()
	data, err := os.ReadFile("testdata/edits.cases")
	if err != nil {
		t.Fatal(err)
	}
	var edits []smallEdit
	for line := range strings.Lines(string(data)) {
		name, isName := strings.CutPrefix(line, "### ")
		switch {
		case isName:
			edits = append(edits, smallEdit{name: strings.TrimSpace(name)})
		case strings.HasPrefix(line, "# ") || len(edits) == 0:
		default:
			edits[len(edits)-1].text += line
		}
	}
	if len(edits) == 0 {
		t.Fatal("no edits")
	}
	return edits
}

// edited is a place of an edit: what is there before and after it.
var edited = regexp.MustCompile(`(?s)«(.*?)¦(.*?)»`)

// declared finds the clause that says of which package a file is.
var declared = regexp.MustCompile(`(?m)^package `)

// version returns the version of F with one of the two texts in all places.
func (e smallEdit) version(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, content string) {
		if !declared.MatchString(content) {
			content = "package " + e.name + "\n" + content
		}
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	first, others, _ := strings.Cut("\n"+edited.ReplaceAllString(e.text, text), "\n--- ")
	write(e.name+"/p.go", first)
	for file := range strings.SplitSeq(others, "\n--- ") {
		if name, content, ok := strings.Cut(file, "\n"); ok {
			write(e.name+"/"+strings.TrimSpace(name), content)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module m\n\ngo 1.26\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	prog := loadModule(t, dir, nil)
	p := prog.Packages["m/"+e.name]
	if p == nil || p.Types == nil || len(p.Errors) > 0 {
		t.Fatalf("%s has errors", e.name)
	}
	v, err := wholeOf(prog).of(asCached(prog, p.Types.Scope().Lookup("F").(*types.Func)))
	if err != nil {
		t.Fatal(err)
	}
	return v.Hash
}
