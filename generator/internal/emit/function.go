package emit

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/cachegen/cachegen/generator/internal/check"
	"github.com/cachegen/cachegen/generator/internal/model"
	"github.com/cachegen/cachegen/generator/internal/naming"
)

// function is what is generated for one function.
type function struct {
	*file
	*model.Function
	plan *check.Plan
	code Version

	// stem is what names that belong to the function begin with: "forecast", "clientToday".
	stem string
	// vary is the name of the function that appends what the context says.
	vary string
	// typeParamNames are what generated code calls the type parameters.
	typeParamNames []string
	// resultClone is the name of the function that copies several results, "" before it is needed.
	resultClone string
	// dropped are the variables that take results which are not kept, in the wrapper.
	dropped map[*model.Value]string
	// typ writes types; params are the type parameters as declared and as arguments, nil if there
	// are none.
	typ typer
}

func (f *file) function(p *check.Plan, code Version) *function {
	fn := &function{file: f, Function: p.Function, plan: p, code: code}
	fn.stem = naming.Unexported(strings.TrimSuffix(fn.Args, "Args"))
	fn.typeParamNames = fn.nameTypeParams()
	if len(p.Vary) > 0 {
		fn.vary = f.scope.declare("append"+exported(fn.stem)+"Vary", "append"+exported(fn.stem)+"VaryKey")
	}
	fn.typ = typer{f, map[*types.TypeParam]string{}}
	for i, name := range fn.typeParamNames {
		fn.typ.params[fn.TypeParams().At(i)] = name
	}
	return fn
}

// nameTypeParams chooses the names of the type parameters: their own where those are free. A
// receiver's type parameter can be blank; then it has the name in the declaration of its type.
func (fn *function) nameTypeParams() []string {
	list := fn.TypeParams()
	var declared *types.TypeParamList
	if r := fn.Obj.Signature().Recv(); r != nil && list != nil {
		declared = receiverType(r.Type()).Origin().TypeParams()
	}
	used := names{}
	for _, p := range fn.Params {
		used[p.Name] = true
	}
	for _, v := range fn.Values {
		used[v.Name] = true
	}
	if fn.Receiver != nil {
		used[fn.Receiver.Name] = true
	}
	var all []string
	for i := range list.Len() {
		name := list.At(i).Obj().Name()
		if name == "_" && declared != nil {
			name = declared.At(i).Obj().Name()
		}
		if name == "_" {
			name = "T"
		}
		name = free([]string{name, naming.Exported(name)}, used, fn.scope.declared, locals)
		used[name], fn.scope.inner[name] = true, true
		all = append(all, name)
	}
	return all
}

