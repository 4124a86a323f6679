package extract

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// convert notes that a value of one type becomes one of another. If that is an interface, the methods of the first can be called from
// here on by whoever gets the value.
func (e *encoder) convert(from, to types.Type, pos token.Pos) { e.convertAs(methodsID, from, to, pos) }

// convertAs is convert for a value of which some methods can be called, if it becomes something of
// which nothing is known.
func (e *encoder) convertAs(methods func(*types.TypeName) facts.ID, from, to types.Type, pos token.Pos) {
	if from == nil || to == nil || !isInterface(to) {
		return
	}
	e.showsContext(from, to, pos)
	if isInterface(from) {
		return
	}
	under := to.Underlying().(*types.Interface)
	if under.NumMethods() > 0 {
		methods = methodsID
	}
	// What a type parameter stands for is noted where it is instantiated.
	e.dynamicAs(methods, from, facts.Converts, pos)
	e.anonymousMethods(from, pos)
	if under.NumMethods() == 0 || isTypeParam(from) {
		e.usesMethods(from) // by reflection, of all that it holds
	}
}

// isTypeParam reports whether t is a type parameter or a pointer to one.
func isTypeParam(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := types.Unalias(deref(t)).(*types.TypeParam)
	return ok
}

// isInterface reports whether values of t are of a dynamic type. Those of a type parameter are not.
func isInterface(t types.Type) bool {
	_, isParam := types.Unalias(t).(*types.TypeParam)
	return !isParam && types.IsInterface(t)
}

func (e *encoder) convertExpr(x ast.Expr, to types.Type) {
	if x != nil {
		e.convert(e.typeOf(x), to, x.Pos())
	}
}

// convertEach converts expressions, or the results of the only one, to the types at their places.
func (e *encoder) convertEach(list []ast.Expr, to func(i int) types.Type) {
	e.convertEachAs(methodsID, list, to)
}

func (e *encoder) convertEachAs(methods func(*types.TypeName) facts.ID, list []ast.Expr, to func(i int) types.Type) {
	if len(list) == 1 {
		if t, ok := e.typeOf(list[0]).(*types.Tuple); ok {
			for i := range t.Len() {
				e.convertAs(methods, t.At(i).Type(), to(i), list[0].Pos())
			}
			return
		}
	}
	for i, x := range list {
		e.convertAs(methods, e.typeOf(x), to(i), x.Pos())
	}
}

func (e *encoder) convertArguments(x *ast.CallExpr) {
	fun := e.info.Types[x.Fun]
	switch {
	case fun.IsType():
		if len(x.Args) == 1 {
			e.convertExpr(x.Args[0], fun.Type)
		}
	case fun.IsBuiltin():
		e.convertBuiltin(x)
	case fun.Type != nil:
		if sig, ok := core(fun.Type).(*types.Signature); ok {
			e.convertEachAs(e.askingIn(x), x.Args, func(i int) types.Type { return paramType(sig, i, x.Ellipsis.IsValid()) })
		}
	}
}

// paramType is the type that the argument at i becomes.
func paramType(sig *types.Signature, i int, spread bool) types.Type {
	n := sig.Params().Len()
	if sig.Variadic() && i >= n-1 {
		last := sig.Params().At(n - 1).Type()
		if s, ok := last.Underlying().(*types.Slice); ok && !spread {
			return s.Elem()
		}
		return last
	}
	if i >= n {
		return nil
	}
	return sig.Params().At(i).Type()
}

func (e *encoder) convertBuiltin(x *ast.CallExpr) {
	empty := types.Universe.Lookup("any").Type()
	switch builtinName(e.info, x) {
	case "append":
		if s, ok := core(e.typeOf(x)).(*types.Slice); ok && !x.Ellipsis.IsValid() {
			for _, a := range x.Args[1:] {
				e.convertExpr(a, s.Elem())
			}
		}
	case "delete":
		if m, ok := core(e.typeOf(x.Args[0])).(*types.Map); ok {
			e.convertExpr(x.Args[1], m.Key())
		}
	case "panic", "print", "println":
		for _, a := range x.Args {
			e.convertExpr(a, empty)
		}
	}
}

// builtinName is the name of the builtin that x calls, or "".
func builtinName(info *types.Info, x *ast.CallExpr) string {
	switch f := ast.Unparen(x.Fun).(type) {
	case *ast.Ident:
		if b, ok := info.Uses[f].(*types.Builtin); ok {
			return b.Name()
		}
	case *ast.SelectorExpr:
		if b, ok := info.Uses[f.Sel].(*types.Builtin); ok {
			return b.Name()
		}
	}
	return ""
}

