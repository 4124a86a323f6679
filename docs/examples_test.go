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

// TestExamples sees that each exported function, type and error of the package that programs call
// has an example.
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
		if !has[name] {
			t.Errorf("package cache has no Example%s", name)
		}
	}
}

// examplesOf returns what has an example in a directory.
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
		has[of] = true
	}
	return has
}
