package extract

import (
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// What functions outside do with memory is known by reviewed rules: their code is not looked at.

// outsideWrites are the arguments, a receiver first, through which a function outside writes; n is their number.
func outsideWrites(f *types.Func, n int) []int {
	if recv := f.Signature().Recv(); recv != nil {
		return methodWrites(f, recv, n)
	}
	return stdmodel.Writes(IDOf(f))
}

// methodWrites says through which of receiver and arguments a method outside writes. Interface methods that fill what they are given are known
// by name.
func methodWrites(f *types.Func, recv *types.Var, n int) []int {
	if named, ok := types.Unalias(deref(recv.Type())).(*types.Named); ok && stdmodel.ReadOnly(typeID(named)) {
		return nil
	}
	var args []int
	if canChange(recv.Type()) && !isForeignInterface(f) && stdmodel.ChangesReceiver(f.Name()) {
		args = append(args, 0)
	}
	if stdmodel.Fills(f.Name()) {
		for i := 1; i < n; i++ {
			args = append(args, i)
		}
	}
	return args
}

// isForeignInterface reports whether f is a method of an interface that the standard library does not have: a gauge that is set, a
// logger that is written to.
func isForeignInterface(f *types.Func) bool {
	return types.IsInterface(f.Signature().Recv().Type()) && !stdmodel.IsPath(pathOf(f))
}

// canChange reports whether a method with a receiver of type t can change what the caller has.
func canChange(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Interface:
		return true
	}
	return false
}
