package extract

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/version/extract/memory"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Two inputs are equal if what they point to is. A function that compares pointers can tell equal inputs apart, and so can one that asks
// a slice for its capacity.

// identity notes that values of type t are told apart by what they are, not by what they hold.
func (e *encoder) identity(t types.Type, pos token.Pos) {
	if t == nil || e.quiet {
		return
	}
	w := identityWalker{seen: map[types.Type]bool{}, found: map[string]bool{}}
	w.compared(t)
	e.noteIdentity(w, pos)
}

func (e *encoder) noteIdentity(w identityWalker, pos token.Pos) {
	if len(w.found) == 0 && !w.any && !w.errors {
		return
	}
	p := e.position(pos)
	e.node.Identities = append(e.node.Identities, facts.Identity{Reach: w.pointees(), Line: p.Line, Column: p.Column})
}

// compares notes a comparison of pointers. One with nil asks for no identity.
func (e *encoder) compares(x, y ast.Expr, pos token.Pos) {
	a, b := e.typeOf(x), e.typeOf(y)
	if a == nil || b == nil || e.info.Types[x].IsNil() || e.info.Types[y].IsNil() {
		return
	}
	switch {
	case !isInterface(a):
		e.identity(a, pos)
	case !isInterface(b):
		e.identity(b, pos)
	default:
		e.identity(a, pos)
	}
}

// comparesCases notes what a switch compares its operand with.
func (e *encoder) comparesCases(s *ast.SwitchStmt) {
	if s.Tag == nil {
		return
	}
	for _, c := range s.Body.List {
		for _, x := range c.(*ast.CaseClause).List {
			e.compares(s.Tag, x, x.Pos())
		}
	}
}

// comparesKeys notes that keys of a map are looked for.
func (e *encoder) comparesKeys(m ast.Expr, pos token.Pos) {
	if t, ok := core(e.typeOf(m)).(*types.Map); ok {
		e.identity(t.Key(), pos)
	}
}

// comparesByCall notes what a call asks of the identity of its arguments: their capacity, or the keys of a map without types.
func (e *encoder) comparesByCall(x *ast.CallExpr, f *types.Func) {
	switch builtinName(e.info, x) {
	case "cap":
		e.capacity(x.Args[0])
	case "delete":
		e.comparesKeys(x.Args[0], x.Pos())
	}
	if f != nil && f.Signature().Recv() != nil && len(x.Args) > 0 && receiverName(f.Signature().Recv().Type()) == "Map" && pathOf(f) == "sync" {
		e.identity(e.typeOf(x.Args[0]), x.Pos())
	}
	if fun := e.info.Types[x.Fun]; fun.IsType() && types.Identical(fun.Type.Underlying(), types.Typ[types.Uintptr]) {
		if b, ok := e.typeOf(x.Args[0]).Underlying().(*types.Basic); ok && b.Kind() == types.UnsafePointer {
			e.noteIdentity(identityWalker{any: true}, x.Pos())
		}
	}
}

// capacity notes that the capacity of a parameter is asked for.
func (e *encoder) capacity(x ast.Expr) {
	v := rootVariable(e.info, x)
	if s, ok := core(e.typeOf(x)).(*types.Slice); ok && v != nil && e.parameters[v] {
		e.noteIdentity(identityWalker{found: map[string]bool{typeName(s.Elem()): true}}, x.Pos())
	}
}

// comparesArgument notes that code with a type parameter that is comparable gets a type argument.
func (e *encoder) comparesArgument(p *types.TypeParam, arg types.Type, pos token.Pos) {
	if constraint, ok := p.Constraint().Underlying().(*types.Interface); ok && constraint.IsComparable() {
		e.identity(arg, pos)
	}
}

// identityWalker collects the types that pointers point to.
type identityWalker struct {
	seen  map[types.Type]bool
	found map[string]bool
	any   bool
	// errors says that errors are compared, or that pointers to some of the types are errors.
	errors bool
	// packages are those of the program, by path.
	packages map[string]*load.Package
}

// compared visits what == compares by address in values of a type.
func (w *identityWalker) compared(t types.Type) {
	t = types.Unalias(t)
	if w.seen[t] {
		return
	}
	w.seen[t] = true
	if _, ok := t.(*types.TypeParam); ok {
		return // where it is instantiated its argument is compared
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		w.found[typeName(u.Elem())] = true
	case *types.Chan:
		w.any = true
	case *types.Basic:
		w.any = w.any || u.Kind() == types.UnsafePointer
	case *types.Interface:
		if memory.IsError(t) {
			w.errors = true
		} else {
			w.any = true
		}
	case *types.Array:
		w.compared(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			w.compared(f.Type())
		}
	}
}

// pointeesOf are the types that can be pointed to in values of type t.
func pointeesOf(t types.Type, packages map[string]*load.Package) facts.Pointees {
	w := identityWalker{seen: map[types.Type]bool{}, found: map[string]bool{}, packages: packages}
	w.reach(t, false)
	return w.pointees()
}

func (w *identityWalker) pointees() facts.Pointees {
	return facts.Pointees{Any: w.any, Errors: w.errors, Types: slices.Sorted(maps.Keys(w.found))}
}

// reach visits what memory can be reached from values of a type; within says that they are in such memory themselves.
func (w *identityWalker) reach(t types.Type, within bool) {
	t = types.Unalias(t)
	if within {
		w.found[typeName(t)] = true
		w.errors = w.errors || types.Implements(types.NewPointer(t), errorType)
	}
	if w.seen[t] {
		return
	}
	w.seen[t] = true
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() == nil {
		w.any = w.any || types.IsInterface(t)
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		w.reach(u.Elem(), true)
	case *types.Slice:
		w.reach(u.Elem(), true)
	case *types.Map:
		w.reach(u.Key(), false)
		w.reach(u.Elem(), false)
	case *types.Array:
		w.reach(u.Elem(), within)
	case *types.Struct:
		for f := range u.Fields() {
			if f.Exported() || !w.isOpaque(t) {
				w.reach(f.Type(), within)
			}
		}
	case *types.Interface:
		w.any = true
	}
}

// isOpaque reports whether the standard library keeps the fields of a type to itself: pointers in them are nobody's to compare.
func (w *identityWalker) isOpaque(t types.Type) bool {
	n, ok := t.(*types.Named)
	if !ok {
		return false
	}
	p := w.packages[pathOf(n.Obj())]
	return p != nil && p.Standard
}

var errorType = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

func typeName(t types.Type) string { return types.TypeString(types.Unalias(t), nil) }
