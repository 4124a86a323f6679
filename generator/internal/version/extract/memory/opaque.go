package memory

import (
	"go/ast"
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// usesC reports whether files import C: what C does nobody sees, and there is no SSA form of it.
func usesC(files []*ast.File) bool {
	for _, f := range files {
		for _, spec := range f.Imports {
			if spec.Path.Value == `"C"` {
				return true
			}
		}
	}
	return false
}

// opaque describes a package of which the code can't be followed: each of its functions does anything to its parameters and to the package's
// variables.
func (x *extractor) opaque() {
	x.effects.Held = map[string]string{}
	var globals []facts.Source
	scope := x.Types.Scope()
	for _, name := range scope.Names() {
		if v, ok := scope.Lookup(name).(*types.Var); ok {
			globals = append(globals, facts.NewSource(facts.GlobalSource, x.global(x.IDOf(v)), false))
			x.effects.Held[name] = x.typeRow(types.NewPointer(v.Type()))
		}
	}
	for _, file := range x.Files {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				if fn, ok := x.Info.Defs[f.Name].(*types.Func); ok && x.Stubs[fn] == nil {
					x.opaqueBody(fn, x.Units(f.Name.Pos()), globals)
				}
			}
		}
	}
}

func (x *extractor) opaqueBody(fn *types.Func, units []facts.ID, globals []facts.Source) {
	b := &facts.Body{Name: facts.BodyName(x.IDOf(fn)), Units: [][]facts.ID{units}}
	sig := fn.Signature()
	var params []*types.Var
	if sig.Recv() != nil {
		params = append(params, sig.Recv())
	}
	for v := range sig.Params().Variables() {
		params = append(params, v)
	}
	known := append([]facts.Source{facts.NewSource(facts.UnknownSource, 0, false)}, globals...)
	for i, v := range params {
		b.Params = append(b.Params, x.typeRow(v.Type()))
		if refers(v.Type()) {
			known = append(known, facts.NewSource(facts.ParamSource, i, false), facts.NewSource(facts.ParamSource, i, true))
		}
	}
	anything := []int{x.location(facts.Anything)}
	b.Ops = []facts.Op{
		{Kind: facts.OpLeak, Base: known},
		{Kind: facts.OpLoad, Base: known, Locations: anything},
		{Kind: facts.OpStore, Base: known, Locations: anything},
	}
	b.Returns = known
	x.effects.Bodies = append(x.effects.Bodies, b)
}
