package extract

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// functionValue notes that a function is used as a value, with the type that it has there. It is code that is known here, so it has no
// class.
func (c *classifier) functionValue(f *types.Func, t types.Type, receiver int) {
	sig, ok := t.(*types.Signature)
	if f.Pkg() == nil || !ok {
		return
	}
	id := IDOf(f)
	if fn := c.wrapped(f); fn != nil {
		id = IDOf(fn)
	}
	c.flow.Values = append(c.flow.Values, facts.Held{ID: id, Class: receiver, Signature: c.signatureShape(sig)})
}

// methodExpression notes that a method is used as a function whose first parameter is the receiver. That of an interface has no code: it is
// a function that calls the method.
func (c *classifier) methodExpression(x *ast.SelectorExpr, sel *types.Selection) {
	m := sel.Obj().(*types.Func)
	if types.IsInterface(m.Signature().Recv().Type()) {
		if sig, ok := c.info.TypeOf(x).(*types.Signature); ok {
			c.flow.Values = append(c.flow.Values, facts.Held{
				ID: c.dispatcher(sel, sig), Class: facts.None, Signature: c.signatureShape(sig),
			})
		}
		return
	}
	c.functionValue(m, c.info.TypeOf(x), facts.None)
}

// dynamicCall is a call through an interface without arguments, or what taking its method amounts to.
func (c *classifier) dynamicCall(x *ast.SelectorExpr, sel *types.Selection, receiver int) facts.Call {
	m := sel.Obj().(*types.Func)
	t := c.info.Types[x.X].Type
	if t == nil || !types.IsInterface(t) {
		t = m.Signature().Recv().Type()
	}
	p := c.position(x.Sel.Pos())
	return facts.Call{Interface: c.interfaceOf(t), Method: m.Id(), Receiver: receiver, Results: facts.None, Line: p.Line, Column: p.Column}
}

// literal puts a literal's parameters and results in one class with the literal: whoever has it can call it.
func (c *classifier) literal(x *ast.FuncLit) int {
	class := c.fresh()
	if sig, ok := c.info.Types[x].Type.(*types.Signature); ok {
		c.flow.Literals = append(c.flow.Literals, facts.Literal{Signature: c.signatureShape(sig), Class: class})
	}
	return c.inLiteral(x, class)
}

// callLiteral follows the call of a literal where it is written, as go and defer do. Nobody else can call it.
func (c *classifier) callLiteral(x *ast.FuncLit, args []ast.Expr) int {
	class := c.fresh()
	for _, a := range args {
		class = c.unite(class, c.value(a))
	}
	return c.inLiteral(x, class)
}

// inLiteral walks a literal's body.
func (c *classifier) inLiteral(x *ast.FuncLit, class int) int {
	if sig, ok := c.info.Types[x].Type.(*types.Signature); ok {
		for v := range sig.Params().Variables() {
			c.unite(class, c.object(v))
		}
		for v := range sig.Results().Variables() {
			c.unite(class, c.object(v))
		}
	}
	c.literals = append(c.literals, class)
	c.walk(x.Body)
	c.literals = c.literals[:len(c.literals)-1]
	return class
}

func (c *classifier) call(x *ast.CallExpr) int {
	fun := c.info.Types[x.Fun]
	if fun.IsType() {
		return c.value(x.Args[0])
	}
	if name := builtinName(c.info, x); name != "" {
		return c.builtin(name, x)
	}
	if f, ok := ast.Unparen(x.Fun).(*ast.FuncLit); ok {
		return c.callLiteral(f, x.Args)
	}
	call, receiver, isMethod := c.callee(x)
	if isMethod {
		call.Args = append(call.Args, receiver)
	}
	for _, a := range x.Args {
		call.Args = append(call.Args, c.value(a))
	}
	if tv, ok := c.info.Types[x]; ok && c.carriesBehaviour(tv.Type) {
		call.Results = c.fresh()
	}
	// Where values go in a function of the user's, its own flow tells. Of all others nothing is known.
	if call.Callee == (facts.ID{}) || !c.isLocal(call.Callee.Package) {
		c.mix(&call)
	}
	if call.Results != facts.None && c.asksContext(x) {
		c.flow.FromContext = append(c.flow.FromContext, call.Results)
	}
	c.expose(&call, x, isMethod)
	p := c.position(x.Pos())
	call.Line, call.Column = p.Line, p.Column
	c.flow.Calls = append(c.flow.Calls, call)
	return call.Results
}

// mix makes one class of all that goes into a call and comes out of it.
func (c *classifier) mix(call *facts.Call) {
	together := call.Results
	if call.Interface == nil {
		together = c.unite(together, call.Receiver)
	}
	for _, class := range call.Args {
		together = c.unite(together, class)
	}
}

// callee says what is called. The class is that of a static method's receiver.
func (c *classifier) callee(x *ast.CallExpr) (call facts.Call, receiver int, isMethod bool) {
	call = facts.Call{Receiver: facts.None, Results: facts.None}
	if f := typeutil.StaticCallee(c.info, x); f != nil {
		call.Callee = IDOf(f)
		if fn := c.wrapped(f); fn != nil {
			call.Callee = IDOf(fn)
		}
		if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok {
			if s := c.info.Selections[sel]; s != nil && s.Kind() == types.MethodVal {
				return call, c.value(sel.X), true
			}
		}
		return call, facts.None, false
	}
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok {
		if s := c.info.Selections[sel]; s != nil {
			if m, ok := s.Obj().(*types.Func); ok && types.IsInterface(m.Signature().Recv().Type()) {
				if s.Kind() == types.MethodVal {
					return c.dynamicCall(sel, s, c.value(sel.X)), facts.None, false
				}
				call = c.dynamicCall(sel, s, facts.None)
				if len(x.Args) > 0 {
					call.Receiver = c.value(x.Args[0])
				}
				return call, facts.None, false
			}
		}
	}
	call.Receiver = c.value(x.Fun)
	if sig, ok := core(c.info.Types[x.Fun].Type).(*types.Signature); ok {
		call.Signature = c.signatureShape(sig)
	}
	return call, facts.None, false
}

// asksContext reports whether what x returns may have come out of a context: a value, the cause of its end, or what code outside that was
// given one makes of it.
func (c *classifier) asksContext(x *ast.CallExpr) bool {
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && stdmodel.IsContext(c.info.TypeOf(sel.X)) {
		return true
	}
	if f := typeutil.StaticCallee(c.info, x); f == nil || c.isLocal(pathOf(f)) {
		return false
	}
	return slices.ContainsFunc(x.Args, func(a ast.Expr) bool { return stdmodel.IsContext(c.info.TypeOf(a)) })
}

// expose says what code outside can do with what it is given.
func (c *classifier) expose(call *facts.Call, x *ast.CallExpr, isMethod bool) {
	if c.isLocal(call.Callee.Package) {
		return
	}
	known := call.Callee != (facts.ID{})
	if isMethod {
		sel := ast.Unparen(x.Fun).(*ast.SelectorExpr)
		call.Opaque = append(call.Opaque, c.exposure(c.info.Types[sel.X].Type, known))
	}
	for _, a := range x.Args {
		call.Opaque = append(call.Opaque, c.exposure(c.info.TypeOf(a), known))
	}
}

func (c *classifier) builtin(name string, x *ast.CallExpr) int {
	class := facts.None
	for _, a := range x.Args {
		v := c.value(a)
		if name == "append" || name == "copy" || name == "new" {
			class = c.unite(class, v)
		}
	}
	if name == "recover" {
		return c.fresh()
	}
	return class
}
