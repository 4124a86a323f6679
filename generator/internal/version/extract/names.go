package extract

import (
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// IDOf names a package-level object, a method or a function that is instantiated.
func IDOf(o types.Object) facts.ID {
	if f, ok := o.(*types.Func); ok {
		f = f.Origin()
		if recv := f.Signature().Recv(); recv != nil {
			return facts.ID{Package: pathOf(f), Name: receiverName(recv.Type()) + "." + f.Name()}
		}
		o = f
	}
	return facts.ID{Package: pathOf(o), Name: o.Name()}
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

// typeID names a declared type.
func typeID(n *types.Named) facts.ID { return facts.ID{Package: pathOf(n.Obj()), Name: n.Obj().Name()} }

func methodsID(o *types.TypeName) facts.ID { return IDOf(o).Prefixed(facts.MethodsPrefix) }

func encodedID(o *types.TypeName) facts.ID { return IDOf(o).Prefixed(facts.EncodedPrefix) }

func decodedID(o *types.TypeName) facts.ID { return IDOf(o).Prefixed(facts.DecodedPrefix) }

func printedID(o *types.TypeName) facts.ID { return IDOf(o).Prefixed(facts.PrintedPrefix) }
