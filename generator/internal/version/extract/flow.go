package extract

import (
	"crypto/sha256"
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/model"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// shape returns a type's shape. Types without names in scope differ from all others.
func (s *summarizer) shape(t types.Type) facts.Shape {
	if known, ok := s.shapes[t]; ok {
		return known
	}
	e := s.encode(facts.Type, facts.ID{}, nil)
	e.quiet = true
	if sig, ok := t.(*types.Signature); ok {
		e.signature(sig)
	} else {
		e.typ(t)
	}
	e.node.Skeleton = sha256.Sum256(e.buf)
	h := facts.LocalHash(e.node, nil)
	shape := facts.Shape(h[:16])
	s.shapes[t] = shape
	return shape
}

// signatureShape is the shape of a function's signature.
func (s *summarizer) signatureShape(sig *types.Signature) facts.Shape {
	var shapes []facts.Shape
	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range tuple.Variables() {
			var shape facts.Shape
			if !model.HasTypeParam(v.Type()) {
				shape = s.shape(v.Type())
			}
			shapes = append(shapes, shape)
		}
	}
	return facts.SignatureShape(sig.Params().Len(), sig.Results().Len(), sig.Variadic(), shapes)
}

// methodShape is the shape of a method's signature, by which it implements an interface.
func (s *summarizer) methodShape(sig *types.Signature) facts.Shape {
	if model.HasTypeParam(sig) {
		return facts.Shape{}
	}
	return s.shape(sig)
}

// interfaceOf describes an interface type.
func (s *summarizer) interfaceOf(t types.Type) *facts.Interface {
	under, ok := t.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	if known := s.interfaces[t]; known != nil {
		return known
	}
	i := &facts.Interface{Name: types.TypeString(named(t), nil)}
	for m := range under.Methods() {
		i.Methods = append(i.Methods, facts.Method{Name: m.Id(), Signature: s.methodShape(m.Signature())})
	}
	s.interfaces[t] = i
	return i
}

// named is a type whose name means the same everywhere: the constraint for a type parameter, what is behind a local name.
func named(t types.Type) types.Type {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return named(t.Constraint())
	case *types.Named:
		if o := t.Obj(); o.Pkg() != nil && !isPackageLevel(o) {
			return t.Underlying()
		}
	}
	return t
}

// protobuf is the package of what all messages of protobuf have in them: descriptions of their types, whose interfaces and functions
// are its own.
const protobuf = "google.golang.org/protobuf/internal/impl"

// carriesBehaviour reports whether a value of type t can hold something that code unknown at this place made: an interface or
// a function. Contexts are not followed: what they hold is found where they are asked.
func (s *summarizer) carriesBehaviour(t types.Type) bool {
	if t == nil {
		return false
	}
	known, ok := s.carriers[t]
	if !ok {
		known = s.holdsBehaviour(t, map[types.Type]bool{})
		s.carriers[t] = known
	}
	return known
}

// holdsBehaviour looks into a type. What is seen already is decided elsewhere, so that only the answer for all of it can be kept.
func (s *summarizer) holdsBehaviour(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if known, ok := s.carriers[t]; ok || seen[t] {
		return known
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		switch {
		case stdmodel.IsContext(t) || pathOf(t.Obj()) == protobuf:
			return false
		case t.Obj().Pkg() == nil:
			return t.Obj().Name() != "comparable"
		}
		for arg := range t.TypeArgs().Types() {
			if s.holdsBehaviour(arg, seen) {
				return true
			}
		}
		return s.holdsBehaviour(t.Underlying(), seen)
	case *types.Interface, *types.Signature, *types.TypeParam:
		return true
	case *types.Map:
		return s.holdsBehaviour(t.Key(), seen) || s.holdsBehaviour(t.Elem(), seen)
	case interface{ Elem() types.Type }: // pointers, slices, arrays, channels
		return s.holdsBehaviour(t.Elem(), seen)
	case *types.Struct:
		for f := range t.Fields() {
			if s.holdsBehaviour(f.Type(), seen) {
				return true
			}
		}
	case *types.Tuple:
		for v := range t.Variables() {
			if s.holdsBehaviour(v.Type(), seen) {
				return true
			}
		}
	}
	return false
}

// exposure is what code outside can call through a value of type t. Within types of other modules it looks as far as their own package:
// a client's transport, a logger's handler. What a type parameter stands for counts if it is known what is called: otherwise that has
// the type parameter too where it is instantiated, and values are followed there.
func (s *summarizer) exposure(t types.Type, known bool) facts.Exposure {
	var x facts.Exposure
	seen := map[types.Type]bool{}
	var walk func(t types.Type, within string)
	walk = func(t types.Type, within string) {
		t = types.Unalias(t)
		if seen[t] || !s.carriesBehaviour(t) {
			return
		}
		seen[t] = true
		switch t := t.(type) {
		case *types.Named:
			s.exposeNamed(&x, t, within, walk)
		case *types.Interface:
			x.Interfaces = append(x.Interfaces, s.interfaceOf(t))
		case *types.TypeParam:
			if known {
				x.Interfaces = append(x.Interfaces, s.interfaceOf(t))
			}
		case *types.Signature:
			x.Functions = append(x.Functions, s.signatureShape(t))
		case *types.Pointer:
			walk(t.Elem(), within)
		case *types.Slice:
			walk(t.Elem(), within)
		case *types.Array:
			walk(t.Elem(), within)
		case *types.Chan:
			walk(t.Elem(), within)
		case *types.Map:
			walk(t.Key(), within)
			walk(t.Elem(), within)
		case *types.Struct:
			for f := range t.Fields() {
				walk(f.Type(), within)
			}
		}
	}
	walk(t, "")
	return x
}

func (s *summarizer) exposeNamed(x *facts.Exposure, t *types.Named, within string, walk func(types.Type, string)) {
	for arg := range t.TypeArgs().Types() {
		walk(arg, within)
	}
	path := pathOf(t.Obj())
	switch {
	case types.IsInterface(t):
		x.Interfaces = append(x.Interfaces, s.interfaceOf(t))
	case s.isLocalNamed(t):
		x.Types = append(x.Types, methodsID(t.Origin().Obj()))
	case within == "" || within == path || s.isLocal(path):
		walk(t.Underlying(), path)
	}
}
