package version

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/types"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/load"
)

// standard is a program with the packages of the standard library that fixtures import, loaded once: fixtures are type-checked
// against it, which takes a millisecond where listing and loading takes a second.
var standard = sync.OnceValues(func() (*load.Program, error) {
	dir, err := os.MkdirTemp("", "version")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var src strings.Builder
	src.WriteString("package m\n\nimport (\n")
	for _, p := range []string{
		"bufio", "bytes", "context", "database/sql", "embed", "encoding/csv", "encoding/gob", "encoding/json",
		"errors", "flag", "fmt", "image", "io", "iter", "log", "log/slog", "maps", "math",
		"math/big", "math/rand", "net/http", "net/url", "os", "reflect", "runtime", "slices",
		"sort", "strconv", "strings", "sync", "sync/atomic", "text/template", "time", "unsafe",
	} {
		fmt.Fprintf(&src, "\t_ %q\n", p)
	}
	files := map[string]string{"go.mod": "module example.com/std\n\ngo 1.26\n", "m.go": src.String() + ")\n"}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return nil, err
		}
	}
	return load.Load(context.Background(), load.Config{Dir: dir})
})

// checkProgram type-checks the packages of an archive, which import each other and the standard library alone.
func checkProgram(tb testing.TB, archive *txtar.Archive) *load.Program {
	tb.Helper()
	base, err := standard()
	if err != nil {
		tb.Fatal(err)
	}
	dir := tb.TempDir()
	fixture.Write(tb, dir, string(txtar.Format(archive)))
	prog := &load.Program{Fset: base.Fset, Packages: map[string]*load.Package{}}
	for _, p := range base.Order {
		if p.Standard {
			prog.Packages[p.Path] = p
			prog.Order = append(prog.Order, p)
		}
	}
	module := &load.Module{Path: "example.com/m", Dir: dir, GoVersion: "1.26", Main: true, Local: true}
	own := map[string]*load.Package{}
	for _, f := range archive.Files {
		addFile(tb, prog, own, module, filepath.Join(dir, f.Name), f.Name, string(f.Data))
	}
	for _, importPath := range slices.Sorted(maps.Keys(own)) {
		checkPackage(tb, prog, own, importPath)
	}
	return prog
}

func addFile(tb testing.TB, prog *load.Program, own map[string]*load.Package, module *load.Module, file, name, src string) {
	importPath := path.Join(module.Path, path.Dir(name))
	p := own[importPath]
	if p == nil && strings.HasSuffix(name, ".go") {
		p = &load.Package{Path: importPath, Dir: filepath.Dir(file), Module: module, Root: true, Imports: map[string]*load.Package{}}
		own[importPath] = p
	}
	switch {
	case strings.HasSuffix(name, "_test.go"):
		p.TestGoFiles = append(p.TestGoFiles, file)
	case strings.HasSuffix(name, "_windows.go"), strings.HasSuffix(name, "_arm64.s"), strings.Contains(src, "//go:build "):
		p.IgnoredFiles = append(p.IgnoredFiles, file)
	case strings.HasSuffix(name, ".go"):
		syntax, err := parser.ParseFile(prog.Fset, file, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			tb.Fatal(err)
		}
		p.Name = syntax.Name.Name
		p.GoFiles = append(p.GoFiles, file)
		p.Syntax = append(p.Syntax, syntax)
	case strings.HasSuffix(name, ".s"):
		p.OtherFiles = append(p.OtherFiles, file)
	default: // embedded in the package of a directory above
		for d := path.Dir(name); p == nil; d = path.Dir(d) {
			p = own[path.Join(module.Path, d)]
		}
		p.EmbedFiles = append(p.EmbedFiles, file)
	}
}

func checkPackage(tb testing.TB, prog *load.Program, own map[string]*load.Package, importPath string) {
	p := own[importPath]
	if p == nil || p.Types != nil {
		return
	}
	for _, file := range p.Syntax {
		for _, spec := range file.Imports {
			imported := strings.Trim(spec.Path.Value, `"`)
			checkPackage(tb, prog, own, imported)
			if q := prog.Packages[imported]; q != nil {
				p.Imports[imported] = q
			}
		}
	}
	p.Info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		FileVersions: map[*ast.File]string{},
	}
	conf := types.Config{
		GoVersion: "go" + p.Module.GoVersion, FakeImportC: true, Sizes: types.SizesFor("gc", "amd64"), Importer: importer{prog},
		Error: func(err error) {
			tb.Log(err)
			p.Errors = append(p.Errors, load.Error{Pos: prog.Fset.Position(err.(types.Error).Pos), Msg: err.(types.Error).Msg})
		},
	}
	p.Types, _ = conf.Check(importPath, prog.Fset, p.Syntax, p.Info)
	prog.Packages[importPath] = p
	prog.Order = append(prog.Order, p)
	prog.Roots = append(prog.Roots, p)
}

type importer struct{ prog *load.Program }

func (i importer) Import(path string) (*types.Package, error) {
	if p := i.prog.Packages[path]; p != nil {
		return p.Types, nil
	}
	return nil, fmt.Errorf("no package %s in fixtures", path)
}

// function finds "Name" or "Type.Method" in the package at a path below the module, "" for its root.
func function(tb testing.TB, prog *load.Program, importPath, name string) *types.Func {
	tb.Helper()
	scope := prog.Packages[importPath].Types.Scope()
	typeName, method, isMethod := strings.Cut(name, ".")
	o := scope.Lookup(typeName)
	if f, ok := o.(*types.Func); ok {
		return f
	}
	if o != nil && isMethod {
		m, _, _ := types.LookupFieldOrMethod(types.NewPointer(o.Type()), true, o.Pkg(), method)
		if f, ok := m.(*types.Func); ok {
			return f
		}
	}
	tb.Fatalf("no function %s in %s", name, importPath)
	return nil
}
