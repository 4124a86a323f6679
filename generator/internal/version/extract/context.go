package extract

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// What a context says is in no key (rule 8). A context is asked by its methods, through whatever interface; by functions of the standard
// library that look into it; and by whoever gets it as something else than a context, to print it for example.

// readsContext leads to a way of looking into a context.
func (e *encoder) readsContext(id facts.ID, pos token.Pos) {
	e.edgeAt(id.Prefixed(facts.ContextPrefix), facts.LooksInto, pos)
}

// asksContext notes a call of a method that contexts have, through any interface.
func (e *encoder) asksContext(m *types.Func) {
	sig := m.Signature()
	isAny := func(t types.Type) bool {
		i, ok := t.Underlying().(*types.Interface)
		return ok && i.Empty()
	}
	switch {
	case m.Name() == "Value" && sig.Params().Len() == 1 && sig.Results().Len() == 1 &&
		isAny(sig.Params().At(0).Type()) && isAny(sig.Results().At(0).Type()):
	case m.Name() == "Deadline" && sig.Params().Len() == 0 && sig.Results().Len() == 2 &&
		types.TypeString(sig.Results().At(0).Type(), nil) == "time.Time":
	default:
		return
	}
	e.readsContext(facts.ID{Package: "context", Name: "Context." + m.Name()}, e.pos)
}

// looksIntoContext notes a call of a function of the standard library that is given a context and may tell what is in it.
func (e *encoder) looksIntoContext(x *ast.CallExpr, f *types.Func) {
	if f == nil || f.Pkg() == nil {
		return
	}
	p := e.prog.Packages[f.Pkg().Path()]
	if p == nil || !p.Standard || !stdmodel.LooksIntoContext(IDOf(f)) {
		return
	}
	for v := range f.Signature().Params().Variables() {
		if stdmodel.IsContext(v.Type()) {
			e.readsContext(IDOf(f), x.Pos())
		}
	}
}

// assertsContext notes that a context is asked what it is: a type of the user's may have values in its fields.
func (e *encoder) assertsContext(from, to types.Type, pos token.Pos) {
	if from == nil || to == nil || !stdmodel.IsContext(from) {
		return
	}
	if i, ok := to.Underlying().(*types.Interface); !ok || !hasMethod(i, "Done") {
		e.readsContext(facts.ID{Package: "context", Name: "Context as " + typeName(to)}, pos)
	}
}

// showsContext notes that a context becomes something else than a context.
func (e *encoder) showsContext(from, to types.Type, pos token.Pos) {
	if !e.holdsContext(from, map[types.Type]bool{}) {
		return
	}
	if i, ok := to.Underlying().(*types.Interface); ok && (stdmodel.IsContext(from) && !stdmodel.IsContext(to) && !hasMethod(i, "Done") || i.Empty()) {
		e.readsContext(facts.ID{Package: "context", Name: "Context as " + typeName(to)}, pos)
	}
}

func hasMethod(i *types.Interface, name string) bool {
	for m := range i.Methods() {
		if m.Name() == name {
			return true
		}
	}
	return false
}

// holdsContext reports whether printing a value of type t would print a context. What is in types of other modules is theirs.
func (e *encoder) holdsContext(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if t == nil || seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		if stdmodel.IsContext(t) {
			return true
		}
		return t.Obj().Pkg() != nil && e.isLocal(t.Obj().Pkg().Path()) && e.holdsContext(t.Underlying(), seen)
	case *types.Map:
		return e.holdsContext(t.Key(), seen) || e.holdsContext(t.Elem(), seen)
	case interface{ Elem() types.Type }:
		return e.holdsContext(t.Elem(), seen)
	case *types.Struct:
		for f := range t.Fields() {
			if e.holdsContext(f.Type(), seen) {
				return true
			}
		}
	}
	return false
}
