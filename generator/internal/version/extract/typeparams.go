package extract

import (
	"go/types"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// usesMethods notes that the methods of whatever the type parameters in t stand for may be called.
func (e *encoder) usesMethods(t types.Type) {
	e.eachTypeParam(t, func(i int) {
		p := e.position(e.pos)
		e.node.TypeParams = append(e.node.TypeParams, facts.TypeParamUse{Param: i, Line: p.Line, Column: p.Column})
	})
}

// passes notes that type parameters are passed on as a type argument.
func (e *encoder) passes(t types.Type, callee facts.ID, index int) {
	e.passesContext(t, callee, index)
	e.eachTypeParam(t, func(i int) {
		p := e.position(e.pos)
		e.node.TypeParams = append(e.node.TypeParams, facts.TypeParamUse{Param: i, Callee: callee, Index: index, Line: p.Line, Column: p.Column})
	})
}

// passesContext notes that a context is a type argument.
func (e *encoder) passesContext(t types.Type, callee facts.ID, index int) {
	if stdmodel.IsContext(t) && !e.quiet {
		p := e.position(e.pos)
		e.node.ContextArgs = append(e.node.ContextArgs, facts.TypeParamUse{Callee: callee, Index: index, Line: p.Line, Column: p.Column})
	}
}

// eachTypeParam visits the function's own type parameters in a type that can stand for types with methods.
func (e *encoder) eachTypeParam(t types.Type, visit func(int)) {
	if len(e.typeParameters) == 0 || t == nil {
		return
	}
	seen := map[types.Type]bool{}
	var walk func(t types.Type)
	walk = func(t types.Type) {
		t = types.Unalias(t)
		if t == nil || seen[t] {
			return
		}
		seen[t] = true
		switch t := t.(type) {
		case *types.TypeParam:
			if i := slices.Index(e.typeParameters, t); i >= 0 && !onlyBasic(t) {
				visit(i)
			}
		case *types.Named:
			for arg := range t.TypeArgs().Types() {
				walk(arg)
			}
		case *types.Pointer:
			walk(t.Elem())
		case *types.Slice:
			walk(t.Elem())
		case *types.Array:
			walk(t.Elem())
		case *types.Chan:
			walk(t.Elem())
		case *types.Map:
			walk(t.Key())
			walk(t.Elem())
		case *types.Struct:
			for f := range t.Fields() {
				walk(f.Type())
			}
		}
	}
	walk(t)
}

// onlyBasic reports whether a type parameter can only stand for predeclared types, which have no methods.
func onlyBasic(p *types.TypeParam) bool {
	constraint, ok := p.Constraint().Underlying().(*types.Interface)
	if !ok || constraint.NumEmbeddeds() == 0 {
		return false
	}
	for embedded := range constraint.EmbeddedTypes() {
		switch u := embedded.Underlying().(type) {
		case *types.Union:
			for term := range u.Terms() {
				if _, basic := term.Type().(*types.Basic); !basic || term.Tilde() {
					return false
				}
			}
		case *types.Basic:
		default:
			return false
		}
	}
	return true
}
