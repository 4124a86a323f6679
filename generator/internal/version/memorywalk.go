package version

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// memorizer finds the memory of one function. It walks the body until what variables may point to grows no more.
type memorizer struct {
	*summarizer
	memory *Memory
	locals map[types.Object]*Value
	calls  map[*ast.CallExpr]int
	writes map[token.Pos]int
	// literals are the function literals of the function.
	literals []*ast.FuncLit
	depth    int // of literals around
	grew     bool
}

// maxPasses bounds the walks: what more could find is deeper than anyone writes.
const maxPasses = 8

// memory describes a function; sig is nil for an initialiser.
func (s *summarizer) memory(sig *types.Signature, body ast.Node) *Memory {
	m := &memorizer{
		summarizer: s,
		memory:     &Memory{},
		locals:     map[types.Object]*Value{},
		calls:      map[*ast.CallExpr]int{},
		writes:     map[token.Pos]int{},
	}
	if sig != nil {
		for i, v := range parameters(sig) {
			if m.refers(v.Type()) {
				value := originValue(Origin{Kind: FromParam, Index: i})
				m.locals[v] = &value
			}
		}
	}
	for range maxPasses {
		m.grew = false
		m.walk(body)
		if !m.grew {
			break
		}
	}
	if sig != nil {
		for v := range sig.Results().Variables() {
			if held := m.locals[v]; held != nil {
				m.memory.Results.merge(*held)
			}
		}
	}
	return m.memory
}

// parameters are the receiver, if there is one, and the parameters.
func parameters(sig *types.Signature) []*types.Var {
	var all []*types.Var
	if sig.Recv() != nil {
		all = append(all, sig.Recv())
	}
	for v := range sig.Params().Variables() {
		all = append(all, v)
	}
	return all
}

// refers reports whether values of a type can point to memory that can be written.
func (s *summarizer) refers(t types.Type) bool {
	if t == nil {
		return false
	}
	if known, ok := s.references[t]; ok {
		return known
	}
	s.references[t] = false
	found := s.holdsReferences(t)
	s.references[t] = found
	return found
}

func (s *summarizer) holdsReferences(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if isContext(t) || isImmutable(t) {
			return false
		}
		return s.refers(t.Underlying())
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Interface, *types.TypeParam:
		return true
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	case *types.Array:
		return s.refers(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if s.refers(f.Type()) {
				return true
			}
		}
	case *types.Tuple:
		for v := range t.Variables() {
			if s.refers(v.Type()) {
				return true
			}
		}
	}
	return false
}

// isImmutable knows types that hold pointers nobody writes through.
func isImmutable(n *types.Named) bool {
	switch (ID{pathOf(n.Obj()), n.Obj().Name()}) {
	case ID{"", "error"}, ID{"time", "Time"}, ID{"time", "Location"}, ID{"reflect", "Type"}, ID{"net/netip", "Addr"}, ID{"net/netip", "Prefix"},
		ID{"net/netip", "AddrPort"}, ID{"unique", "Handle"}:
		return true
	}
	return false
}

func (m *memorizer) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case ast.Expr:
			m.value(n)
			return false
		case *ast.AssignStmt:
			m.assignAll(n)
			return false
		case *ast.IncDecStmt:
			m.write(n.X, Value{})
			return false
		case *ast.ValueSpec:
			for i, name := range n.Names {
				switch {
				case len(n.Values) == len(n.Names):
					m.write(name, m.value(n.Values[i]))
				case len(n.Values) == 1:
					m.write(name, m.value(n.Values[0]))
				}
			}
			return false
		case *ast.RangeStmt:
			m.rangeOver(n)
			return false
		case *ast.SendStmt:
			m.hold(n.Chan, m.value(n.Value).boxed())
			return false
		case *ast.ReturnStmt:
			for _, r := range n.Results {
				v := m.value(r)
				if m.depth == 0 && m.refers(m.info.TypeOf(r)) {
					m.grew = m.memory.Results.merge(v) || m.grew
				}
			}
			return false
		case *ast.TypeSwitchStmt:
			m.typeSwitch(n)
			return false
		case *ast.BranchStmt:
			return false
		case *ast.LabeledStmt:
			m.walk(n.Stmt)
			return false
		}
		return true
	})
}

