package extract

import (
	"go/ast"
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// classifier finds the flow of one function: it walks the body once and unites what values may pass between.
type classifier struct {
	*summarizer
	flow   *facts.Flow
	parent []int
	locals map[types.Object]int
	// literals are the classes of the function literals around, the innermost last.
	literals []int
}

// flow describes a function with a body; sig is its signature, or nil for an initialiser, which has neither parameters nor results.
func (s *summarizer) flow(sig *types.Signature, body ast.Node) *facts.Flow {
	c := s.classifier()
	if sig != nil {
		if sig.Recv() != nil {
			c.flow.Params = append(c.flow.Params, c.object(sig.Recv()))
		}
		for v := range sig.Params().Variables() {
			c.flow.Params = append(c.flow.Params, c.object(v))
		}
		if s.carriesBehaviour(sig.Results()) {
			c.flow.Returns = c.fresh()
		}
		for v := range sig.Results().Variables() {
			c.unite(c.flow.Returns, c.object(v))
		}
	}
	c.walk(body)
	return c.resolve()
}

func (s *summarizer) classifier() *classifier {
	return &classifier{summarizer: s, flow: &facts.Flow{Returns: facts.None}, locals: map[types.Object]int{}}
}

func (c *classifier) fresh() int {
	c.parent = append(c.parent, len(c.parent))
	return len(c.parent) - 1
}

func (c *classifier) find(class int) int {
	if class == facts.None {
		return facts.None
	}
	for c.parent[class] != class {
		c.parent[class] = c.parent[c.parent[class]]
		class = c.parent[class]
	}
	return class
}

// unite makes two classes one and returns it.
func (c *classifier) unite(a, b int) int {
	if a == facts.None {
		return b
	}
	if b == facts.None {
		return a
	}
	a, b = c.find(a), c.find(b)
	c.parent[a] = b
	return b
}

// resolve replaces classes by their representatives.
func (c *classifier) resolve() *facts.Flow {
	f := c.flow
	f.Classes = len(c.parent)
	each := func(list []int) {
		for i := range list {
			list[i] = c.find(list[i])
		}
	}
	each(f.Params)
	each(f.FromContext)
	f.Returns = c.find(f.Returns)
	for i := range f.Calls {
		call := &f.Calls[i]
		each(call.Args)
		call.Receiver, call.Results = c.find(call.Receiver), c.find(call.Results)
	}
	for i := range f.Globals {
		f.Globals[i].Class = c.find(f.Globals[i].Class)
	}
	for i := range f.Values {
		f.Values[i].Class = c.find(f.Values[i].Class)
	}
	for i := range f.Literals {
		f.Literals[i].Class = c.find(f.Literals[i].Class)
	}
	return f
}

// object is the class of a variable.
func (c *classifier) object(o types.Object) int {
	v, ok := o.(*types.Var)
	if !ok || !c.carriesBehaviour(v.Type()) {
		return facts.None
	}
	class, ok := c.locals[v]
	if !ok {
		class = c.fresh()
		c.locals[v] = class
		if isPackageLevel(v) {
			c.flow.Globals = append(c.flow.Globals, facts.Held{ID: IDOf(v), Class: class})
		}
	}
	return class
}

// walk unites what statements and expressions below n connect. Expressions are left to value.
func (c *classifier) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case ast.Expr:
			c.value(n)
			return false
		case *ast.AssignStmt:
			c.assign(n.Lhs, n.Rhs)
			return false
		case *ast.ValueSpec:
			names := make([]ast.Expr, len(n.Names))
			for i, name := range n.Names {
				names[i] = name
			}
			c.assign(names, n.Values)
			return false
		case *ast.RangeStmt:
			c.rangeOver(n)
			return false
		case *ast.SendStmt:
			c.unite(c.value(n.Chan), c.value(n.Value))
			return false
		case *ast.ReturnStmt:
			for _, r := range n.Results {
				c.unite(c.result(), c.value(r))
			}
			return false
		case *ast.TypeSwitchStmt:
			c.typeSwitch(n)
			return false
		case *ast.LabeledStmt:
			c.walk(n.Stmt)
			return false
		case *ast.BranchStmt:
			return false
		}
		return true
	})
}

// rangeOver gives loop variables what comes from the operand. A loop over an iterator calls it, and the iterator calls the body.
func (c *classifier) rangeOver(s *ast.RangeStmt) {
	x := c.value(s.X)
	if sig, ok := core(c.info.TypeOf(s.X)).(*types.Signature); ok {
		if x == facts.None {
			x = c.fresh()
		}
		p := c.position(s.X.Pos())
		c.flow.Calls = append(c.flow.Calls, facts.Call{
			Signature: c.signatureShape(sig), Receiver: x, Results: facts.None, Args: []int{x}, Line: p.Line, Column: p.Column,
		})
		if yield, ok := core(sig.Params().At(0).Type()).(*types.Signature); ok {
			c.flow.Literals = append(c.flow.Literals, facts.Literal{Signature: c.signatureShape(yield), Class: x})
		}
	}
	c.passTo(s.Key, x)
	c.passTo(s.Value, x)
	c.walk(s.Body)
}

