package version

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/version/extract"
)

// testRoots makes roots of the exported functions of a package with a result. A line "//root: words" above a function says what its
// options would: "body", "ignore=name", "uses=function".
func testRoots(t *testing.T, prog *load.Program, p *load.Package) map[string]extract.Root {
	t.Helper()
	roots := map[string]extract.Root{}
	for _, file := range p.Syntax {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || f.Type.Results == nil || f.Recv != nil && !hasRootLine(f) {
				continue
			}
			fn := p.Info.Defs[f.Name].(*types.Func)
			name := extract.IDOf(fn).Name
			roots[name] = testRoot(t, prog, fn, f)
		}
	}
	return roots
}

func testRoot(t *testing.T, prog *load.Program, fn *types.Func, f *ast.FuncDecl) extract.Root {
	root := extract.Root{Func: fn}
	var ignored []string
	if f.Doc != nil {
		for _, c := range f.Doc.List {
			words, ok := strings.CutPrefix(c.Text, "//root:")
			if !ok {
				continue
			}
			for word := range strings.FieldsSeq(words) {
				switch name, value, _ := strings.Cut(word, "="); name {
				case "body":
					root.Body = true
				case "ignore":
					ignored = append(ignored, value)
				case "uses":
					root.Functions = append(root.Functions, function(t, prog, fn.Pkg().Path(), value))
				default:
					t.Fatalf("unknown word %q", word)
				}
			}
		}
	}
	sig := fn.Signature()
	var params []*types.Var
	if sig.Recv() != nil {
		params = append(params, sig.Recv())
	}
	params = slices.AppendSeq(params, sig.Params().Variables())
	for _, v := range params {
		if !slices.Contains(ignored, v.Name()) {
			root.Dynamic = append(root.Dynamic, v.Type())
		}
	}
	for v := range sig.Results().Variables() {
		root.Dynamic = append(root.Dynamic, v.Type())
	}
	return root
}

// hasRootLine reports whether a method is asked for.
func hasRootLine(f *ast.FuncDecl) bool {
	return f.Doc != nil && slices.ContainsFunc(f.Doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//root:") })
}
