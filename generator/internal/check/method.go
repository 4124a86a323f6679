package check

import (
	"go/types"
)

// method finds a type's own method: one that is promoted from an embedded field speaks for that
// field alone. byPointer says that it has a pointer receiver.
func method(t types.Type, pkg *types.Package, name string) (sig *types.Signature, byPointer bool) {
	if _, ok := types.Unalias(t).(*types.Named); !ok || types.IsInterface(t) {
		return nil, false
	}
	o, index, _ := types.LookupFieldOrMethod(t, true, pkg, name)
	f, ok := o.(*types.Func)
	if !ok || len(index) != 1 {
		return nil, false
	}
	sig = f.Signature()
	_, byPointer = types.Unalias(sig.Recv().Type()).(*types.Pointer)
	return sig, byPointer
}

var (
	bytesType = types.NewSlice(types.Typ[types.Byte])
	errorType = types.Universe.Lookup("error").Type()
)

// takes reports whether sig has exactly the parameters and results.
func takes(sig *types.Signature, params, results []types.Type) bool {
	return sig != nil && !sig.Variadic() && same(sig.Params(), params) && same(sig.Results(), results)
}

func same(vars *types.Tuple, want []types.Type) bool {
	if vars.Len() != len(want) {
		return false
	}
	for i, t := range want {
		if !types.Identical(vars.At(i).Type(), t) {
			return false
		}
	}
	return true
}

var marshalResults = []types.Type{bytesType, errorType}

// marshals reports whether t has a method "name() ([]byte, error)" of its own.
func marshals(t types.Type, name string) (ok, byPointer bool) {
	sig, byPointer := method(t, nil, name)
	return takes(sig, nil, marshalResults), byPointer
}

// unmarshals reports whether t has a method "name([]byte) error" of its own.
func unmarshals(t types.Type, name string) bool {
	sig, byPointer := method(t, nil, name)
	return byPointer && takes(sig, []types.Type{bytesType}, []types.Type{errorType})
}

// keys reports whether t has a method AppendCacheKey of its own.
func keys(t types.Type) (ok, byPointer bool) {
	sig, byPointer := method(t, nil, "AppendCacheKey")
	return takes(sig, []types.Type{bytesType}, []types.Type{bytesType}), byPointer
}

// isProto reports whether *t is a protobuf message.
func isProto(t types.Type) bool {
	sig, byPointer := method(t, nil, "ProtoReflect")
	return byPointer && sig.Params().Len() == 0 && sig.Results().Len() == 1 &&
		typeName(sig.Results().At(0).Type()) == "google.golang.org/protobuf/reflect/protoreflect.Message"
}

// typeName is a declared type's import path and name, or "".
func typeName(t types.Type) string {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return ""
	}
	return n.Obj().Pkg().Path() + "." + n.Obj().Name()
}
