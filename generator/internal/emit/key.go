package emit

import (
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/cachegen/cachegen/generator/internal/check"
)

// operand is an expression that generated code encodes or copies: it is addressable.
type operand struct {
	// base is what selectors and indices apply to: p for the pointee of p.
	base *jen.Statement
	// deref says that the operand is what base points to.
	deref bool
}

func variable(name string) operand { return operand{base: jen.Id(name)} }

func (o operand) value() *jen.Statement {
	if o.deref {
		return jen.Op("*").Add(o.base.Clone())
	}
	return o.base.Clone()
}

func (o operand) pointer() *jen.Statement {
	if o.deref {
		return o.base.Clone()
	}
	return jen.Op("&").Add(o.base.Clone())
}

func (o operand) field(name string) operand { return operand{base: o.base.Clone().Dot(name)} }

// elem is the element of an array, slice or pointer to an array.
func (o operand) elem(index string) operand {
	if o.deref {
		return operand{base: jen.Parens(o.value()).Index(jen.Id(index))}
	}
	return operand{base: o.base.Clone().Index(jen.Id(index))}
}

// pointee is what the operand, a pointer, points to.
func (o operand) pointee() operand {
	if o.deref {
		return operand{base: jen.Parens(o.value()), deref: true}
	}
	return operand{base: o.base.Clone(), deref: true}
}

// encoder writes statements that append values to b.
type encoder struct {
	*file
	// depth is what the depth of the value at hand is called, "" where no value can be deep; below
	// counts the levels from there.
	depth string
	below int
	// loops is how many loops are open: their variables are numbered.
	loops int
}

// deeper is the encoder for what is one level below.
func (e encoder) deeper() encoder { e.below++; return e }

// loop is the encoder for what is in a loop.
func (e encoder) loop() encoder { e.loops++; return e.deeper() }

// variable returns a loop variable's name.
func (e encoder) variable(name string) string {
	if e.loops == 0 {
		return name
	}
	return name + string(rune('1'+e.loops))
}

// one returns the expression that appends v to b, or nil if it takes statements.
func (e encoder) one(b *jen.Statement, k *check.Key, v operand) *jen.Statement {
	switch k.Kind {
	case check.Bool:
		return e.basic(b, "AppendBool", k.Type, types.Bool, v)
	case check.Int:
		return e.basic(b, "AppendInt", k.Type, types.Int64, v)
	case check.Uint:
		return e.basic(b, "AppendUint", k.Type, types.Uint64, v)
	case check.Float32:
		return e.basic(b, "AppendFloat32", k.Type, types.Float32, v)
	case check.Float64:
		return e.basic(b, "AppendFloat64", k.Type, types.Float64, v)
	case check.Complex64:
		return e.basic(b, "AppendComplex64", k.Type, types.Complex64, v)
	case check.Complex128:
		return e.basic(b, "AppendComplex128", k.Type, types.Complex128, v)
	case check.String:
		return e.basic(b, "AppendString", k.Type, types.String, v)
	case check.Bytes:
		return e.impl("AppendBytes").Call(b, v.value())
	case check.Bits:
		return e.impl("AppendBytes").Call(b, v.base.Clone().Index(jen.Op(":")))
	case check.BehindInterface:
		return e.impl("AppendInterface").Call(b, v.value(), jen.Id(e.knownVar()).Op("..."))
	case check.Reflected:
		return e.impl("AppendValue").Call(b, v.value())
	case check.Proto:
		return jen.Id(e.protoAppender()).Call(b, v.pointer())
	case check.Method:
		if k.ByPointer || v.deref && k.Append != "AppendFile" && !isRule(k.Append) {
			return e.impl(k.Append).Call(b, v.pointer())
		}
		return e.impl(k.Append).Call(b, v.value())
	}
	return e.composite(b, k, v)
}

// isRule reports whether a function of the runtime is for one type, and not for all types with a
// certain method.
func isRule(name string) bool {
	switch name {
	case "AppendKeyer", "AppendBinary", "AppendCBOR", "AppendText":
		return false
	}
	return true
}

func (e encoder) basic(b *jen.Statement, function string, t types.Type, kind types.BasicKind, v operand) *jen.Statement {
	arg := v.value()
	if !types.Identical(t, types.Typ[kind]) {
		arg = jen.Id(types.Typ[kind].Name()).Call(arg)
	}
	return e.impl(function).Call(b, arg)
}

// composite returns the call of the function that appends values of a declared type, or nil if its
// parts are appended in place.
func (e encoder) composite(b *jen.Statement, k *check.Key, v operand) *jen.Statement {
	named := k.Named()
	if named == nil || k.Kind != check.Struct && !k.Recursive {
		return nil
	}
	if k.HasParam() || !e.canName(k.Type) {
		if k.Recursive {
			return e.impl("AppendValue").Call(b, v.value())
		}
		return nil
	}
	arg := v.value()
	if k.Kind == check.Struct {
		arg = v.pointer()
	}
	call := jen.Id(e.appender(k))
	switch {
	case !k.Recursive:
		return call.Call(b, arg)
	case e.depth == "":
		return call.Call(b, arg, jen.Lit(e.below))
	case e.below == 0:
		return call.Call(b, arg, jen.Id(e.depth))
	}
	return call.Call(b, arg, jen.Id(e.depth).Op("+").Lit(e.below))
}

// append writes the statements that append v to b.
func (e encoder) append(g *jen.Group, k *check.Key, v operand) {
	if x := e.one(jen.Id("b"), k, v); x != nil {
		g.Id("b").Op("=").Add(x)
		return
	}
	e.parts(g, k, v)
}

