package version

import (
	"go/ast"
	"go/constant"
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/load"
)

// What a function reads from a cache.File that it was given is in its key. Reading one leads to a name of its own, which is no source. Where a
// cache.File is made of a path, nothing says that a key has it: that is a source, as opening the path would be.

const (
	// keyedFilePrefix is before the names of functions that are called with the path of a cache.File.
	keyedFilePrefix = "(cache.File)"
	// madeFile is the name of a cache.File that is made of a path.
	madeFile = "File(path)"
)

// readers are the functions that read no more than the content of the file whose path is their first argument.
var readers = map[ID]bool{{"os", "ReadFile"}: true, {"os", "Open"}: true, {"io/ioutil", "ReadFile"}: true}

// readsKeyedFile reports whether a call of f reads a cache.File.
func (e *encoder) readsKeyedFile(f *types.Func, x *ast.CallExpr) bool {
	if !readers[IDOf(f)] || len(x.Args) == 0 {
		return false
	}
	conversion, ok := ast.Unparen(x.Args[0]).(*ast.CallExpr)
	return ok && len(conversion.Args) == 1 && e.info.Types[conversion.Fun].IsType() && isFile(e.typeOf(conversion.Args[0]))
}

// makesFile notes that a cache.File is made: by a conversion, or of a constant.
func (e *encoder) makesFile(x ast.Expr) {
	tv := e.info.Types[x]
	if isFile(tv.Type) && (tv.Value == nil || constant.StringVal(tv.Value) != "") {
		e.edgeAt(ID{load.RuntimePath, madeFile}, Uses, x.Pos())
	}
}

func isFile(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && pathOf(n.Obj()) == load.RuntimePath && n.Obj().Name() == "File"
}
