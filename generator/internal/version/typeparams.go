package version

import (
	"go/types"
	"slices"
	"strings"
)

// TypeParamUse is a use of a function's type parameter: if Callee is not given, one in which its methods can be called, otherwise
// as type argument at Index of the callee.
type TypeParamUse struct {
	Param        int
	Callee       ID
	Index        int
	Line, Column int
}

// usesMethods notes that the methods of whatever the type parameters in t stand for may be called.
func (e *encoder) usesMethods(t types.Type) {
	e.eachTypeParam(t, func(i int) {
		p := e.position(e.pos)
		e.node.TypeParams = append(e.node.TypeParams, TypeParamUse{Param: i, Line: p.Line, Column: p.Column})
	})
}

// passes notes that type parameters are passed on as a type argument.
func (e *encoder) passes(t types.Type, callee ID, index int) {
	e.eachTypeParam(t, func(i int) {
		p := e.position(e.pos)
		e.node.TypeParams = append(e.node.TypeParams, TypeParamUse{Param: i, Callee: callee, Index: index, Line: p.Line, Column: p.Column})
	})
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

// findTypeParams finds for each function and type the type parameters whose methods can be called.
func (g *Graph) findTypeParams() {
	g.methodsMatter = map[ID]map[int]TypeParamUse{}
	for changed := true; changed; {
		changed = false
		for _, n := range g.sorted {
			for _, use := range n.TypeParams {
				if use.Callee != (ID{}) && !g.matters(use.Callee, use.Index) {
					continue
				}
				for _, owner := range []ID{n.ID, n.Receiver} {
					if owner == (ID{}) {
						continue
					}
					if g.methodsMatter[owner] == nil {
						g.methodsMatter[owner] = map[int]TypeParamUse{}
					}
					if _, known := g.methodsMatter[owner][use.Param]; !known {
						g.methodsMatter[owner][use.Param] = use
						changed = true
					}
				}
			}
		}
	}
}

// matters reports whether a generic function or type may call methods of a type argument. Those of the standard library that are
// known not to are left out; of other modules nothing is known.
func (g *Graph) matters(callee ID, index int) bool {
	p := g.packages[callee.Package]
	if p == nil || p.local {
		_, ok := g.methodsMatter[callee][index]
		return ok
	}
	switch callee.Package {
	case "slices", "maps", "cmp", "iter", "sync", "sync/atomic", "unique", "weak":
		return false
	}
	return true
}

// typeParameters refuses generic functions that may call methods of their type arguments: those are in no version.
func (r *reviewer) typeParameters() {
	if r.f.Trust {
		return
	}
	uses := r.c.g.methodsMatter[r.root]
	for i, name := range r.f.TypeParams {
		use, ok := uses[i]
		if !ok {
			continue
		}
		n := r.c.g.nodes[r.root]
		at := n.At(Edge{Line: use.Line, Column: use.Column})
		how := "may call methods of its type parameter"
		r.errorf(r.root, "type-parameter", "%s %s %s (%s:%d:%d), whose code is in no version; say trust if callers vouch for them",
			r.name(r.root), how, name, baseName(at.Filename), at.Line, at.Column)
	}
}

func baseName(file string) string {
	return file[strings.LastIndexAny(file, `/\\`)+1:]
}