// parts writes the statements that append the parts of v to b.
func (e encoder) parts(g *jen.Group, k *check.Key, v operand) {
	switch k.Kind {
	case check.Struct:
		e.fields(g, k, v)
	case check.Array:
		e.items(g, k, v)
	case check.Slice:
		e.orNil(g, v, func(g *jen.Group) { e.items(g, k, v) })
	case check.Map:
		e.orNil(g, v, func(g *jen.Group) { e.pairs(g, k, v) })
	case check.Pointer:
		e.orNil(g, v, func(g *jen.Group) {
			head := e.impl("AppendArray").Call(jen.Id("b"), jen.Lit(1))
			if x := e.deeper().one(head, k.Elem, v.pointee()); x != nil {
				g.Id("b").Op("=").Add(x)
				return
			}
			g.Id("b").Op("=").Add(head)
			e.deeper().parts(g, k.Elem, v.pointee())
		})
	}
}

func (e encoder) orNil(g *jen.Group, v operand, rest func(*jen.Group)) {
	g.If(v.value().Op("==").Nil()).Block(
		jen.Id("b").Op("=").Add(e.impl("AppendNil").Call(jen.Id("b"))),
	).Else().BlockFunc(rest)
}

func (e encoder) fields(g *jen.Group, k *check.Key, v operand) {
	g.Id("b").Op("=").Add(e.impl("AppendArray").Call(jen.Id("b"), jen.Lit(len(k.Fields))))
	for _, f := range k.Fields {
		e.deeper().append(g, f.Key, v.field(f.Name))
	}
}

func (e encoder) items(g *jen.Group, k *check.Key, v operand) {
	g.Id("b").Op("=").Add(e.impl("AppendArray").Call(jen.Id("b"), jen.Len(v.value())))
	if isSimple(k.Elem) {
		elem := e.variable("e")
		g.For(jen.List(jen.Id("_"), jen.Id(elem)).Op(":=").Range().Add(v.value())).BlockFunc(func(g *jen.Group) {
			e.loop().append(g, k.Elem, variable(elem))
		})
		return
	}
	i := e.variable("i")
	over := jen.Id(i).Op(":=").Range().Add(v.value())
	if !e.mentions(k.Elem) {
		over = jen.Range().Add(v.value())
	}
	g.For(over).BlockFunc(func(g *jen.Group) { e.loop().append(g, k.Elem, v.elem(i)) })
}

// mentions reports whether the code that appends a value mentions it. It does not for structs
// without fields, which are all alike.
func (e encoder) mentions(k *check.Key) bool {
	if k.Kind != check.Struct || k.Named() != nil && !k.HasParam() && e.canName(k.Type) {
		return true
	}
	return slices.ContainsFunc(k.Fields, func(f check.Field) bool { return e.mentions(f.Key) })
}

func (e encoder) pairs(g *jen.Group, k *check.Key, v operand) {
	key, elem, start, ends := e.variable("k"), e.variable("e"), e.variable("start"), e.variable("ends")
	b := jen.Id("b")
	g.Add(b).Op("=").Add(e.impl("AppendMap").Call(b, jen.Len(v.value())))
	g.List(jen.Id(start), jen.Id(ends)).Op(":=").List(jen.Len(b), jen.Make(jen.Index().Int(), jen.Lit(0), jen.Lit(16)))
	g.For(e.keyAndElem(k, key, elem).Range().Add(v.value())).BlockFunc(func(g *jen.Group) {
		e.loop().append(g, k.MapKey, variable(key))
		e.loop().append(g, k.Elem, variable(elem))
		g.Id(ends).Op("=").Append(jen.Id(ends), jen.Len(b))
	})
	g.Add(b).Op("=").Add(e.impl("AppendSortedPairs").Call(b, jen.Id(start), jen.Id(ends)))
}

// keyAndElem declares the loop variables that are mentioned.
func (e encoder) keyAndElem(k *check.Key, key, elem string) *jen.Statement {
	switch byKey, byElem := e.mentions(k.MapKey), e.mentions(k.Elem); {
	case byKey && byElem:
		return jen.List(jen.Id(key), jen.Id(elem)).Op(":=")
	case byKey:
		return jen.Id(key).Op(":=")
	case byElem:
		return jen.List(jen.Id("_"), jen.Id(elem)).Op(":=")
	}
	return jen.Null()
}

// appender returns the name of the function that appends values of a declared type. It is written
// later.
func (f *file) appender(k *check.Key) string {
	if name, ok := f.appenders.At(k.Type).(string); ok {
		return name
	}
	words := f.words(k.Type)
	name := f.scope.declare("append"+words+f.suffix, "append"+words+"Key"+f.suffix)
	f.appenders.Set(k.Type, name)
	f.queue = append(f.queue, func() { f.writeAppender(name, k) })
	return name
}

func (f *file) writeAppender(name string, k *check.Key) {
	param := f.typ(k.Type)
	v := variable("v")
	if k.Kind == check.Struct {
		param, v = jen.Op("*").Add(param), operand{base: jen.Id("v"), deref: true}
	}
	params := []jen.Code{jen.Id("b").Index().Byte(), jen.Id("v").Add(param)}
	e := encoder{file: f}
	if k.Recursive {
		e.depth = "depth"
		params = append(params, jen.Id("depth").Int())
	}
	f.out.Line().Commentf("%s appends the canonical encoding of v to b.", name)
	f.out.Func().Id(name).Params(params...).Index().Byte().BlockFunc(func(g *jen.Group) {
		if k.Recursive {
			g.If(f.impl("TooDeep").Call(jen.Id("b"), jen.Id("depth"))).Block(jen.Return(jen.Nil()))
		}
		e.parts(g, k, v)
		g.Return(jen.Id("b"))
	})
}
