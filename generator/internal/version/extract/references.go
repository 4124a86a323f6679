package extract

import (
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// parameters are the receiver, if there is one, and the parameters.
func parameters(sig *types.Signature) []*types.Var {
	var all []*types.Var
	if sig.Recv() != nil {
		all = append(all, sig.Recv())
	}
	for v := range sig.Params().Variables() {
		all = append(all, v)
	}
	return all
}

// refers reports whether values of a type can point to memory that can be written.
func (s *summarizer) refers(t types.Type) bool {
	if t == nil {
		return false
	}
	if known, ok := s.references[t]; ok {
		return known
	}
	s.references[t] = false
	found := s.holdsReferences(t)
	s.references[t] = found
	return found
}

func (s *summarizer) holdsReferences(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if stdmodel.IsContext(t) || stdmodel.Immutable(typeID(t)) {
			return false
		}
		return s.refers(t.Underlying())
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Interface, *types.TypeParam:
		return true
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	case *types.Array:
		return s.refers(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if s.refers(f.Type()) {
				return true
			}
		}
	case *types.Tuple:
		for v := range t.Variables() {
			if s.refers(v.Type()) {
				return true
			}
		}
	}
	return false
}
