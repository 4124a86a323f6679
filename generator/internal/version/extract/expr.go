package extract

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// expr writes an expression. Constants are their values, types what they denote, parentheses nothing.
func (e *encoder) expr(x ast.Expr) {
	if x == nil {
		e.op("nothing")
		return
	}
	x = ast.Unparen(x)
	e.pos = x.Pos()
	if tv, ok := e.info.Types[x]; ok {
		switch {
		case tv.Value != nil && !e.dependsOnTarget(x):
			e.constant(x, tv)
			return
		case tv.IsType():
			e.dependsOnTarget(x) // the length of an array
			e.op("type")
			e.typ(tv.Type)
			return
		}
	}
	switch x := x.(type) {
	case *ast.Ident:
		e.ident(x)
	case *ast.SelectorExpr:
		e.selector(x)
	case *ast.BasicLit: // of an expression that depends on the target
		e.op("literal")
		e.text(x.Value)
	case *ast.CompositeLit:
		e.compositeLit(x)
	case *ast.FuncLit:
		e.literals = append(e.literals, x)
		e.funcLit(x)
	case *ast.CallExpr:
		e.call(x)
	case *ast.UnaryExpr:
		if x.Op == token.AND {
			e.write(x.X)
		}
		e.op("unary")
		e.text(x.Op.String())
		e.expr(x.X)
	case *ast.BinaryExpr:
		e.convertComparison(x)
		if x.Op == token.EQL || x.Op == token.NEQ {
			e.compares(x.X, x.Y, x.OpPos)
		}
		e.op("binary")
		e.text(x.Op.String())
		e.expr(x.X)
		e.expr(x.Y)
	case *ast.StarExpr:
		e.op("star")
		e.expr(x.X)
	case *ast.IndexExpr:
		e.index(x)
	case *ast.IndexListExpr: // a function, instantiated explicitly: ident says how
		e.expr(x.X)
	case *ast.SliceExpr:
		e.op("slice of")
		e.flag(x.Slice3)
		e.expr(x.X)
		e.expr(x.Low)
		e.expr(x.High)
		e.expr(x.Max)
	case *ast.TypeAssertExpr:
		e.assertsContext(e.typeOf(x.X), e.typeOf(x.Type), x.Pos())
		e.op("assert")
		e.expr(x.X)
		e.expr(x.Type)
	case *ast.KeyValueExpr:
		e.op("pair")
		e.expr(x.Key)
		e.expr(x.Value)
	default: // a type in a program that does not type-check
		e.op("other expression")
		e.text(types.ExprString(x))
	}
}

// constant writes a constant by type and exact value.
func (e *encoder) constant(x ast.Expr, tv types.TypeAndValue) {
	e.op("constant")
	e.typ(tv.Type)
	e.makesFile(x)
	e.text(exact(tv.Type, tv.Value))
	ast.Inspect(x, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			e.mentionConstant(id)
		}
		return true
	})
}

// mentionConstant records a named constant for explanations. Where another package declares it and files of that package are left
// out, those may declare it too.
func (e *encoder) mentionConstant(id *ast.Ident) {
	c, ok := e.info.Uses[id].(*types.Const)
	if !ok || c.Pkg() == nil || !isPackageLevel(c) {
		return
	}
	if stdmodel.UnseenOf(IDOf(c)) != nil {
		e.edgeAt(IDOf(c), facts.Uses, id.Pos())
	}
	e.part("constant "+IDOf(c).String(), c.Val().ExactString())
	if p := e.prog.Packages[c.Pkg().Path()]; p != nil && p.Local() && len(p.IgnoredFiles) > 0 {
		e.edgeAt(facts.ID{Package: p.Path, Name: facts.OtherTargetsName}, facts.BuiltWith, id.Pos())
	}
}

// exact is a constant's value in one form for its type.
func exact(t types.Type, v constant.Value) string {
	if b, ok := t.Underlying().(*types.Basic); ok {
		switch {
		case b.Info()&types.IsInteger != 0:
			v = constant.ToInt(v)
		case b.Info()&types.IsFloat != 0:
			v = constant.ToFloat(v)
		case b.Info()&types.IsComplex != 0:
			v = constant.ToComplex(v)
		}
	}
	return v.ExactString()
}