// result is the class of the results of the innermost function.
func (c *classifier) result() int {
	if n := len(c.literals); n > 0 {
		return c.literals[n-1]
	}
	return c.flow.Returns
}

func (c *classifier) passTo(x ast.Expr, class int) {
	if x != nil {
		c.unite(c.value(x), class)
	}
}

func (c *classifier) assign(lhs, rhs []ast.Expr) {
	if len(rhs) == 1 && len(lhs) > 1 {
		class := c.value(rhs[0])
		for _, l := range lhs {
			c.passTo(l, class)
		}
		return
	}
	for i, r := range rhs {
		class := c.value(r)
		if i < len(lhs) {
			c.passTo(lhs[i], class)
		}
	}
	if len(rhs) == 0 {
		for _, l := range lhs {
			c.value(l)
		}
	}
}

func (c *classifier) typeSwitch(s *ast.TypeSwitchStmt) {
	if s.Init != nil {
		c.walk(s.Init)
	}
	class := facts.None
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		class = c.value(a.Rhs[0])
	case *ast.ExprStmt:
		class = c.value(a.X)
	}
	for _, clause := range s.Body.List {
		if o := c.info.Implicits[clause]; o != nil {
			c.unite(c.object(o), class)
		}
		for _, stmt := range clause.(*ast.CaseClause).Body {
			c.walk(stmt)
		}
	}
}

// value is the class of an expression, none if values of its type carry no behaviour whatever they come from. It looks into all of it.
func (c *classifier) value(x ast.Expr) int {
	if x == nil {
		return facts.None
	}
	tv, ok := c.info.Types[x]
	if ok && (tv.IsType() || tv.Value != nil) {
		return facts.None
	}
	class := c.classOf(x)
	if ok && tv.Type != nil && !tv.IsBuiltin() && !c.carriesBehaviour(tv.Type) {
		return facts.None
	}
	return class
}

func (c *classifier) classOf(x ast.Expr) int {
	switch x := x.(type) {
	case *ast.Ident:
		return c.ident(x)
	case *ast.ParenExpr:
		return c.value(x.X)
	case *ast.SelectorExpr:
		return c.selector(x)
	case *ast.IndexExpr:
		c.value(x.Index)
		return c.value(x.X)
	case *ast.IndexListExpr:
		return c.value(x.X)
	case *ast.SliceExpr:
		c.value(x.Low)
		c.value(x.High)
		c.value(x.Max)
		return c.value(x.X)
	case *ast.StarExpr:
		return c.value(x.X)
	case *ast.TypeAssertExpr:
		return c.value(x.X)
	case *ast.UnaryExpr:
		return c.value(x.X)
	case *ast.BinaryExpr:
		c.value(x.X)
		c.value(x.Y)
		return facts.None
	case *ast.KeyValueExpr:
		return c.unite(c.value(x.Key), c.value(x.Value))
	case *ast.CompositeLit:
		class := facts.None
		for _, el := range x.Elts {
			class = c.unite(class, c.value(el))
		}
		return class
	case *ast.FuncLit:
		return c.literal(x)
	case *ast.CallExpr:
		return c.call(x)
	}
	return facts.None
}

func (c *classifier) ident(x *ast.Ident) int {
	o := c.info.ObjectOf(x)
	if f, ok := o.(*types.Func); ok {
		c.functionValue(f, c.info.TypeOf(x), facts.None)
		return facts.None
	}
	if isField(o) {
		return facts.None
	}
	return c.object(o)
}

func (c *classifier) selector(x *ast.SelectorExpr) int {
	sel, ok := c.info.Selections[x]
	if !ok {
		switch o := c.info.Uses[x.Sel].(type) {
		case *types.Func:
			c.functionValue(o, c.info.TypeOf(x), facts.None)
		case *types.Var:
			return c.object(o)
		}
		return facts.None
	}
	if sel.Kind() == types.MethodExpr {
		c.methodExpression(x, sel)
		return facts.None
	}
	class := c.value(x.X)
	if m, ok := sel.Obj().(*types.Func); ok { // a bound method
		if types.IsInterface(m.Signature().Recv().Type()) {
			c.flow.Calls = append(c.flow.Calls, c.dynamicCall(x, sel, class))
		} else {
			c.functionValue(m, c.info.TypeOf(x), class)
		}
	}
	return class
}
