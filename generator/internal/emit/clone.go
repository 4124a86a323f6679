package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/cachegen/cachegen/generator/internal/check"
)

// copier writes statements that replace an operand by a copy of it. The copy shares nothing that
// can change.
type copier struct {
	*file
	loops int
}

func (c copier) loop() copier { c.loops++; return c }

func (c copier) variable(name string) string {
	if c.loops == 0 {
		return name
	}
	return name + string(rune('1'+c.loops))
}

// clone returns an expression for a copy of v. If a copy takes more than one expression, clone
// writes a function for it.
func (f *file) clone(k *check.Copy, v *jen.Statement) *jen.Statement {
	if one := (copier{file: f}).one(k, v); one != nil {
		return one
	}
	return jen.Id(f.cloner(k)).Call(v)
}

// cloneFunc returns the function that copies.
func (f *file) cloneFunc(k *check.Copy) *jen.Statement {
	if k.Elem == nil {
		switch k.Kind {
		case check.CopySlice:
			return f.std("slices", "Clone").Types(f.typ(k.Type))
		case check.CopyMap:
			return f.std("maps", "Clone").Types(f.typ(k.Type))
		}
	}
	return jen.Id(f.cloner(k))
}

// cloner returns the name of the function that copies values of k's type. It is written later.
func (f *file) cloner(k *check.Copy) string {
	if name, ok := f.cloners.At(k.Type).(string); ok {
		return name
	}
	words := f.words(k.Type)
	name := f.scope.declare("clone"+words+f.suffix, "clone"+words+"Value"+f.suffix)
	f.cloners.Set(k.Type, name)
	f.queue = append(f.queue, func() {
		f.writeCloner(name, f.typ(k.Type), func(g *jen.Group) { copier{file: f}.parts(g, k, variable("v")) })
	})
	return name
}

func (f *file) writeCloner(name string, typ *jen.Statement, body func(*jen.Group)) {
	f.out.Line().Commentf("%s returns a copy of v that shares nothing with it that can change.", name)
	f.out.Func().Id(name).Params(jen.Id("v").Add(typ.Clone())).Add(typ).BlockFunc(func(g *jen.Group) {
		body(g)
		g.Return(jen.Id("v"))
	})
}

// one returns the expression that is a copy of x, or nil if it takes statements.
func (c copier) one(k *check.Copy, x *jen.Statement) *jen.Statement {
	if c.canName(k.Type) && (c.own(k) || rebuilt(k)) {
		return jen.Id(c.cloner(k)).Call(x)
	}
	if k.Elem == nil {
		switch k.Kind {
		case check.CopySlice:
			return c.std("slices", "Clone").Call(x)
		case check.CopyMap:
			return c.std("maps", "Clone").Call(x)
		}
	}
	return nil
}

// own reports whether a type has a function of its own that copies it: a declared struct, or a
// declared type that contains itself.
func (c copier) own(k *check.Copy) bool {
	return k.Named() != nil && (k.Kind == check.CopyStruct || contains(k, k, map[*check.Copy]bool{}))
}

// rebuilt reports whether the copy of a map is filled anew. An element under a NaN can't be
// replaced: writing it would add another one.
func rebuilt(k *check.Copy) bool { return k.Kind == check.CopyMap && k.NaN && k.Elem != nil }

// copy writes the statements that make x a copy of itself.
func (c copier) copy(g *jen.Group, k *check.Copy, x operand) {
	if one := c.one(k, x.value()); one != nil {
		g.Add(x.value()).Op("=").Add(one)
		return
	}
	c.parts(g, k, x)
}

// contains reports whether target is below k.
func contains(k, target *check.Copy, seen map[*check.Copy]bool) bool {
	if k == nil || seen[k] {
		return false
	}
	seen[k] = true
	if k.Elem == target || contains(k.Elem, target, seen) {
		return true
	}
	for _, f := range k.Fields {
		if f.Copy == target || contains(f.Copy, target, seen) {
			return true
		}
	}
	return false
}

