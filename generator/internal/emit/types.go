package emit

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/cachegen/cachegen/generator/internal/check"
)

// typer writes types as a file sees them.
type typer struct {
	*file
	// params are what the type parameters of the function at hand are called.
	params map[*types.TypeParam]string
}

func (t typer) of(typ types.Type) *jen.Statement {
	switch typ := typ.(type) {
	case *types.Basic:
		if typ.Kind() == types.UnsafePointer {
			return t.qual("unsafe", "unsafe", "Pointer")
		}
		return jen.Id(typ.Name())
	case *types.Alias:
		if t.nameable(typ.Obj()) {
			return t.named(typ.Obj(), typ.TypeArgs())
		}
		return t.of(typ.Rhs())
	case *types.Named:
		return t.named(typ.Obj(), typ.TypeArgs())
	case *types.TypeParam:
		if name := t.params[typ]; name != "" {
			return jen.Id(name)
		}
		return jen.Id(typ.Obj().Name())
	case *types.Pointer:
		return jen.Op("*").Add(t.of(typ.Elem()))
	case *types.Slice:
		return jen.Index().Add(t.of(typ.Elem()))
	case *types.Array:
		return jen.Index(jen.Lit(int(typ.Len()))).Add(t.of(typ.Elem()))
	case *types.Map:
		return jen.Map(t.of(typ.Key())).Add(t.of(typ.Elem()))
	case *types.Chan:
		return t.channel(typ)
	case *types.Struct:
		return t.structure(typ)
	case *types.Signature:
		return jen.Func().Add(t.signature(typ))
	case *types.Interface:
		return t.iface(typ)
	case *types.Union:
		var terms []jen.Code
		for term := range typ.Terms() {
			s := t.of(term.Type())
			if term.Tilde() {
				s = jen.Op("~").Add(s)
			}
			terms = append(terms, s)
		}
		return jen.Union(terms...)
	}
	panic("emit: no type " + typ.String())
}

func (t typer) named(o *types.TypeName, args *types.TypeList) *jen.Statement {
	s := jen.Id(o.Name())
	if o.Pkg() != nil && o.Pkg() != t.pkg.Types {
		s = t.qual(o.Pkg().Path(), o.Pkg().Name(), o.Name())
	}
	var list []jen.Code
	for a := range args.Types() {
		list = append(list, t.of(a))
	}
	if len(list) > 0 {
		s.Types(list...)
	}
	return s
}

func (t typer) channel(c *types.Chan) *jen.Statement {
	switch c.Dir() {
	case types.SendOnly:
		return jen.Chan().Op("<-").Add(t.of(c.Elem()))
	case types.RecvOnly:
		return jen.Op("<-").Chan().Add(t.of(c.Elem()))
	default:
		return jen.Chan().Parens(t.of(c.Elem()))
	}
}

// structure writes a struct on one line.
func (t typer) structure(s *types.Struct) *jen.Statement {
	var fields []jen.Code
	for i := range s.NumFields() {
		f := s.Field(i)
		code := t.of(f.Type())
		if !f.Embedded() {
			code = jen.Id(f.Name()).Add(code)
		}
		if tag := s.Tag(i); tag != "" {
			code.Lit(tag)
		}
		fields = append(fields, code)
	}
	return jen.Id("struct").Custom(jen.Options{Open: "{", Close: "}", Separator: ";"}, fields...)
}

// signature writes parameters and results without names.
func (t typer) signature(s *types.Signature) *jen.Statement {
	var params, results []jen.Code
	for i := range s.Params().Len() {
		p := s.Params().At(i).Type()
		if s.Variadic() && i == s.Params().Len()-1 {
			params = append(params, jen.Op("...").Add(t.of(p.(*types.Slice).Elem())))
			continue
		}
		params = append(params, t.of(p))
	}
	for r := range s.Results().Variables() {
		results = append(results, t.of(r.Type()))
	}
	return jen.Params(params...).Add(resultList(results))
}

func resultList(results []jen.Code) *jen.Statement {
	switch len(results) {
	case 0:
		return jen.Null()
	case 1:
		return jen.Add(results[0])
	}
	return jen.Params(results...)
}

func (t typer) iface(i *types.Interface) *jen.Statement {
	if i.IsImplicit() && i.NumEmbeddeds() == 1 {
		return t.of(i.EmbeddedType(0))
	}
	if i.NumExplicitMethods() == 0 && i.NumEmbeddeds() == 0 {
		return jen.Id("any")
	}
	var parts []jen.Code
	for e := range i.EmbeddedTypes() {
		parts = append(parts, t.of(e))
	}
	for m := range i.ExplicitMethods() {
		parts = append(parts, jen.Id(m.Name()).Add(t.signature(m.Signature())))
	}
	return jen.Interface(parts...)
}

// nameable reports whether a declaration can be named in the package that is generated for.
func (f *file) nameable(o *types.TypeName) bool { return check.Nameable(f.pkg.Types, o) }

// canName reports whether all that a type is written with can be named there.
func (f *file) canName(t types.Type) bool { return check.CanName(f.pkg.Types, t) }