func (m *memorizer) assignAll(s *ast.AssignStmt) {
	if len(s.Rhs) == 1 && len(s.Lhs) > 1 {
		v := m.value(s.Rhs[0])
		for _, l := range s.Lhs {
			m.write(l, v)
		}
		return
	}
	for i, r := range s.Rhs {
		v := m.value(r)
		if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
			v = Value{}
		}
		m.write(s.Lhs[i], v)
	}
}

func (m *memorizer) rangeOver(s *ast.RangeStmt) {
	v := m.value(s.X)
	if _, isArray := core(m.info.TypeOf(s.X)).(*types.Array); !isArray {
		v = v.load()
	}
	for _, x := range []ast.Expr{s.Key, s.Value} {
		if x != nil {
			m.write(x, v)
		}
	}
	m.walk(s.Body)
}

func (m *memorizer) typeSwitch(s *ast.TypeSwitchStmt) {
	if s.Init != nil {
		m.walk(s.Init)
	}
	var v Value
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		v = m.value(a.Rhs[0])
	case *ast.ExprStmt:
		v = m.value(a.X)
	}
	for _, clause := range s.Body.List {
		if o := m.info.Implicits[clause]; o != nil {
			m.add(o, v)
		}
		for _, stmt := range clause.(*ast.CaseClause).Body {
			m.walk(stmt)
		}
	}
}

// add lets a local variable hold a value too.
func (m *memorizer) add(o types.Object, v Value) {
	if o == nil || !m.refers(o.Type()) || isPackageLevel(o) {
		return
	}
	held := m.locals[o]
	if held == nil {
		held = &Value{}
		m.locals[o] = held
	}
	m.grew = held.merge(v) || m.grew
}

// write assigns a value to x.
func (m *memorizer) write(x ast.Expr, v Value) {
	x = ast.Unparen(x)
	if id, ok := x.(*ast.Ident); ok {
		m.add(m.info.ObjectOf(id), v)
		return
	}
	base, indirect := m.place(x)
	if !indirect {
		m.hold(x, v)
		return
	}
	m.hold(x, v.boxed())
	m.wrote(base.Own, x.Pos())
}

// wrote notes a write to memory.
func (m *memorizer) wrote(to []Origin, pos token.Pos) {
	if len(to) == 0 {
		return
	}
	i, ok := m.writes[pos]
	if !ok {
		i = len(m.memory.Writes)
		m.writes[pos] = i
		p := m.position(pos)
		m.memory.Writes = append(m.memory.Writes, MemoryWrite{Line: p.Line, Column: p.Column})
	}
	merge(&m.memory.Writes[i].To, to)
}

// hold lets the variable at the root of x hold a value too.
func (m *memorizer) hold(x ast.Expr, v Value) {
	for {
		switch y := ast.Unparen(x).(type) {
		case *ast.Ident:
			m.add(m.info.ObjectOf(y), v)
			return
		case *ast.SelectorExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.SliceExpr:
			x = y.X
		case *ast.StarExpr:
			x = y.X
		case *ast.TypeAssertExpr:
			x = y.X
		default:
			return
		}
	}
}

// place is where x is: in memory that base points to, or, if it is not indirect, in a variable.
func (m *memorizer) place(x ast.Expr) (base Value, indirect bool) {
	switch x := ast.Unparen(x).(type) {
	case *ast.SelectorExpr:
		sel := m.info.Selections[x]
		if sel == nil {
			return Value{}, false
		}
		if sel.Indirect() || isPointer(m.info.TypeOf(x.X)) {
			if base, indirect := m.place(x.X); indirect && !isPointer(m.info.TypeOf(x.X)) {
				return base, true // an embedded pointer on the way: deeper, which the base includes
			}
			return m.value(x.X), true
		}
		return m.place(x.X)
	case *ast.IndexExpr:
		m.value(x.Index)
		if _, isArray := core(m.info.TypeOf(x.X)).(*types.Array); isArray {
			return m.place(x.X)
		}
		return m.value(x.X), true
	case *ast.StarExpr:
		return m.value(x.X), true
	}
	return Value{}, false
}

func isPointer(t types.Type) bool {
	_, ok := core(t).(*types.Pointer)
	return ok
}

