package memory

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

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

// opaque describes a package of which the code can't be followed. Each of its declarations does anything to its parameters, to the package's
// variables and to the variables of others that it mentions, and calls whatever it mentions with all of that. Any of its types may be in an
// interface, and any of its functions may be a value.
func (x *extractor) opaque() {
	x.effects.Held = map[string]string{}
	var globals []facts.Source
	scope := x.Types.Scope()
	for _, name := range scope.Names() {
		switch o := scope.Lookup(name).(type) {
		case *types.Var:
			globals = append(globals, facts.NewSource(facts.GlobalSource, x.global(x.IDOf(o)), false))
			x.effects.Held[name] = x.typeRow(types.NewPointer(o.Type()))
		case *types.TypeName:
			if !o.IsAlias() && !types.IsInterface(o.Type()) && x.Wrapped(o) == nil {
				x.convert(o.Type())
				x.convert(types.NewPointer(o.Type()))
			}
		}
	}
	for _, file := range x.Files {
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if fn, ok := x.Info.Defs[decl.Name].(*types.Func); ok && x.Wrapped(fn) == nil {
					name := facts.BodyName(x.IDOf(fn))
					x.opaqueBody(name, x.Units(decl.Name.Pos()), fn.Signature(), globals, decl)
					x.effects.Values = append(x.effects.Values, facts.FuncValue{Body: name, Key: x.callKey(fn.Signature())})
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if v, ok := spec.(*ast.ValueSpec); ok && decl.Tok == token.VAR && len(v.Values) > 0 {
						name := fmt.Sprintf("%s\x00(variables %d)", x.Types.Path(), len(x.effects.Bodies))
						x.opaqueBody(name, x.Units(v.Names[0].Pos()), types.NewSignatureType(nil, nil, nil, nil, nil, false), globals, v)
					}
				}
			}
		}
	}
}

// opaqueBody describes a declaration with a signature.
func (x *extractor) opaqueBody(name string, units []facts.ID, sig *types.Signature, globals []facts.Source, code ast.Node) {
	b := &facts.Body{Name: name, Units: [][]facts.ID{units}}
	var params []*types.Var
	if sig.Recv() != nil {
		params = append(params, sig.Recv())
	}
	params = slices.AppendSeq(params, sig.Params().Variables())
	known := join(join(unknownSource, globals), []facts.Source{x.panicking() &^ 1})
	for i, v := range params {
		b.Params = append(b.Params, x.typeRow(v.Type()))
		if refers(v.Type()) {
			known = join(known, []facts.Source{facts.NewSource(facts.ParamSource, i, false), facts.NewSource(facts.ParamSource, i, true)})
		}
	}
	variables, calls := x.mentioned(code)
	known = join(known, variables)
	for i := range calls {
		calls[i].Result, calls[i].Error = 2*i+1, 2*i+2
		for _, n := range []int{calls[i].Result, calls[i].Error} {
			known = join(known, []facts.Source{facts.NewSource(facts.ResultSource, n, false), facts.NewSource(facts.ResultSource, n, true)})
		}
	}
	for i := range calls {
		for k := range calls[i].Args {
			calls[i].Args[k] = facts.Arg{Value: known}
		}
	}
	anything := []int{x.location(facts.Anything)}
	b.Ops = append(calls,
		facts.Op{Kind: facts.OpLeak, Base: known},
		facts.Op{Kind: facts.OpLoad, Base: known, Locations: anything},
		facts.Op{Kind: facts.OpStore, Base: known, Locations: anything},
	)
	returnsAll(b, known)
	x.effects.Bodies = append(x.effects.Bodies, b)
}

// mentioned are the package variables that code mentions, and calls of the functions and methods that it mentions and of the function values that
// it calls.
func (x *extractor) mentioned(code ast.Node) (variables []facts.Source, calls []facts.Op) {
	seen := map[string]bool{}
	call := func(o facts.Op, sig *types.Signature) {
		if o.Kind = facts.OpInvoke; seen[o.Callee+o.Key] {
			return
		}
		seen[o.Callee+o.Key] = true
		n := sig.Params().Len()
		if sig.Recv() != nil {
			n++
		}
		o.Args = make([]facts.Arg, n)
		calls = append(calls, o)
	}
	ast.Inspect(code, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			switch o := x.Info.Uses[n].(type) {
			case *types.Var:
				if o.Pkg() != nil && o.Parent() == o.Pkg().Scope() && x.isLocal(o.Pkg().Path()) && x.Wrapped(o) == nil {
					variables = join(variables, []facts.Source{facts.NewSource(facts.GlobalSource, x.global(x.IDOf(o)), false)})
				}
			case *types.Func:
				if recv := o.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
					call(facts.Op{Key: methodKey(o)}, o.Signature())
					call(facts.Op{Key: outsideKey(o)}, o.Signature())
				} else {
					call(facts.Op{Callee: x.implementation(o)}, o.Origin().Signature())
				}
			}
		case *ast.CallExpr:
			if t := x.Info.TypeOf(n.Fun); t != nil {
				if sig, ok := t.Underlying().(*types.Signature); ok {
					call(facts.Op{Key: x.callKey(sig)}, sig)
				}
			}
		}
		return true
	})
	return variables, calls
}
