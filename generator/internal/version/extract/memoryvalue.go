package extract

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// place is where x is: in memory that base points to, or, if it is not indirect, in a variable.
func (m *memorizer) place(x ast.Expr) (base facts.Value, indirect bool) {
	switch x := ast.Unparen(x).(type) {
	case *ast.SelectorExpr:
		sel := m.info.Selections[x]
		if sel == nil {
			return facts.Value{}, false
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
	return facts.Value{}, false
}

func isPointer(t types.Type) bool {
	_, ok := core(t).(*types.Pointer)
	return ok
}

// value is what an expression may point to. It looks into all of it.
func (m *memorizer) value(x ast.Expr) facts.Value {
	if x == nil {
		return facts.Value{}
	}
	if tv, ok := m.info.Types[x]; ok && (tv.IsType() || tv.Value != nil) {
		return facts.Value{}
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
		return m.value(x.X).Load()
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
	return facts.Value{}
}

func (m *memorizer) ident(x *ast.Ident) facts.Value {
	return m.object(m.info.ObjectOf(x))
}

func (m *memorizer) object(o types.Object) facts.Value {
	v, ok := o.(*types.Var)
	switch {
	case !ok || v.IsField() || !m.refers(v.Type()):
	case isPackageLevel(v):
		if m.wrapped(v) == nil {
			return facts.OriginValue(facts.Origin{Kind: facts.FromVariable, ID: IDOf(v)})
		}
	case m.locals[v] != nil:
		return *m.locals[v]
	}
	return facts.Value{}
}

func (m *memorizer) selector(x *ast.SelectorExpr) facts.Value {
	sel := m.info.Selections[x]
	if sel == nil {
		return m.object(m.info.Uses[x.Sel])
	}
	v := m.value(x.X)
	if sel.Kind() == types.FieldVal && (sel.Indirect() || isPointer(m.info.TypeOf(x.X))) {
		v = v.Load()
	}
	if !m.refers(m.info.TypeOf(x)) && sel.Kind() == types.FieldVal {
		return facts.Value{}
	}
	return v
}

func (m *memorizer) element(x ast.Expr) facts.Value {
	v := m.value(x)
	if _, isArray := core(m.info.TypeOf(x)).(*types.Array); isArray {
		return v
	}
	return v.Load()
}

func (m *memorizer) unary(x *ast.UnaryExpr) facts.Value {
	v := m.value(x.X)
	switch x.Op {
	case token.ARROW:
		return v.Load()
	case token.AND:
		if base, indirect := m.place(x.X); indirect {
			return base
		}
		if o := packageVariable(m.info, x.X); o != nil {
			return facts.OriginValue(facts.Origin{Kind: facts.FromVariable, ID: IDOf(o)})
		}
		return v.Boxed()
	}
	return facts.Value{}
}

// composite holds its elements in place if it is a struct or array, and points to them otherwise.
func (m *memorizer) composite(x *ast.CompositeLit) facts.Value {
	var v facts.Value
	for _, el := range x.Elts {
		if pair, ok := el.(*ast.KeyValueExpr); ok {
			if _, isStruct := core(m.info.TypeOf(x)).(*types.Struct); !isStruct {
				v.Merge(m.value(pair.Key))
			}
			el = pair.Value
		}
		v.Merge(m.value(el))
	}
	switch core(m.info.TypeOf(x)).(type) {
	case *types.Struct, *types.Array:
		return v
	}
	return v.Boxed()
}

func (m *memorizer) literal(x *ast.FuncLit) {
	if !slices.Contains(m.literals, x) {
		m.literals = append(m.literals, x)
	}
	m.depth++
	m.walk(x.Body)
	m.depth--
}