// value is what an expression may point to. It looks into all of it.
func (m *memorizer) value(x ast.Expr) Value {
	if x == nil {
		return Value{}
	}
	if tv, ok := m.info.Types[x]; ok && (tv.IsType() || tv.Value != nil) {
		return Value{}
	}
	switch x := x.(type) {
	case *ast.Ident:
		return m.ident(x)
	case *ast.ParenExpr:
		return m.value(x.X)
	case *ast.SelectorExpr:
		return m.selector(x)
	case *ast.IndexExpr:
		m.value(x.Index)
		return m.element(x.X)
	case *ast.IndexListExpr:
		return m.value(x.X)
	case *ast.SliceExpr:
		m.value(x.Low)
		m.value(x.High)
		m.value(x.Max)
		return m.value(x.X)
	case *ast.StarExpr:
		return m.value(x.X).load()
	case *ast.TypeAssertExpr:
		return m.value(x.X)
	case *ast.UnaryExpr:
		return m.unary(x)
	case *ast.BinaryExpr:
		m.value(x.X)
		m.value(x.Y)
	case *ast.CompositeLit:
		return m.composite(x)
	case *ast.FuncLit:
		m.literal(x)
	case *ast.CallExpr:
		return m.call(x)
	}
	return Value{}
}

func (m *memorizer) ident(x *ast.Ident) Value {
	return m.object(m.info.ObjectOf(x))
}

func (m *memorizer) object(o types.Object) Value {
	v, ok := o.(*types.Var)
	switch {
	case !ok || v.IsField() || !m.refers(v.Type()):
	case isPackageLevel(v):
		if m.wrapped(v) == nil {
			return originValue(Origin{Kind: FromVariable, ID: IDOf(v)})
		}
	case m.locals[v] != nil:
		return *m.locals[v]
	}
	return Value{}
}

func (m *memorizer) selector(x *ast.SelectorExpr) Value {
	sel := m.info.Selections[x]
	if sel == nil {
		return m.object(m.info.Uses[x.Sel])
	}
	v := m.value(x.X)
	if sel.Kind() == types.FieldVal && (sel.Indirect() || isPointer(m.info.TypeOf(x.X))) {
		v = v.load()
	}
	if !m.refers(m.info.TypeOf(x)) && sel.Kind() == types.FieldVal {
		return Value{}
	}
	return v
}

func (m *memorizer) element(x ast.Expr) Value {
	v := m.value(x)
	if _, isArray := core(m.info.TypeOf(x)).(*types.Array); isArray {
		return v
	}
	return v.load()
}

func (m *memorizer) unary(x *ast.UnaryExpr) Value {
	v := m.value(x.X)
	switch x.Op {
	case token.ARROW:
		return v.load()
	case token.AND:
		if base, indirect := m.place(x.X); indirect {
			return base
		}
		if o := packageVariable(m.info, x.X); o != nil {
			return originValue(Origin{Kind: FromVariable, ID: IDOf(o)})
		}
		return v.boxed()
	}
	return Value{}
}

// composite holds its elements in place if it is a struct or array, and points to them otherwise.
func (m *memorizer) composite(x *ast.CompositeLit) Value {
	var v Value
	for _, el := range x.Elts {
		if pair, ok := el.(*ast.KeyValueExpr); ok {
			if _, isStruct := core(m.info.TypeOf(x)).(*types.Struct); !isStruct {
				v.merge(m.value(pair.Key))
			}
			el = pair.Value
		}
		v.merge(m.value(el))
	}
	switch core(m.info.TypeOf(x)).(type) {
	case *types.Struct, *types.Array:
		return v
	}
	return v.boxed()
}

func (m *memorizer) literal(x *ast.FuncLit) {
	if !containsLiteral(m.literals, x) {
		m.literals = append(m.literals, x)
	}
	m.depth++
	m.walk(x.Body)
	m.depth--
}

func containsLiteral(list []*ast.FuncLit, x *ast.FuncLit) bool {
	for _, l := range list {
		if l == x {
			return true
		}
	}
	return false
}

func (m *memorizer) call(x *ast.CallExpr) Value {
	if m.info.Types[x.Fun].IsType() {
		v := m.value(x.Args[0])
		if !m.refers(m.info.TypeOf(x.Args[0])) {
			return Value{}
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
		m.memory.Calls = append(m.memory.Calls, MemoryCall{Line: p.Line, Column: p.Column})
		m.describe(i, x)
	}
	operands := m.operands(x)
	args := make([]Value, len(operands))
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
			call.Args = append(call.Args, Value{})
		}
		m.grew = call.Args[k].merge(args[k]) || m.grew
	}
	if !m.refers(m.info.TypeOf(x)) {
		return Value{}
	}
	return originValue(Origin{Kind: FromResult, Index: i})
}

