package model

import (
	"go/types"
	"slices"
)

// calledBuiltins are the predeclared functions that generated code calls.
var calledBuiltins = []string{"append", "clear", "len", "make", "new"}

// predeclared reports declarations that give another meaning to a predeclared name which generated code needs. Where a wrapper would be called
// so, that is said of the name.
func (b *packageBuilder) predeclared() {
	scope := b.pkg.Types.Scope()
	for _, name := range types.Universe.Names() {
		o := scope.Lookup(name)
		if o == nil || b.pkg.Wrappers[o] != nil || !needed(types.Universe.Lookup(name)) {
			continue
		}
		b.namef(b.position(o.Pos()), "the package declares %s, which generated code needs as Go predeclares it: rename it", name)
	}
}

// needed reports whether generated code may need something predeclared: any type may be that of an input or a result.
func needed(o types.Object) bool {
	if _, ok := o.(*types.Builtin); ok {
		return slices.Contains(calledBuiltins, o.Name())
	}
	return o.Name() != "iota"
}
