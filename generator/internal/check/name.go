package check

import (
	"go/types"
	"strings"
)

// Nameable reports whether a declared type can be named in pkg.
func Nameable(pkg *types.Package, o *types.TypeName) bool {
	if o.Pkg() == nil || o.Pkg() == pkg {
		return o.Pkg() == nil || o.Parent() == pkg.Scope()
	}
	return o.Exported() && o.Pkg().Name() != "main" && importable(pkg.Path(), o.Pkg().Path())
}

// importable reports whether a package may import another by the rule for internal directories.
func importable(from, path string) bool {
	const internal = "internal"
	elements := strings.Split(path, "/")
	for i := len(elements) - 1; i >= 0; i-- {
		if elements[i] == internal {
			root := strings.Join(elements[:i], "/")
			return root != "" && (from == root || strings.HasPrefix(from, root+"/"))
		}
	}
	return true
}

// CanName reports whether all that a type is written with can be named in pkg.
func CanName(pkg *types.Package, t types.Type) bool { return unnameable(pkg, t) == nil }

// unnameable returns a part of t that can't be named in pkg, or nil. An alias stands for what
// can't.
func unnameable(pkg *types.Package, t types.Type) types.Type {
	switch t := t.(type) {
	case *types.Alias:
		if Nameable(pkg, t.Obj()) {
			return firstUnnameable(pkg, t.TypeArgs())
		}
		return unnameable(pkg, t.Rhs())
	case *types.Named:
		if !Nameable(pkg, t.Obj()) {
			return t
		}
		return firstUnnameable(pkg, t.TypeArgs())
	case *types.Map:
		if key := unnameable(pkg, t.Key()); key != nil {
			return key
		}
		return unnameable(pkg, t.Elem())
	case interface{ Elem() types.Type }:
		return unnameable(pkg, t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if !f.Exported() && f.Pkg() != pkg {
				return t
			}
			if part := unnameable(pkg, f.Type()); part != nil {
				return part
			}
		}
	}
	return nil
}

func firstUnnameable(pkg *types.Package, list *types.TypeList) types.Type {
	for t := range list.Types() {
		if part := unnameable(pkg, t); part != nil {
			return part
		}
	}
	return nil
}