// foldVariadic makes one value of the arguments that become the last parameter.
func foldVariadic(info *types.Info, x *ast.CallExpr, args []Value) []Value {
	sig, ok := core(info.TypeOf(x.Fun)).(*types.Signature)
	if !ok || !sig.Variadic() || x.Ellipsis.IsValid() {
		return args
	}
	extra := len(x.Args) - (sig.Params().Len() - 1)
	if extra <= 0 || extra > len(args) {
		return args
	}
	first := len(args) - extra
	var together Value
	for _, v := range args[first:] {
		together.merge(v.boxed())
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
	var operands []ast.Expr
	switch f := ast.Unparen(x.Fun).(type) {
	case *ast.SelectorExpr:
		if sel := m.info.Selections[f]; sel != nil && sel.Kind() == types.MethodVal {
			operands = append(operands, f.X)
		} else {
			m.value(f)
		}
	default:
		m.value(f)
	}
	return append(operands, x.Args...)
}

// describe says what is called.
func (m *memorizer) describe(i int, x *ast.CallExpr) {
	var call MemoryCall
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
	at := &m.memory.Calls[i]
	call.Line, call.Column = at.Line, at.Column
	*at = call
}

// describeDynamic says what is called through an interface. What stands behind the interfaces of other modules is taken to be theirs: a gauge
// that is set, a logger.
func (m *memorizer) describeDynamic(call *MemoryCall, f *types.Func, operands int) {
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
func (m *memorizer) describeOutside(call *MemoryCall, f *types.Func, x *ast.CallExpr) {
	sig := f.Signature()
	shift := 0
	if sig.Recv() != nil {
		shift = 1
	}
	call.Writes = outsideWrites(f, len(x.Args)+shift)
	call.Fresh, call.Distinct = returnsFresh(f)
	for i, a := range x.Args {
		t := paramType(sig, i, x.Ellipsis.IsValid())
		if t == nil || !isInterface(t) {
			continue
		}
		iface := m.interfaceOf(t)
		for _, o := range m.dynamicTypes(m.info.TypeOf(a)) {
			call.Asked = append(call.Asked, Asked{Arg: i + shift, Type: methodsID(o), Interface: iface})
		}
	}
}

// passToLiterals lets the parameters of function literals hold what they may be called with: those that are arguments of this call, and if
// a function value is called, those of its type.
func (m *memorizer) passToLiterals(x *ast.CallExpr, operands []ast.Expr, args []Value) {
	var together Value
	for _, v := range args {
		together.merge(Value{v.all(), v.Deep})
	}
	for _, operand := range operands {
		if l, ok := ast.Unparen(operand).(*ast.FuncLit); ok {
			m.bind(l, func(int) Value { return together })
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
			m.bind(l, func(i int) Value {
				if i >= len(args) {
					return Value{}
				}
				return args[i]
			})
		}
	}
}

func (m *memorizer) bind(l *ast.FuncLit, arg func(int) Value) {
	sig, ok := m.info.TypeOf(l).(*types.Signature)
	if !ok {
		return
	}
	for i := range sig.Params().Len() {
		m.add(sig.Params().At(i), arg(i))
	}
}

func (m *memorizer) builtin(name string, x *ast.CallExpr) Value {
	args := make([]Value, len(x.Args))
	for i, a := range x.Args {
		args[i] = m.value(a)
	}
	switch name {
	case "append":
		return m.appended(x, args)
	case "copy":
		m.wrote(args[0].Own, x.Pos())
		m.hold(x.Args[0], Value{nil, args[1].Deep})
	case "delete", "clear":
		m.wrote(args[0].Own, x.Pos())
	case "new":
		if len(args) == 1 {
			return args[0].boxed()
		}
	}
	return Value{}
}

// appended is what append returns. It writes what others can see only if its operand was cut.
func (m *memorizer) appended(x *ast.CallExpr, args []Value) Value {
	result := Value{}
	for i, v := range args {
		switch {
		case i == 0:
			result.merge(v)
		case x.Ellipsis.IsValid():
			merge(&result.Deep, v.Deep)
		default:
			merge(&result.Deep, v.all())
		}
	}
	if cut, ok := ast.Unparen(x.Args[0]).(*ast.SliceExpr); ok && cut.High != nil && cut.Max == nil && len(x.Args) > 1 {
		m.wrote(args[0].Own, x.Pos())
	}
	return result
}
