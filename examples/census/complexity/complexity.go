// Package complexity measures functions.
package complexity

import (
	"go/ast"
	"go/token"
)

// Of returns the cyclomatic complexity of f: the number of independent paths through it (McCabe,
// 1976).
func Of(f *ast.FuncDecl) int {
	n := 1
	ast.Inspect(f, func(node ast.Node) bool {
		n += weight(node)
		return true
	})
	return n
}

// weight is what a node adds to the number of paths.
func weight(node ast.Node) int {
	switch node := node.(type) {
	case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt, *ast.CaseClause, *ast.CommClause:
		return 1
	case *ast.BinaryExpr:
		if node.Op == token.LAND || node.Op == token.LOR {
			return 1
		}
	}
	return 0
}
