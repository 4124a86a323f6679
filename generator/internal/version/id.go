package version

import (
	"go/types"
)

// Names of nodes that are no objects. Parentheses keep them apart from identifiers.
const (
	packageName      = "(package)"
	contentsName     = "(contents)"
	assemblyName     = "(assembly)"
	cgoName          = "(cgo)"
	otherTargetsName = "(other targets)"
	orderName        = "(order of initialisation)"
	vendoredName     = "(vendored)"
	initPrefix       = "(init)"
	choicePrefix     = "(implementations)"
	literalPrefix    = "(literal)"
	blankPrefix      = "(blank)"
	partPrefix       = "(part "
	methodsPrefix    = "(methods)"
	wrapperPrefix    = "(wrapper)"
	fixedPrefix      = "(fixed version)"
)

// IDOf names a package-level object, a method or a function that is instantiated.
func IDOf(o types.Object) ID {
	if f, ok := o.(*types.Func); ok {
		f = f.Origin()
		if recv := f.Signature().Recv(); recv != nil {
			return ID{pathOf(f), receiverName(recv.Type()) + "." + f.Name()}
		}
		o = f
	}
	return ID{pathOf(o), o.Name()}
}

// pathOf is the import path of an object's package, "" for the universe.
func pathOf(o types.Object) string {
	if o == nil || o.Pkg() == nil {
		return ""
	}
	return o.Pkg().Path()
}

// receiverName is the name of a receiver's type without the pointer; "interface" for a method of a type without a name.
func receiverName(t types.Type) string {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return "interface"
}

// isPackageLevel reports whether o is declared in its package's scope. Methods and fields are not.
func isPackageLevel(o types.Object) bool {
	return o.Pkg() != nil && o.Parent() == o.Pkg().Scope()
}

func (id ID) prefixed(prefix string) ID { return ID{id.Package, prefix + id.Name} }

func methodsID(o *types.TypeName) ID { return IDOf(o).prefixed(methodsPrefix) }