func receiverType(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// generic reports whether there is a cache for each list of type arguments.
func (fn *function) generic() bool { return fn.TypeParams().Len() > 0 }

// typeParams are the type parameters as they are declared: [K comparable, V any].
func (fn *function) typeParams() *jen.Statement {
	if !fn.generic() {
		return jen.Null()
	}
	all := fn.typeParamNames
	constraint := func(i int) types.Type { return fn.TypeParams().At(i).Constraint() }
	var list []jen.Code
	for i := 0; i < len(all); {
		t := constraint(i)
		var row []jen.Code
		for ; i < len(all) && types.Identical(constraint(i), t); i++ {
			row = append(row, jen.Id(all[i]))
		}
		list = append(list, jen.List(row...).Add(fn.constraint(t)))
	}
	return jen.Types(list...)
}

// constraint writes the constraint of a type parameter. One that begins with a star is written as
// an interface: in a type's declaration it would read as an array's length.
func (fn *function) constraint(t types.Type) *jen.Statement {
	first := t
	if i, ok := t.(*types.Interface); ok && i.IsImplicit() && i.NumEmbeddeds() == 1 {
		first = i.EmbeddedType(0)
	}
	if u, ok := first.(*types.Union); ok {
		first = u.Term(0).Type()
	}
	if _, ok := first.(*types.Pointer); ok {
		return jen.Id("interface").Custom(jen.Options{Open: "{", Close: "}"}, fn.typ.of(t))
	}
	return fn.typ.of(t)
}

// typeArgs are the type parameters as arguments: [K, V].
func (fn *function) typeArgs() *jen.Statement {
	if !fn.generic() {
		return jen.Null()
	}
	var list []jen.Code
	for _, name := range fn.typeParamNames {
		list = append(list, jen.Id(name))
	}
	return jen.Types(list...)
}

// argsType is the type of the arguments.
func (fn *function) argsType() *jen.Statement { return jen.Id(fn.Args).Add(fn.typeArgs()) }

// valueType is the type of what is kept.
func (fn *function) valueType() *jen.Statement {
	switch len(fn.plan.Results) {
	case 0:
		return jen.Struct()
	case 1:
		return fn.typ.of(fn.plan.Results[0].Type)
	}
	return jen.Id(fn.Results).Add(fn.typeArgs())
}

// contextParam is the parameter that is the call's context: the first one of that type, nil if
// there is none.
func (fn *function) contextParam() *model.Param {
	for _, p := range fn.Params {
		if check.IsContext(p.Var.Type()) {
			return p
		}
	}
	return nil
}

// taken are the names that a local variable must not hide.
func (fn *function) taken() inside {
	taken := names{}
	for _, name := range fn.imported {
		taken[name] = true
	}
	for _, name := range fn.typeParamNames {
		taken[name] = true
	}
	return inside{taken, fn.scope.declared}
}

// write writes all that is generated for the function.
func (fn *function) write() {
	fn.controls()
	fn.arguments()
	fn.results()
	fn.varyAppender()
	fn.wrapper()
}

// arguments writes the struct of the arguments and its encoding.
func (fn *function) arguments() {
	fn.out.Line().Commentf("%s %s", fn.Args, fn.argumentsDoc())
	fn.out.Type().Id(fn.Args).Add(fn.typeParams()).StructFunc(func(g *jen.Group) {
		for _, in := range fn.plan.Inputs {
			g.Id(in.Field).Add(fn.typ.of(in.Type))
		}
	})
	b := jen.Id("b")
	receiver, doc := jen.Id("a").Add(fn.argsType()), "AppendCacheKey appends the canonical encoding of a to b."
	if len(fn.plan.Inputs) == 0 {
		receiver, doc = fn.argsType(), "AppendCacheKey appends nothing to b: there is nothing to tell apart."
	}
	fn.out.Line().Comment(doc)
	fn.out.Func().Params(receiver).Id("AppendCacheKey").Params(b.Clone().Index().Byte()).Index().Byte().BlockFunc(func(g *jen.Group) {
		e := encoder{file: fn.file}
		for i, in := range fn.plan.Inputs {
			v := variable("a").field(in.Field)
			if x := e.one(b, in.Key, v); i == len(fn.plan.Inputs)-1 && x != nil {
				g.Return(x)
				return
			}
			e.append(g, in.Key, v)
		}
		g.Return(b)
	})
}

// results writes the struct of several results.
func (fn *function) results() {
	if len(fn.plan.Results) < 2 {
		return
	}
	fn.out.Line().Commentf("%s are the results of %s.", fn.Results, fn.link())
	fn.out.Type().Id(fn.Results).Add(fn.typeParams()).StructFunc(func(g *jen.Group) {
		for _, r := range fn.plan.Results {
			g.Id(r.Field).Add(fn.typ.of(r.Type))
		}
	})
}

// copies reports whether what is kept is copied by generated code.
func (fn *function) copies() bool {
	return slices.ContainsFunc(fn.plan.Results, func(r check.Result) bool { return r.Copy != nil })
}

// cloneFunc is the function that copies what is kept.
func (fn *function) cloneFunc() *jen.Statement {
	if len(fn.plan.Results) == 1 {
		return fn.file.cloneFunc(fn.plan.Results[0].Copy)
	}
	return jen.Id(fn.resultsCloner())
}

// clone is a copy of v, which is of the type that is kept.
func (fn *function) clone(v *jen.Statement) *jen.Statement {
	if len(fn.plan.Results) == 1 {
		return fn.file.clone(fn.plan.Results[0].Copy, v)
	}
	return jen.Id(fn.resultsCloner()).Call(v)
}

// resultsCloner returns the name of the function that copies several results. It is written later.
func (fn *function) resultsCloner() string {
	if fn.resultClone == "" {
		name := fn.scope.declare("clone"+exported(fn.Results), "clone"+exported(fn.Results)+"Value")
		fn.resultClone = name
		fn.queue = append(fn.queue, func() { fn.writeResultsCloner(name) })
	}
	return fn.resultClone
}

func (fn *function) writeResultsCloner(name string) {
	fn.writeCloner(name, fn.valueType(), func(g *jen.Group) {
		for _, r := range fn.plan.Results {
			if r.Copy != nil {
				copier{file: fn.file}.copy(g, r.Copy, variable("v").field(r.Field))
			}
		}
	})
}

// varyAppender writes the function that appends what the context says.
func (fn *function) varyAppender() {
	if fn.vary == "" {
		return
	}
	fn.out.Line().Commentf("%s appends what the context says about a result of %s.", fn.vary, fn.link())
	used := fn.taken()
	ctx := used.unique("ctx")
	fail := used.unique("err", "failure")
	params := []jen.Code{jen.Id(ctx).Add(fn.std("context", "Context")), jen.Id("b").Index().Byte()}
	results := []jen.Code{jen.Id("_").Index().Byte(), jen.Id(fail).Error()}
	fn.out.Func().Id(fn.vary).Params(params...).Params(results...).BlockFunc(func(g *jen.Group) {
		g.Defer().Add(fn.impl("NoKey")).Call(jen.Op("&").Id(fail))
		e := encoder{file: fn.file}
		for i, k := range fn.plan.Vary {
			call := fn.ref(fn.Options.Vary[i]).Call(jen.Id(ctx))
			if isSimple(k) {
				g.Id("b").Op("=").Add(e.one(jen.Id("b"), k, operand{base: call}))
				continue
			}
			name := used.unique("v")
			g.Id(name).Op(":=").Add(call)
			e.append(g, k, variable(name))
		}
		g.Return(jen.Id("b"), jen.Nil())
	})
}

// isSimple reports whether a value is encoded without its address.
func isSimple(k *check.Key) bool {
	return k.Kind >= check.Bool && k.Kind <= check.Bytes
}

func digits(i int) string {
	if i == 0 {
		return ""
	}
	return string(rune('1' + i))
}

// ref is a function that an option names.
func (fn *function) ref(r *model.FuncRef) *jen.Statement {
	s := jen.Id(r.Obj.Name())
	if p := r.Obj.Pkg(); p != fn.pkg.Types {
		s = fn.qual(p.Path(), p.Name(), r.Obj.Name())
	}
	if r.Generic {
		s.Add(fn.typeArgs())
	}
	return s
}
