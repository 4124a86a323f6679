package programs

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// checker tells whether programs compile, without compiling them.
type checker struct {
	fset     *token.FileSet
	standard types.Importer
	config   Config
}

// newChecker finds the export data of the standard library's packages.
func newChecker(config Config) (*checker, error) {
	args := append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}"}, slices.Sorted(maps.Values(standardPackages))...)
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		exports[path] = file
	}
	fset := token.NewFileSet()
	return &checker{fset: fset, config: config, standard: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(exports[path])
	})}, nil
}

// check returns what keeps the program from compiling.
func (c *checker) check(p *Program) error {
	checked := map[string]*types.Package{}
	for _, pkg := range order(p) {
		var files []*ast.File
		for _, name := range p.names() {
			if name.Package == pkg {
				f, err := parser.ParseFile(c.fset, fmt.Sprint(name), p.text(name, plainly), parser.SkipObjectResolution)
				if err != nil {
					return err
				}
				files = append(files, f)
			}
		}
		if pkg == top {
			f, err := parser.ParseFile(c.fset, "main", p.main(plainly), parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			files = append(files, f)
		}
		config := types.Config{Importer: importerFunc(func(path string) (*types.Package, error) {
			if own, ok := strings.CutPrefix(path, "m/"); ok {
				if checked[own] == nil {
					return nil, errors.New("import of nothing")
				}
				return checked[own], nil
			}
			return c.standard.Import(path)
		})}
		if len(files) == 0 {
			continue
		}
		info := &types.Info{InitOrder: []*types.Initializer{}}
		done, err := config.Check("m/"+pkg, c.fset, files, info)
		if err != nil {
			return err
		}
		checked[pkg] = done
	}
	return nil
}

func plainly(pkg string) string { return "m/" + pkg }

// order lists the packages, each after those that it imports.
func order(p *Program) []string {
	if slices.Contains(p.Imports[left], right) {
		return []string{base, lib, right, left, top}
	}
	return packages
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// compose makes a program that compiles.
func (c *checker) compose(seed uint64, id int, alone bool) *Program {
	for try := uint64(0); ; try++ {
		p := Compose(seed+try<<40, id, alone)
		p.policy(c.config.Policy)
		if !slices.ContainsFunc(p.Shapes, func(s string) bool { return slices.Contains(c.config.Without, s) }) && c.check(p) == nil {
			return p
		}
	}
}

// edit makes an edit after which the program still compiles.
func (c *checker) edit(p *Program, r *rand.Rand) Edit {
	for {
		if e := edits(p, r); e.After != nil && !e.After.same(p) && c.check(e.After) == nil {
			return e
		}
	}
}
