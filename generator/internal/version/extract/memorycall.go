package extract

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

func (m *memorizer) call(x *ast.CallExpr) facts.Value {
	if m.info.Types[x.Fun].IsType() {
		v := m.value(x.Args[0])
		if !m.refers(m.info.TypeOf(x.Args[0])) {
			return facts.Value{}
		}
		return v
	}
	if name := builtinName(m.info, x); name != "" {
		return m.builtin(name, x)
	}
	i, known := m.calls[x]
	if !known {
		i = len(m.memory.Calls)
		m.calls[x] = i
		p := m.position(x.Pos())
		m.memory.Calls = append(m.memory.Calls, facts.MemoryCall{Line: p.Line, Column: p.Column})
		m.describe(i, x)
	}
	operands := m.operands(x)
	args := make([]facts.Value, len(operands))
	for k, operand := range operands {
		args[k] = m.value(operand)
		if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && k == 0 && operand == sel.X && m.addressed(sel) {
			args[k] = m.unary(&ast.UnaryExpr{Op: token.AND, X: operand})
		}
	}
	m.passToLiterals(x, operands, args)
	if f := typeutil.StaticCallee(m.info, x); f == nil || m.isLocal(pathOf(f)) {
		args = foldVariadic(m.info, x, args)
	}
	call := &m.memory.Calls[i] // what is in the operands may have moved it
	for k := range args {
		if k >= len(call.Args) {
			call.Args = append(call.Args, facts.Value{})
		}
		m.grew = call.Args[k].Merge(args[k]) || m.grew
	}
	if !m.refers(m.info.TypeOf(x)) {
		return facts.Value{}
	}
	return facts.OriginValue(facts.Origin{Kind: facts.FromResult, Index: i})
}

// foldVariadic makes one value of the arguments that become the last parameter.
func foldVariadic(info *types.Info, x *ast.CallExpr, args []facts.Value) []facts.Value {
	sig, ok := core(info.TypeOf(x.Fun)).(*types.Signature)
	if !ok || !sig.Variadic() || x.Ellipsis.IsValid() {
		return args
	}
	extra := len(x.Args) - (sig.Params().Len() - 1)
	if extra <= 0 || extra > len(args) {
		return args
	}
	first := len(args) - extra
	var together facts.Value
	for _, v := range args[first:] {
		together.Merge(v.Boxed())
	}
	return append(args[:first:first], together)
}

// addressed reports whether calling the method takes the operand's address.
func (m *memorizer) addressed(sel *ast.SelectorExpr) bool {
	f, ok := m.info.Uses[sel.Sel].(*types.Func)
	return ok && f.Signature().Recv() != nil && takesAddress(f, m.info.TypeOf(sel.X))
}

// operands are the arguments, a method's receiver first.
func (m *memorizer) operands(x *ast.CallExpr) []ast.Expr {
	receivers := m.receivers(x)
	if len(receivers) == 0 {
		m.value(ast.Unparen(x.Fun))
	}
	return append(receivers, x.Args...)
}

// receivers is the receiver of a method that is called, if it is one.
func (m *memorizer) receivers(x *ast.CallExpr) []ast.Expr {
	if f, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok {
		if sel := m.info.Selections[f]; sel != nil && sel.Kind() == types.MethodVal {
			return []ast.Expr{f.X}
		}
	}
	return nil
}

// describe says what is called.
func (m *memorizer) describe(i int, x *ast.CallExpr) {
	var call facts.MemoryCall
	if f := typeutil.StaticCallee(m.info, x); f != nil {
		call.Callee = IDOf(f)
		if fn := m.wrapped(f); fn != nil {
			call.Callee = IDOf(fn)
		}
		if !m.isLocal(call.Callee.Package) {
			m.describeOutside(&call, f, x)
		}
	} else if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && m.info.Selections[sel] != nil {
		if f, ok := m.info.Selections[sel].Obj().(*types.Func); ok {
			m.describeDynamic(&call, f, len(x.Args)+1)
		}
	}
	for _, w := range call.Writes {
		call.Memories = append(call.Memories, m.argumentMemory(x, w))
	}
	at := &m.memory.Calls[i]
	call.Line, call.Column = at.Line, at.Column
	*at = call
}

