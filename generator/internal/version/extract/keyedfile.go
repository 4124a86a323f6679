package extract

import (
	"go/ast"
	"go/constant"
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/naming"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// What a function reads from a cache.File that it was given is in its key. Reading one leads to a name of its own, which is no source. Where a
// cache.File is made of a path, nothing says that a key has it: that is a source, as opening the path would be.

// keyedFilePrefix is before the names of functions that are called with the path of a cache.File.
const keyedFilePrefix = "(cache.File)"

// readsKeyedFile reports whether a call of f reads a cache.File.
func (e *encoder) readsKeyedFile(f *types.Func, x *ast.CallExpr) bool {
	if !stdmodel.ReadsFile(IDOf(f)) || len(x.Args) == 0 {
		return false
	}
	conversion, ok := ast.Unparen(x.Args[0]).(*ast.CallExpr)
	return ok && len(conversion.Args) == 1 && e.info.Types[conversion.Fun].IsType() && isFile(e.typeOf(conversion.Args[0]))
}

// makesFile notes that a cache.File is made: by a conversion, or of a constant.
func (e *encoder) makesFile(x ast.Expr) {
	tv := e.info.Types[x]
	if isFile(tv.Type) && (tv.Value == nil || constant.StringVal(tv.Value) != "") {
		e.edgeAt(facts.FileOfPath, facts.Uses, x.Pos())
	}
}

func isFile(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && pathOf(n.Obj()) == naming.RuntimePath && n.Obj().Name() == "File"
}