func (e *encoder) ident(x *ast.Ident) {
	if x.Name == "_" {
		e.op("blank")
		return
	}
	o := e.info.ObjectOf(x)
	switch {
	case o == nil:
		e.op("unresolved")
		e.text(x.Name)
	case isField(o):
		e.op("field")
		e.text(o.(*types.Var).Id())
	case o.Pkg() != nil && !isPackageLevel(o) && !isMethod(o):
		if c, ok := o.(*types.Const); ok && e.targetConstants.local[c] != nil {
			e.expr(e.targetConstants.local[c])
			return
		}
		e.local(o)
	default:
		e.ref(o)
		e.instance(x)
	}
}

func isField(o types.Object) bool {
	v, ok := o.(*types.Var)
	return ok && v.IsField()
}

func isMethod(o types.Object) bool {
	f, ok := o.(*types.Func)
	return ok && f.Signature().Recv() != nil
}

// instance writes the type arguments of a generic function, also those that are inferred.
func (e *encoder) instance(x *ast.Ident) {
	in, ok := e.info.Instances[x]
	if !ok {
		e.count(0)
		return
	}
	e.count(in.TypeArgs.Len())
	for i := range in.TypeArgs.Len() {
		arg := in.TypeArgs.At(i)
		e.typ(arg)
		e.dynamic(arg, facts.TypeArgument, x.Pos())
		if o := e.info.Uses[x]; o != nil {
			e.passes(arg, IDOf(o), i)
			if sig, ok := o.Type().(*types.Signature); ok && i < sig.TypeParams().Len() {
				e.comparesArgument(sig.TypeParams().At(i), arg, x.Pos())
			}
		}
	}
}

func (e *encoder) selector(x *ast.SelectorExpr) {
	sel, ok := e.info.Selections[x]
	if !ok { // a qualified identifier
		if o := e.info.Uses[x.Sel]; o != nil {
			e.ref(o)
			e.instance(x.Sel)
			return
		}
		e.cgoSelector(x)
		return
	}
	switch sel.Kind() {
	case types.MethodExpr:
		e.op("method expression")
		e.typ(sel.Recv())
		e.dynamicReceiver(sel)
		e.dispatches(x, sel)
	case types.MethodVal:
		e.op("method")
		e.takesInstant(x)
		e.expr(x.X)
	default:
		e.op("field of")
		e.expr(x.X)
	}
	e.pos = x.Sel.Pos()
	m, ok := sel.Obj().(*types.Func)
	switch {
	case !ok:
		e.text(sel.Obj().(*types.Var).Id())
	case types.IsInterface(m.Signature().Recv().Type()):
		if isTypeParam(e.typeOf(x.X)) {
			e.usesMethods(e.typeOf(x.X))
		}
		e.op("of interface")
		e.text(m.Id())
		e.outsideInterface(m)
		e.callsByName(m)
		e.asksContext(m)
	default:
		e.ref(m)
		if sel.Kind() == types.MethodVal && takesAddress(m, e.typeOf(x.X)) {
			e.write(x.X)
		}
	}
}

// outsideInterface leads to an interface of another module: its method may be all that is mentioned of it.
func (e *encoder) outsideInterface(m *types.Func) {
	if m.Pkg() != nil && m.Pkg() != e.pkg.Types {
		e.edge(IDOf(m), facts.Calls)
	}
}

// callsByName notes that a method without an exported name is called through an interface. Only
// code of its package can do that.
func (e *encoder) callsByName(m *types.Func) {
	if m.Exported() || m.Pkg() != e.pkg.Types || e.quiet {
		return
	}
	id := facts.ID{Package: e.pkg.Path, Name: facts.CalledPrefix + m.Name()}
	if !e.dispatchers[id] {
		e.dispatchers[id] = true
		e.add(&facts.Node{ID: id, Kind: facts.Implementations})
	}
	e.edge(id, facts.Calls)
}

// dispatches leads to the function that an interface's method expression is.
func (e *encoder) dispatches(x *ast.SelectorExpr, sel *types.Selection) {
	sig, ok := e.typeOf(x).(*types.Signature)
	if ok && !e.quiet && types.IsInterface(sel.Obj().(*types.Func).Signature().Recv().Type()) {
		e.edge(e.dispatcher(sel, sig), facts.Uses)
	}
}

// dynamicReceiver leads to the methods of a type of which a method expression is used: a promoted method is called through it.
func (e *encoder) dynamicReceiver(sel *types.Selection) {
	if len(sel.Index()) > 1 {
		e.dynamic(sel.Recv(), facts.Uses, e.pos)
	}
}