// argumentMemory is the shape of what a call outside writes through an operand: the elements of a slice or map, and anything behind a pointer.
func (m *memorizer) argumentMemory(x *ast.CallExpr, operand int) facts.Shape {
	if len(m.receivers(x)) > 0 {
		operand--
	}
	if operand < 0 || operand >= len(x.Args) {
		return facts.Shape{}
	}
	switch core(m.info.TypeOf(x.Args[operand])).(type) {
	case *types.Slice, *types.Map:
		return m.elements(x.Args[operand])
	}
	return facts.Shape{}
}

// describeDynamic says what is called through an interface. What stands behind the interfaces of other modules is taken to be theirs: a gauge
// that is set, a logger.
func (m *memorizer) describeDynamic(call *facts.MemoryCall, f *types.Func, operands int) {
	if m.isLocal(pathOf(f)) {
		call.Interface, call.Method = m.interfaceOf(f.Signature().Recv().Type()), f.Id()
		return
	}
	call.Writes = outsideWrites(f, operands)
	if !isForeignInterface(f) {
		call.Interface, call.Method = m.interfaceOf(f.Signature().Recv().Type()), f.Id()
	}
}

// describeOutside says what is known of a function of another module.
func (m *memorizer) describeOutside(call *facts.MemoryCall, f *types.Func, x *ast.CallExpr) {
	sig := f.Signature()
	shift := 0
	if sig.Recv() != nil {
		shift = 1
	}
	call.Writes = outsideWrites(f, len(x.Args)+shift)
	call.Fresh, call.Distinct = stdmodel.ReturnsFresh(IDOf(f))
	for i, a := range x.Args {
		t := paramType(sig, i, x.Ellipsis.IsValid())
		if t == nil || !isInterface(t) {
			continue
		}
		iface := m.interfaceOf(t)
		for _, o := range m.dynamicTypes(m.info.TypeOf(a)) {
			call.Asked = append(call.Asked, facts.Asked{Arg: i + shift, Type: methodsID(o), Interface: iface})
		}
	}
}

// passToLiterals lets the parameters of function literals hold what they may be called with: those that are arguments of this call, and if
// a function value is called, those of its type.
func (m *memorizer) passToLiterals(x *ast.CallExpr, operands []ast.Expr, args []facts.Value) {
	var together facts.Value
	for _, v := range args {
		together.Merge(facts.Value{Own: v.All(), Deep: v.Deep})
	}
	for _, operand := range operands {
		if l, ok := ast.Unparen(operand).(*ast.FuncLit); ok {
			m.bind(l, func(int) facts.Value { return together })
		}
	}
	if typeutil.StaticCallee(m.info, x) != nil {
		return
	}
	sig, ok := core(m.info.TypeOf(x.Fun)).(*types.Signature)
	if !ok {
		return
	}
	for _, l := range m.literals {
		if types.Identical(m.info.TypeOf(l), sig) {
			m.bind(l, func(i int) facts.Value {
				if i >= len(args) {
					return facts.Value{}
				}
				return args[i]
			})
		}
	}
}

func (m *memorizer) bind(l *ast.FuncLit, arg func(int) facts.Value) {
	sig, ok := m.info.TypeOf(l).(*types.Signature)
	if !ok {
		return
	}
	for i := range sig.Params().Len() {
		m.add(sig.Params().At(i), arg(i))
	}
}

func (m *memorizer) builtin(name string, x *ast.CallExpr) facts.Value {
	args := make([]facts.Value, len(x.Args))
	for i, a := range x.Args {
		args[i] = m.value(a)
	}
	switch name {
	case "append":
		return m.appended(x, args)
	case "copy":
		m.wrote(args[0].Own, m.elements(x.Args[0]), x.Pos())
		m.hold(x.Args[0], facts.Value{Own: nil, Deep: args[1].Deep})
	case "delete", "clear":
		m.wrote(args[0].Own, m.elements(x.Args[0]), x.Pos())
	case "new":
		if len(args) == 1 {
			return args[0].Boxed()
		}
	}
	return facts.Value{}
}

// appended is what append returns. It writes what others can see only if its operand was cut.
func (m *memorizer) appended(x *ast.CallExpr, args []facts.Value) facts.Value {
	result := facts.Value{}
	for i, v := range args {
		switch {
		case i == 0:
			result.Merge(v)
		case x.Ellipsis.IsValid():
			facts.Merge(&result.Deep, v.Deep)
		default:
			facts.Merge(&result.Deep, v.All())
		}
	}
	if cut, ok := ast.Unparen(x.Args[0]).(*ast.SliceExpr); ok && cut.High != nil && cut.Max == nil && len(x.Args) > 1 {
		m.wrote(args[0].Own, m.elements(x.Args[0]), x.Pos())
	}
	return result
}
