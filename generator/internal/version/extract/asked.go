package extract

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// Some code gets values as something, and it is known which of their methods it asks for. The
// codec, which encodes keys and results, is this module's own; packages fmt and encoding/json are
// described by the model. None of them hands a value on to anybody else.

// encoding are the methods by which the codec encodes and decodes values, and those by which it
// compares them.
var encoding = []string{
	"AppendCacheKey", "MarshalBinary", "UnmarshalBinary", "MarshalCBOR", "UnmarshalCBOR", "MarshalText", "UnmarshalText", "MarshalJSON", "UnmarshalJSON",
	"MarshalJSONTo", "UnmarshalJSONFrom", "IsZero", "Equal",
}

// isMessage is the method that protobuf's messages have: their package may call any other.
const isMessage = "ProtoReflect"

// asked adds the nodes of the methods of a type that the codec asks for, and of those that package
// fmt and encoding/json do.
func (s *summarizer) asked(o *types.TypeName, set *types.MethodSet) {
	anyMethod := slices.ContainsFunc(slices.Collect(set.Methods()), func(sel *types.Selection) bool { return sel.Obj().Name() == isMessage })
	s.askedFor(o, set, encodedID, func(name string) bool { return anyMethod || slices.Contains(encoding, name) })
	s.askedFor(o, set, printedID, func(name string) bool { return slices.Contains(stdmodel.Printing, name) })
	s.askedFor(o, set, decodedID, func(name string) bool { return slices.Contains(stdmodel.Decoding, name) })
}

// askedFor adds the node of the methods of a type that are asked for by their names. It leads to
// those of what the type holds.
func (s *summarizer) askedFor(o *types.TypeName, set *types.MethodSet, id func(*types.TypeName) facts.ID, wanted func(name string) bool) {
	e := s.encode(facts.Asked, id(o), nil)
	pos := s.position(o.Pos())
	e.node.File, e.node.Line, e.node.Column = pos.Filename, pos.Line, pos.Column
	e.pos = o.Pos()
	e.edge(IDOf(o), facts.Uses)
	for sel := range set.Methods() {
		if m := sel.Obj().(*types.Func); wanted(m.Name()) {
			e.hasMethod(o, m)
		}
	}
	for _, c := range dynamicTypes(o.Type().Underlying(), s.isLocalNamed) {
		e.edge(id(c), facts.Contains)
	}
	s.add(e.node)
}

// askingIn are the nodes of those methods of types that a call may ask for, of arguments that it
// takes as something.
func (e *encoder) askingIn(x *ast.CallExpr) func(*types.TypeName) facts.ID {
	if f := typeutil.StaticCallee(e.info, x); f != nil {
		switch id := IDOf(f); {
		case stdmodel.OnlyPrints(id):
			return printedID
		case stdmodel.OnlyDecodes(id):
			return decodedID
		}
	}
	return methodsID
}
