package model

import "go/types"

// HasTypeParam reports whether what a type is depends on a type parameter.
func HasTypeParam(t types.Type) bool { return hasTypeParam(t, map[types.Type]bool{}) }

func hasTypeParam(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if t == nil || seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			if hasTypeParam(arg, seen) {
				return true
			}
		}
	case *types.Map:
		return hasTypeParam(t.Key(), seen) || hasTypeParam(t.Elem(), seen)
	case interface{ Elem() types.Type }: // pointers, slices, arrays, channels
		return hasTypeParam(t.Elem(), seen)
	case *types.Struct:
		for f := range t.Fields() {
			if hasTypeParam(f.Type(), seen) {
				return true
			}
		}
	case *types.Signature:
		return hasTypeParam(t.Params(), seen) || hasTypeParam(t.Results(), seen)
	case *types.Tuple:
		for v := range t.Variables() {
			if hasTypeParam(v.Type(), seen) {
				return true
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if hasTypeParam(m.Signature(), seen) {
				return true
			}
		}
	}
	return false
}
