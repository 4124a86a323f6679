package extract

import (
	"go/ast"
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// write notes that the node may change the package variable at the root of x, if there is one.
func (e *encoder) write(x ast.Expr) {
	v := packageVariable(e.info, x)
	if v == nil {
		return
	}
	id := IDOf(v)
	if e.writes[id] || e.wrapped(v) != nil || changesNothing(v.Type()) {
		return
	}
	e.writes[id] = true
	p := e.position(x.Pos())
	e.node.Writes = append(e.node.Writes, facts.Edge{To: id, Reason: facts.WrittenBy, Line: p.Line, Column: p.Column})
}

// packageVariable is the package variable at the root of x, or nil.
func packageVariable(info *types.Info, x ast.Expr) *types.Var {
	if v := rootVariable(info, x); v != nil && isPackageLevel(v) {
		return v
	}
	return nil
}

// rootVariable is the variable that x is, or is a part of, or that holds what x is a part of.
func rootVariable(info *types.Info, x ast.Expr) *types.Var {
	for x != nil {
		switch y := ast.Unparen(x).(type) {
		case *ast.Ident:
			v, _ := info.ObjectOf(y).(*types.Var)
			return v
		case *ast.SelectorExpr:
			if v, ok := info.Uses[y.Sel].(*types.Var); ok && !v.IsField() { // of another package
				return v
			}
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.StarExpr:
			x = y.X
		case *ast.SliceExpr:
			x = y.X
		case *ast.TypeAssertExpr:
			x = y.X
		default:
			return nil
		}
	}
	return nil
}

// changesNothing reports whether what is written to a variable of type t is no part of a result: a lock holds no data.
func changesNothing(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && stdmodel.Lock(typeID(n))
}

// writeByBuiltin notes the variables whose contents builtins change.
func (e *encoder) writeByBuiltin(x *ast.CallExpr) {
	switch builtinName(e.info, x) {
	case "append", "copy", "delete", "clear":
		if len(x.Args) > 0 {
			e.write(x.Args[0])
		}
	}
}