// convertAssign includes := where it assigns to variables that exist.
func (e *encoder) convertAssign(s *ast.AssignStmt) {
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
		return
	}
	e.convertEach(s.Rhs, func(i int) types.Type {
		if i >= len(s.Lhs) {
			return nil
		}
		return e.typeOf(s.Lhs[i])
	})
}

func (e *encoder) convertValues(spec *ast.ValueSpec) {
	if spec.Type == nil {
		return
	}
	t := e.typeOf(spec.Type)
	e.convertEach(spec.Values, func(int) types.Type { return t })
}

func (e *encoder) convertReturn(s *ast.ReturnStmt) {
	if len(e.results) == 0 {
		return
	}
	results := e.results[len(e.results)-1]
	e.convertEach(s.Results, func(i int) types.Type {
		if results == nil || i >= results.Len() {
			return nil
		}
		return results.At(i).Type()
	})
}

func (e *encoder) convertElements(x *ast.CompositeLit) {
	t := core(e.typeOf(x))
	if p, ok := t.(*types.Pointer); ok {
		t = core(p.Elem())
	}
	for i, el := range x.Elts {
		var key ast.Expr
		if pair, ok := el.(*ast.KeyValueExpr); ok {
			key, el = pair.Key, pair.Value
		}
		switch t := t.(type) {
		case *types.Struct:
			e.convertExpr(el, e.fieldType(t, key, i))
		case *types.Slice:
			e.convertExpr(el, t.Elem())
		case *types.Array:
			e.convertExpr(el, t.Elem())
		case *types.Map:
			e.convertExpr(key, t.Key())
			e.convertExpr(el, t.Elem())
		}
	}
}

// fieldType is the type of the field that an element of a literal sets, by name or place.
func (e *encoder) fieldType(t *types.Struct, key ast.Expr, i int) types.Type {
	if id, ok := key.(*ast.Ident); ok {
		if f := e.info.Uses[id]; f != nil {
			return f.Type()
		}
		return nil
	}
	if i < t.NumFields() {
		return t.Field(i).Type()
	}
	return nil
}

func (e *encoder) convertSend(s *ast.SendStmt) {
	if c, ok := core(e.typeOf(s.Chan)).(*types.Chan); ok {
		e.convertExpr(s.Value, c.Elem())
	}
}

func (e *encoder) convertIndex(x *ast.IndexExpr) {
	if m, ok := core(e.typeOf(x.X)).(*types.Map); ok {
		e.convertExpr(x.Index, m.Key())
	}
}

func (e *encoder) convertComparison(x *ast.BinaryExpr) {
	if x.Op == token.EQL || x.Op == token.NEQ {
		e.convertExpr(x.X, e.typeOf(x.Y))
		e.convertExpr(x.Y, e.typeOf(x.X))
	}
}

func (e *encoder) convertCases(s *ast.SwitchStmt) {
	if s.Tag == nil {
		return
	}
	for _, c := range s.Body.List {
		for _, x := range c.(*ast.CaseClause).List {
			e.convertExpr(x, e.typeOf(s.Tag))
			e.convert(e.typeOf(s.Tag), e.typeOf(x), x.Pos())
		}
	}
}

// convertRange includes iterators, whose values are parameters of yield.
func (e *encoder) convertRange(s *ast.RangeStmt) {
	if s.Tok != token.ASSIGN {
		return
	}
	var key, value types.Type
	switch t := core(e.typeOf(s.X)).(type) {
	case *types.Slice:
		value = t.Elem()
	case *types.Array:
		value = t.Elem()
	case *types.Pointer:
		if a, ok := core(t.Elem()).(*types.Array); ok {
			value = a.Elem()
		}
	case *types.Map:
		key, value = t.Key(), t.Elem()
	case *types.Chan:
		key = t.Elem()
	case *types.Signature:
		key, value = yielded(t)
	case *types.Basic:
		key = e.typeOf(s.X)
	}
	if s.Key != nil {
		e.convert(key, e.typeOf(s.Key), s.Key.Pos())
	}
	if s.Value != nil {
		e.convert(value, e.typeOf(s.Value), s.Value.Pos())
	}
}

// yielded are the types that an iterator yields.
func yielded(iterator *types.Signature) (key, value types.Type) {
	if iterator.Params().Len() != 1 {
		return nil, nil
	}
	yield, ok := core(iterator.Params().At(0).Type()).(*types.Signature)
	if !ok {
		return nil, nil
	}
	if yield.Params().Len() > 0 {
		key = yield.Params().At(0).Type()
	}
	if yield.Params().Len() > 1 {
		value = yield.Params().At(1).Type()
	}
	return key, value
}
