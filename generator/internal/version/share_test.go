package version

import (
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/model"
	"github.com/cachegen/cachegen/generator/internal/version/extract"
)

// asCached is a function as //cache:auto would have it, with parameters that can't be keyed ignored.
func asCached(prog *load.Program, fn *types.Func) extract.Root {
	f := &model.Function{Obj: fn, Name: extract.IDOf(fn).String(), Pos: prog.Fset.Position(fn.Pos()), Decl: declarationOf(prog, fn)}
	for v := range fn.Signature().Params().Variables() {
		p := &model.Param{Var: v, Name: v.Name()}
		switch v.Type().Underlying().(type) {
		case *types.Interface, *types.Signature, *types.Chan:
			p.Ignored = true
		}
		f.Params = append(f.Params, p)
		if types.TypeString(v.Type(), nil) == "context.Context" {
			f.Context = p
		}
	}
	r := extract.RootOf(f)
	for v := range fn.Signature().Results().Variables() {
		r.Dynamic = append(r.Dynamic, v.Type())
	}
	return r
}

// declarationOf finds the declaration of a function.
func declarationOf(prog *load.Program, fn *types.Func) *ast.FuncDecl {
	p := prog.Packages[fn.Pkg().Path()]
	for _, file := range p.Syntax {
		for _, decl := range file.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok && p.Info.Defs[d.Name] == fn {
				return d
			}
		}
	}
	return &ast.FuncDecl{Name: ast.NewIdent(fn.Name()), Type: &ast.FuncType{}}
}

// cacheable are the functions of a program that a user might cache: exported ones of packages, with results.
func cacheable(prog *load.Program) []*types.Func {
	var found []*types.Func
	for _, p := range prog.Roots {
		if p.Types == nil || p.Name == "main" || len(p.Errors) > 0 {
			continue
		}
		for _, name := range p.Types.Scope().Names() {
			fn, ok := p.Types.Scope().Lookup(name).(*types.Func)
			if ok && fn.Exported() && fn.Signature().Results().Len() > 0 {
				found = append(found, fn)
			}
		}
	}
	return found
}

// TestShares counts, for the exported functions with results of whole modules, what would be said if they were cached, and how much they
// reach. Warnings are to be few enough to be read.
func TestShares(t *testing.T) {
	for _, dir := range experimentModules(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			prog := loadModule(t, dir, nil)
			g := wholeOf(prog)
			said := map[string]int{}
			var sizes, ofData []int
			warned, refused := 0, 0
			for _, fn := range cacheable(prog) {
				v, err := g.of(asCached(prog, fn))
				if err != nil {
					continue
				}
				sizes = append(sizes, len(v.Explain().Parts))
				if isData(prog, fn, fn.Signature().Params()) && isData(prog, fn, fn.Signature().Results()) {
					ofData = append(ofData, sizes[len(sizes)-1])
				}
				var warnings, errors bool
				for _, d := range v.Warnings {
					said[d.Category]++
					warnings = warnings || d.IsWarning()
					errors = errors || !d.IsWarning()
					if testing.Verbose() && len(sizes)%25 == 0 {
						t.Log(d)
					}
				}
				if warnings {
					warned++
				}
				if errors {
					refused++
				}
			}
			slices.Sort(sizes)
			n := len(sizes)
			if n == 0 || warned*2 > n {
				t.Fatalf("%d of %d functions get a warning", warned, n)
			}
			t.Logf("%d functions: %d warned of, %d refused; %s; reach 10 %%: %d, half: %d, 90 %%: %d of %d nodes",
				n, warned, refused, counted(said), sizes[n/10], sizes[n/2], sizes[n*9/10], g.graph.Size())
			logSizes(t, ofData)
		})
	}
}

// logSizes says how many definitions are in the versions of functions of data.
func logSizes(t *testing.T, sizes []int) {
	if len(sizes) == 0 {
		return
	}
	slices.Sort(sizes)
	sum, big := 0, 0
	for _, n := range sizes {
		sum += n
		if n > 50 {
			big++
		}
	}
	t.Logf("%d functions of data: mean %d definitions, median %d, %d have more than 50", len(sizes), sum/len(sizes), sizes[len(sizes)/2], big)
}
