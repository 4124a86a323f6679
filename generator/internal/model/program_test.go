package model_test

import (
	"cmp"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cachegen/cachegen/generator/internal/load"
)

// program type-checks the archive's packages, whose files are named by import path, against
// testdata/world.txtar. The files are written to a directory, and named in the program as they are
// there; files maps those names to the contents.
func program(t *testing.T, archive *txtar.Archive) (prog *load.Program, files map[string]string) {
	t.Helper()
	world, err := txtar.ParseFile("testdata/world.txtar")
	if err != nil {
		t.Fatal(err)
	}
	w := &checker{
		t: t, dir: t.TempDir(), files: map[string]string{},
		prog: &load.Program{Fset: token.NewFileSet(), Packages: map[string]*load.Package{}},
	}
	w.write(world, false)
	w.write(archive, true)
	for _, p := range sorted(w.prog.Packages) {
		w.check(p)
		if p.Root {
			w.prog.Roots = append(w.prog.Roots, p)
		}
	}
	return w.prog, w.files
}

func sorted(packages map[string]*load.Package) []*load.Package {
	var list []*load.Package
	for _, p := range packages {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *load.Package) int { return cmp.Compare(a.Path, b.Path) })
	return list
}

// checker makes a program of source files.
type checker struct {
	t     *testing.T
	dir   string
	files map[string]string
	prog  *load.Program
}

// write writes an archive's files and sorts them into packages.
func (w *checker) write(archive *txtar.Archive, root bool) {
	target := build.Default
	target.GOOS, target.GOARCH, target.CgoEnabled = "linux", "amd64", false
	for _, f := range archive.Files {
		name := filepath.Join(w.dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			w.t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			w.t.Fatal(err)
		}
		w.files[name] = string(f.Data)
		importPath := path.Dir(f.Name)
		p := w.prog.Packages[importPath]
		if p == nil {
			p = &load.Package{
				Path: importPath, Dir: filepath.Dir(name), Root: root, Module: &load.Module{Path: "example.com", Local: true, Main: true},
			}
			w.prog.Packages[importPath] = p
		}
		matches, err := target.MatchFile(filepath.Split(name))
		switch {
		case err != nil:
			w.t.Fatal(err)
		case strings.HasSuffix(name, "_test.go"):
			p.TestGoFiles = append(p.TestGoFiles, name)
		case !matches:
			p.IgnoredFiles = append(p.IgnoredFiles, name)
		default:
			p.GoFiles = append(p.GoFiles, name)
		}
	}
}

// check parses and type-checks a package, after those that it imports.
func (w *checker) check(p *load.Package) {
	if p.Types != nil {
		return
	}
	for _, name := range p.GoFiles {
		syntax, err := parser.ParseFile(w.prog.Fset, name, w.files[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			w.t.Fatal(err)
		}
		p.Syntax = append(p.Syntax, syntax)
	}
	p.Imports = map[string]*load.Package{}
	for _, syntax := range p.Syntax {
		for _, spec := range syntax.Imports {
			importPath, _ := strconv.Unquote(spec.Path.Value)
			imported := w.prog.Packages[importPath]
			if imported == nil {
				w.t.Fatalf("%s imports %s, which is not there", p.Path, importPath)
			}
			w.check(imported)
			p.Imports[importPath] = imported
		}
	}
	p.Info = &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{
		Importer: importerOf(p), GoVersion: "go1.26",
		Error: func(err error) { p.Errors = append(p.Errors, load.Error{Msg: err.Error()}) },
	}
	p.Types, _ = conf.Check(p.Path, w.prog.Fset, p.Syntax, p.Info) // errors are the package's
	p.Name = p.Types.Name()
	w.prog.Order = append(w.prog.Order, p)
}

type importer struct{ p *load.Package }

func importerOf(p *load.Package) types.Importer { return importer{p} }

func (i importer) Import(path string) (*types.Package, error) { return i.p.Imports[path].Types, nil }
