package extract

import (
	"cmp"
	"go/types"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// typ writes a type in canonical form and leads to the named types in it.
func (e *encoder) typ(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case nil:
		e.op("no type")
	case *types.Basic:
		e.op("basic")
		e.text(types.Typ[t.Kind()].Name()) // byte is uint8
	case *types.Named:
		e.named(t)
	case *types.Pointer:
		e.op("pointer")
		e.typ(t.Elem())
	case *types.Slice:
		e.op("slice")
		e.typ(t.Elem())
	case *types.Array:
		e.op("array")
		e.count(int(t.Len() + 1)) // -1 is unknown
		e.typ(t.Elem())
	case *types.Map:
		e.op("map")
		e.typ(t.Key())
		e.typ(t.Elem())
	case *types.Chan:
		e.op("chan")
		e.count(int(t.Dir()))
		e.typ(t.Elem())
	case *types.Struct:
		e.structType(t)
	case *types.Tuple:
		e.tuple(t)
	case *types.Signature:
		e.signature(t)
	case *types.Interface:
		e.interfaceType(t)
	case *types.TypeParam:
		e.op("type parameter")
		e.local(t.Obj())
	case *types.Union:
		e.op("union")
		e.count(t.Len())
		for term := range t.Terms() {
			e.flag(term.Tilde())
			e.typ(term.Type())
		}
	default:
		panic("unknown kind of type " + t.String())
	}
}

func (e *encoder) named(t *types.Named) {
	e.op("named")
	o := t.Origin().Obj()
	if o.Pkg() == nil || isPackageLevel(o) {
		e.ref(o)
	} else {
		e.localTypeName(o)
	}
	e.count(t.TypeArgs().Len())
	for i := range t.TypeArgs().Len() {
		arg := t.TypeArgs().At(i)
		e.typ(arg)
		e.dynamic(arg, facts.TypeArgument, e.pos)
		e.passes(arg, IDOf(o), i)
		e.comparesArgument(t.Origin().TypeParams().At(i), arg, e.pos)
	}
}

// localTypeName writes a type that is declared in a function: by number, because two may have one name, and by name, which a program
// can print (rule 6).
func (e *encoder) localTypeName(o types.Object) {
	e.local(o)
	e.text(o.Name())
}

func (e *encoder) structType(t *types.Struct) {
	e.op("struct")
	e.count(t.NumFields())
	for i := range t.NumFields() {
		f := t.Field(i)
		e.text(f.Id())
		e.flag(f.Embedded())
		e.text(t.Tag(i))
		e.typ(f.Type())
	}
}

func (e *encoder) tuple(t *types.Tuple) {
	e.op("tuple")
	e.count(t.Len())
	for v := range t.Variables() {
		e.typ(v.Type())
	}
}

func (e *encoder) signature(t *types.Signature) {
	e.op("signature")
	e.flag(t.Variadic())
	e.typeParams(t.TypeParams())
	e.tuple(t.Params())
	e.tuple(t.Results())
}

// typeParams numbers type parameters before it writes their constraints, which may mention them.
func (e *encoder) typeParams(list *types.TypeParamList) {
	e.count(list.Len())
	for p := range list.TypeParams() {
		e.number(p.Obj())
	}
	for p := range list.TypeParams() {
		e.typ(p.Constraint())
	}
}

// interfaceType writes the methods in order of their names. Embedded types keep theirs.
func (e *encoder) interfaceType(t *types.Interface) {
	e.op("interface")
	methods := slices.Collect(t.ExplicitMethods())
	slices.SortFunc(methods, func(a, b *types.Func) int { return cmp.Compare(a.Id(), b.Id()) })
	e.count(len(methods))
	for _, m := range methods {
		e.text(m.Id())
		e.signature(m.Signature())
	}
	e.count(t.NumEmbeddeds())
	for embedded := range t.EmbeddedTypes() {
		e.typ(embedded)
	}
}

// core is the underlying type, of a type parameter that of all types that it can be, nil if they differ.
func core(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	p, ok := types.Unalias(t).(*types.TypeParam)
	if !ok {
		return t.Underlying()
	}
	constraint, ok := p.Constraint().Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	var common types.Type
	for embedded := range constraint.EmbeddedTypes() {
		u, ok := embedded.Underlying().(*types.Union)
		if !ok {
			return embedded.Underlying()
		}
		for term := range u.Terms() {
			under := term.Type().Underlying()
			if common != nil && !types.Identical(common, under) {
				return nil
			}
			common = under
		}
	}
	return common
}
