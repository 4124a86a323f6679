package docs_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// compiled are the examples that are compiled and not run, and why.
var compiled = map[string]string{
	"Configure": "the tests beside it have configured the default cache",
	"Close":     "the tests beside it use the default cache",
}

// TestExamples sees that each exported function, type and error of the package that programs call
// has an example that is run.
func TestExamples(t *testing.T) {
	p := packageOf(t, "runtime")
	var names []string
	for _, f := range p.Funcs {
		names = append(names, f.Name)
	}
	for _, typ := range p.Types {
		names = append(names, typ.Name)
		for _, f := range typ.Funcs {
			names = append(names, f.Name)
		}
	}
	for _, v := range p.Vars {
		names = append(names, v.Names...)
	}
	if len(names) < 40 {
		t.Errorf("only %d names", len(names))
	}
	has := examplesOf(t, filepath.Join(root, "runtime"))
	for _, name := range names {
		if ran, ok := has[name]; !ok {
			t.Errorf("package cache has no Example%s", name)
		} else if _, ok := compiled[name]; ran == ok {
			t.Errorf("Example%s has an output: %t", name, ran)
		}
	}
}

// examplesOf returns what has an example in a directory, and whether each of its examples is run.
func examplesOf(t *testing.T, dir string) map[string]bool {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	has := map[string]bool{}
	for _, e := range doc.Examples(files...) {
		of, _, _ := strings.Cut(e.Name, "_")
		ran, ok := has[of]
		has[of] = (ran || !ok) && (e.Output != "" || e.EmptyOutput)
	}
	return has
}