// takesAddress reports whether calling m through an operand of type t takes the operand's address.
func takesAddress(m *types.Func, t types.Type) bool {
	p, ok := types.Unalias(m.Signature().Recv().Type()).(*types.Pointer)
	if !ok || t == nil || changesNothing(p.Elem()) {
		return false
	}
	_, isPointer := core(t).(*types.Pointer)
	return !isPointer
}

func (e *encoder) compositeLit(x *ast.CompositeLit) {
	e.convertElements(x)
	t := e.typeOf(x)
	if p, ok := types.Unalias(t).(*types.Pointer); ok { // of an element: {1} for &T{1}
		e.op("unary")
		e.text(token.AND.String())
		t = p.Elem()
	}
	e.op("composite")
	e.typ(t)
	e.count(len(x.Elts))
	for _, el := range x.Elts {
		e.expr(el)
	}
}

func (e *encoder) funcLit(x *ast.FuncLit) {
	e.op("function literal")
	e.fields(x.Type.Params)
	e.fields(x.Type.Results)
	var results *types.Tuple
	if sig, ok := e.typeOf(x).(*types.Signature); ok {
		results = sig.Results()
	}
	e.results = append(e.results, results)
	e.block(x.Body)
	e.results = e.results[:len(e.results)-1]
}

// fields writes parameters or results one by one, however they are grouped. Each takes a number, named or not.
func (e *encoder) fields(list *ast.FieldList) {
	e.count(list.NumFields())
	if list == nil {
		return
	}
	for _, f := range list.List {
		for i := range max(1, len(f.Names)) {
			if o := definedAt(e.info, f.Names, i); o != nil {
				e.number(o)
				e.parameter(o)
			} else {
				e.next++
			}
			e.paramType(f.Type)
		}
	}
}

func (e *encoder) parameter(o types.Object) {
	if v, ok := o.(*types.Var); ok {
		e.parameters[v] = true
	}
}

func definedAt(info *types.Info, names []*ast.Ident, i int) types.Object {
	if i >= len(names) {
		return nil
	}
	return info.Defs[names[i]]
}

func (e *encoder) paramType(x ast.Expr) {
	variadic, ok := x.(*ast.Ellipsis)
	e.flag(ok)
	if ok {
		x = variadic.Elt
	}
	e.expr(x)
}

func (e *encoder) call(x *ast.CallExpr) {
	e.convertArguments(x)
	e.writeByBuiltin(x)
	e.op("call")
	e.flag(x.Ellipsis.IsValid())
	e.callee(x)
	e.count(len(x.Args))
	for _, a := range x.Args {
		e.expr(a)
	}
}

// callee writes what is called.
func (e *encoder) callee(x *ast.CallExpr) {
	if l, ok := ast.Unparen(x.Fun).(*ast.FuncLit); ok { // nobody else can call it
		e.funcLit(l)
		return
	}
	f := typeutil.StaticCallee(e.info, x)
	e.comparesByCall(x, f)
	e.looksIntoContext(x, f)
	e.loadsLocal(x, f)
	switch {
	case f != nil && e.readsKeyedFile(f, x):
		e.edgeAt(IDOf(f).Prefixed(keyedFilePrefix), facts.Calls, x.Pos())
		was := e.quiet
		e.quiet = true
		defer func() { e.quiet = was }()
	case f != nil && x == e.instant:
		e.edgeAt(IDOf(f).Prefixed(facts.InstantPrefix), facts.Calls, x.Pos())
		was := e.quiet
		e.quiet = true
		defer func() { e.quiet = was }()
	case f != nil && f.Pkg() != nil && e.wrapped(f) == nil:
		e.edgeAt(IDOf(f), facts.Calls, x.Pos())
	case f == nil && len(x.Args) == 1 && e.info.Types[x.Fun].IsType() && !isFile(e.typeOf(x.Args[0])):
		e.makesFile(x)
	}
	e.expr(x.Fun)
}

func (e *encoder) index(x *ast.IndexExpr) {
	if tv, ok := e.info.Types[x.Index]; ok && tv.IsType() { // a function, instantiated explicitly
		e.expr(x.X)
		return
	}
	e.convertIndex(x)
	e.comparesKeys(x.X, x.Pos())
	e.op("index")
	e.expr(x.X)
	e.expr(x.Index)
}