func (c copier) parts(g *jen.Group, k *check.Copy, x operand) {
	switch k.Kind {
	case check.CopyStruct:
		for _, f := range k.Fields {
			c.copy(g, f.Copy, x.field(f.Name))
		}
	case check.CopyArray:
		c.items(g, k, x)
	case check.CopySlice:
		g.Add(x.value()).Op("=").Add(c.std("slices", "Clone")).Call(x.value())
		if k.Elem != nil {
			c.items(g, k, x)
		}
	case check.CopyMap:
		c.pairs(g, k, x)
	case check.CopyPointer:
		c.pointer(g, k, x)
	case check.CopyMethod:
		g.Add(x.value()).Op("=").Op("*").Add(c.newBy(k, x.pointer()))
	}
}

func (c copier) items(g *jen.Group, k *check.Copy, x operand) {
	i := c.variable("i")
	g.For(jen.Id(i).Op(":=").Range().Add(x.value())).BlockFunc(func(g *jen.Group) {
		c.loop().copy(g, k.Elem, x.elem(i))
	})
}

func (c copier) pairs(g *jen.Group, k *check.Copy, x operand) {
	if rebuilt(k) {
		if c.canName(k.Type) {
			c.rebuild(g, k, x)
		} else {
			g.BlockFunc(func(g *jen.Group) { c.rebuild(g, k, x) })
		}
		return
	}
	g.Add(x.value()).Op("=").Add(c.std("maps", "Clone")).Call(x.value())
	if k.Elem != nil {
		c.elements(g, k, x, x.value())
	}
}

func (c copier) rebuild(g *jen.Group, k *check.Copy, x operand) {
	m := jen.Id(c.variable("m"))
	g.Add(m).Op(":=").Add(x.value())
	g.Add(x.value()).Op("=").Add(c.std("maps", "Clone")).Call(m)
	g.Clear(x.value())
	c.elements(g, k, x, m)
}

// elements copies the elements of the map source into x.
func (c copier) elements(g *jen.Group, k *check.Copy, x operand, source *jen.Statement) {
	key, elem := c.variable("k"), c.variable("e")
	g.For(jen.List(jen.Id(key), jen.Id(elem)).Op(":=").Range().Add(source)).BlockFunc(func(g *jen.Group) {
		one := c.loop().one(k.Elem, jen.Id(elem))
		if one == nil {
			c.loop().parts(g, k.Elem, variable(elem))
			one = jen.Id(elem)
		}
		g.Add(x.indexed()).Index(jen.Id(key)).Op("=").Add(one)
	})
}

func (c copier) pointer(g *jen.Group, k *check.Copy, x operand) {
	g.If(x.value().Op("!=").Nil()).BlockFunc(func(g *jen.Group) {
		if k.Elem != nil && k.Elem.Kind == check.CopyMethod {
			g.Add(x.value()).Op("=").Add(c.newBy(k.Elem, x.value()))
			return
		}
		p := c.variable("p")
		pointee := x.pointee().value()
		var one *jen.Statement
		if k.Elem != nil {
			one = c.loop().one(k.Elem, pointee)
		}
		if one == nil {
			one = pointee
		}
		g.Id(p).Op(":=").Add(one)
		if k.Elem != nil && one == pointee {
			c.loop().parts(g, k.Elem, variable(p))
		}
		g.Add(x.value()).Op("=").Op("&").Id(p)
	})
}

// newBy is new(T).Set(p): a new value that takes over what p points to.
func (c copier) newBy(k *check.Copy, p *jen.Statement) *jen.Statement {
	return jen.New(c.typ(k.Type)).Dot(k.Method).Call(p)
}

// indexed is the operand as it stands before an index.
func (o operand) indexed() *jen.Statement {
	if o.deref {
		return jen.Parens(o.value())
	}
	return o.base.Clone()
}
