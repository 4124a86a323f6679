package extract

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// memorizer finds the memory of one function. It walks the body until what variables may point to grows no more.
type memorizer struct {
	*summarizer
	memory *facts.Memory
	locals map[types.Object]*facts.Value
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
func (s *summarizer) memory(sig *types.Signature, body ast.Node) *facts.Memory {
	m := &memorizer{
		summarizer: s,
		memory:     &facts.Memory{},
		locals:     map[types.Object]*facts.Value{},
		calls:      map[*ast.CallExpr]int{},
		writes:     map[token.Pos]int{},
	}
	if sig != nil {
		for i, v := range parameters(sig) {
			reach := facts.Reach{}
			if m.refers(v.Type()) {
				reach = s.reachOf(v.Type())
				value := facts.OriginValue(facts.Origin{Kind: facts.FromParam, Index: i})
				m.locals[v] = &value
			}
			m.memory.Params = append(m.memory.Params, reach)
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
				m.memory.Results.Merge(*held)
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
		if isContext(t) || stdmodel.Immutable(typeID(t)) {
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
			m.write(n.X, facts.Value{})
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
			m.hold(n.Chan, m.value(n.Value).Boxed())
			return false
		case *ast.ReturnStmt:
			for _, r := range n.Results {
				v := m.value(r)
				if m.depth == 0 && m.refers(m.info.TypeOf(r)) {
					m.grew = m.memory.Results.Merge(v) || m.grew
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
			v = facts.Value{}
		}
		m.write(s.Lhs[i], v)
	}
}

func (m *memorizer) rangeOver(s *ast.RangeStmt) {
	v := m.value(s.X)
	if _, isArray := core(m.info.TypeOf(s.X)).(*types.Array); !isArray {
		v = v.Load()
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
	var v facts.Value
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
func (m *memorizer) add(o types.Object, v facts.Value) {
	if o == nil || !m.refers(o.Type()) || isPackageLevel(o) {
		return
	}
	held := m.locals[o]
	if held == nil {
		held = &facts.Value{}
		m.locals[o] = held
	}
	m.grew = held.Merge(v) || m.grew
}

// write assigns a value to x.
func (m *memorizer) write(x ast.Expr, v facts.Value) {
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
	m.hold(x, v.Boxed())
	m.wrote(base.Own, m.written(x), x.Pos())
}

// wrote notes a write to memory.
func (m *memorizer) wrote(to []facts.Origin, memory facts.Shape, pos token.Pos) {
	if len(to) == 0 {
		return
	}
	i, ok := m.writes[pos]
	if !ok {
		i = len(m.memory.Writes)
		m.writes[pos] = i
		p := m.position(pos)
		m.memory.Writes = append(m.memory.Writes, facts.MemoryWrite{Memory: memory, Line: p.Line, Column: p.Column})
	}
	facts.Merge(&m.memory.Writes[i].To, to)
}

// hold lets the variable at the root of x hold a value too.
func (m *memorizer) hold(x ast.Expr, v facts.Value) {
	if root := rootVariable(m.info, x); root != nil {
		m.add(root, v)
	}
}
