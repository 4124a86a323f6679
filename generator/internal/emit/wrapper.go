package emit

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/cachegen/cachegen/generator/internal/model"
)

// wrapperWriter writes the function that users call.
type wrapperWriter struct {
	*function
	// ctx is the context at hand: the parameter, or context.Background().
	ctx *jen.Statement
	// The names of local variables, which meet no parameter: the arguments, what a key function
	// returned, their encoding and its buffer, what was found, its copy, an error, and the cache at
	// hand.
	args, identity, key, buffer, found, copied, err, local string
	// used are all names in the wrapper, kept those of the copies of parameters that are made for
	// the closure.
	used inside
	kept map[*model.Param]string
}

// wrapper writes the wrapper.
func (fn *function) wrapper() {
	w := fn.newWrapper()
	for i, paragraph := range fn.wrapperDoc() {
		if i == 0 {
			fn.out.Line()
		} else {
			fn.out.Comment("//")
		}
		for line := range strings.SplitSeq(paragraph, "\n") {
			fn.out.Comment(commentLine(line))
		}
	}
	decl := fn.out.Func()
	if fn.Receiver != nil {
		decl.Params(jen.Id(fn.Receiver.Name).Add(w.receiver()))
		decl.Id(fn.Wrapper)
	} else {
		decl.Id(fn.Wrapper).Add(fn.typeParams())
	}
	decl.Custom(jen.Options{Open: "(", Close: ")", Separator: ",", Multi: w.tall()}, w.params()...)
	decl.Add(resultList(w.resultTypes())).BlockFunc(w.body)
}

// commentLine is a line of a doc comment's text as source.
func commentLine(line string) string {
	if line == "" || strings.HasPrefix(line, "\t") {
		return "//" + line
	}
	return "// " + line
}

// tall reports whether a parameter takes several lines, so that each gets a line of its own: a
// struct without a name does.
func (w *wrapperWriter) tall() bool {
	return slices.ContainsFunc(w.Params, func(p *model.Param) bool {
		s, ok := types.Unalias(p.Var.Type()).(*types.Struct)
		return ok && s.NumFields() > 1
	})
}

func (fn *function) newWrapper() *wrapperWriter {
	used := fn.taken()
	for _, p := range fn.Params {
		used.names[p.Name] = true
	}
	if fn.Receiver != nil {
		used.names[fn.Receiver.Name] = true
	}
	for _, v := range fn.Values {
		used.names[v.Name] = true
	}
	inWrapper := *fn
	inWrapper.dropped = map[*model.Value]string{}
	for _, v := range fn.Values {
		if v.Dropped {
			inWrapper.dropped[v] = used.unique(v.Name + "Dropped")
		}
	}
	w := &wrapperWriter{
		function: &inWrapper,
		used:     used,
		kept:     map[*model.Param]string{},
		args:     used.unique("a", "args"),
		identity: used.unique("id", "identity"),
		key:      used.unique("k", "key"),
		buffer:   used.unique("buf", "buffer"),
		found:    used.unique("r", "found"),
		copied:   used.unique("v", "value"),
		err:      used.unique("err", "fail"),
		local:    used.unique("c", "caches"),
	}
	if p := fn.contextParam(); p != nil {
		w.ctx = jen.Id(p.Name)
	} else {
		w.ctx = fn.std("context", "Background").Call()
	}
	return w
}

// receiver is the receiver's type. That of a generic type lists the names of the type parameters.
func (w *wrapperWriter) receiver() *jen.Statement {
	t := w.Obj.Signature().Recv().Type()
	s := jen.Id(receiverType(t).Obj().Name()).Add(w.typeArgs())
	if _, ok := types.Unalias(t).(*types.Pointer); ok {
		return jen.Op("*").Add(s)
	}
	return s
}

// params are the parameters as the wrapper declares them, those in a row with one type together.
func (w *wrapperWriter) params() []jen.Code {
	var params []jen.Code
	for i := 0; i < len(w.Params); {
		p := w.Params[i]
		if p.Variadic {
			params = append(params, jen.Id(p.Name).Op("...").Add(w.typ.of(p.Var.Type().(*types.Slice).Elem())))
			break
		}
		var row []jen.Code
		for ; i < len(w.Params) && !w.Params[i].Variadic && types.Identical(w.Params[i].Var.Type(), p.Var.Type()); i++ {
			row = append(row, jen.Id(w.Params[i].Name))
		}
		params = append(params, jen.List(row...).Add(w.typ.of(p.Var.Type())))
	}
	return params
}

func (w *wrapperWriter) resultTypes() []jen.Code {
	var results []jen.Code
	for _, v := range w.Values {
		results = append(results, w.typ.of(v.Var.Type()))
	}
	if w.HasError {
		results = append(results, jen.Error())
	}
	return results
}

// body writes what the wrapper does: asks memory, where that can answer, and then the runtime.
func (w *wrapperWriter) body(g *jen.Group) {
	switch {
	case w.disabled():
		g.Add(w.impl("Bypassed")).Call(w.ctx, w.cacheOf())
		call := w.original(paramName)
		if len(w.resultTypes()) == 0 {
			g.Add(call)
			return
		}
		g.Return(call)
	case w.Options.Batch != nil:
		w.batch(g)
	default:
		w.single(g)
	}
}

// cacheOf is the function's cache, without its controls.
func (w *wrapperWriter) cacheOf() *jen.Statement {
	s := jen.Id(w.function.Controls)
	if w.generic() {
		s.Add(w.typeArgs()).Call()
	}
	if w.Options.PerReceiver {
		s.Dot("Of").Call(jen.Id(w.Receiver.Name))
	}
	return s.Dot("Core")
}

// hits reports whether memory alone may answer.
func (w *wrapperWriter) hits() bool {
	o := &w.Options
	return !o.PerRun && len(o.Policies) == 0 && o.Validate == nil && o.Target == "" &&
		(!w.plan.CloneByCodec || w.generic()) && (o.MaxAge == nil || *o.MaxAge != 0)
}

func (w *wrapperWriter) single(g *jen.Group) {
	controls := w.cacheOf()
	if w.generic() || w.Options.PerReceiver {
		g.Id(w.local).Op(":=").Add(controls)
		controls = jen.Id(w.local)
	}
	w.arguments(g, controls)
	if w.hits() {
		w.hit(g, controls)
	}
	if w.plan.Comparable {
		for _, in := range w.plan.Inputs {
			w.own(g, in.Key, jen.Id(w.args).Dot(in.Field), 0)
		}
	}
	w.detach(g)
	if w.plan.Comparable {
		w.giveBack(g, w.impl("Do").Call(w.ctx, controls, jen.Id(w.args), w.closure()))
	} else {
		w.giveBack(g, w.impl("DoEncoded").Call(w.ctx, controls, jen.Id(w.key), jen.Id(w.args), w.closure()))
	}
}

// arguments writes what identifies the result: the arguments, and their encoding where == would not
// do.
func (w *wrapperWriter) arguments(g *jen.Group, controls *jen.Statement) {
	if w.Options.Key != nil {
		w.keyCall(g, controls)
	}
	args, canPanic := w.inputs()
	if canPanic {
		g.Comment("Where this panics, there is no key: the call goes past the cache.")
		w.guard(g, controls, w.args, w.argsType(), []jen.Code{args, jen.Nil()})
	} else {
		g.Id(w.args).Op(":=").Add(args)
	}
	if w.plan.Comparable {
		return
	}
	g.Var().Id(w.buffer).Index(jen.Lit(256)).Byte()
	g.Id(w.key).Op(":=").Id(w.args).Dot("AppendCacheKey").Call(jen.Id(w.buffer).Index(jen.Op(":").Lit(0)))
	if w.vary != "" {
		g.List(jen.Id(w.key), jen.Id("_")).Op("=").Id(w.vary).Call(w.ctx, jen.Id(w.key)) // no key: the runtime asks again, for the error
	}
}

// inputs is the struct of what identifies the result, and whether it can panic to make it.
func (w *wrapperWriter) inputs() (args *jen.Statement, canPanic bool) {
	var values []jen.Code
	for _, in := range w.plan.Inputs {
		switch {
		case in.Param != nil:
			values = append(values, jen.Id(in.Param.Name))
		case in.Part != nil:
			values = append(values, keyPart(in.Part))
			canPanic = canPanic || in.Part.CanPanic
		default:
			values = append(values, jen.Id(w.identity))
		}
	}
	return w.argsType().Values(values...), canPanic
}

// keyPart is a part of a parameter, as the option key says it.
func keyPart(k *model.KeyPart) *jen.Statement {
	x := jen.Id(k.Param.Name)
	for _, step := range k.Steps {
		x.Dot(step.Name)
		if step.Method != nil {
			x.Call()
		}
	}
	return x
}

// keyCall asks the key function.
func (w *wrapperWriter) keyCall(g *jen.Group, controls *jen.Statement) {
	ref := w.Options.Key
	args := w.argList(paramName)
	if ref.WithReceiver {
		args = append([]jen.Code{jen.Id(w.Receiver.Name)}, args...)
	}
	returned, fails := []jen.Code{w.ref(ref).Call(args...)}, "fails or panics"
	if !ref.WithError {
		returned, fails = append(returned, jen.Nil()), "panics"
	}
	g.Comment("Where " + ref.Obj.Name() + " " + fails + ", there is no key: the call goes past the cache.")
	w.guard(g, controls, w.identity, w.typ.of(w.plan.Inputs[0].Type), returned)
}

// guard writes the declaration of name: what the user's code returns, in whose place there is an
// error if it panics. With an error the call has no key.
func (w *wrapperWriter) guard(g *jen.Group, controls *jen.Statement, name string, t *jen.Statement, returned []jen.Code) {
	f := jen.Func().Params().Params(t, jen.Error()).Block(jen.Return(returned...))
	g.List(jen.Id(name), jen.Id(w.err)).Op(":=").Add(w.impl("Guard")).Call(f)
	g.If(jen.Id(w.err).Op("!=").Nil()).BlockFunc(func(g *jen.Group) {
		w.giveBack(g, w.impl("DoUnkeyed").Call(w.ctx, controls, jen.Id(w.err), w.closure()))
	})
}

// hit writes the return of a result in memory.
func (w *wrapperWriter) hit(g *jen.Group, controls *jen.Statement) {
	hit, arg := "Hit", w.args
	if !w.plan.Comparable {
		hit, arg = "HitEncoded", w.key
	}
	found := jen.Id(w.found)
	g.If(found.Clone().Op(":=").Add(w.impl(hit)).Call(w.ctx, controls, jen.Id(arg)), found.Clone().Op("!=").Nil()).BlockFunc(func(g *jen.Group) {
		w.returnValue(g, jen.Op("*").Add(found), found, jen.Nil())
	})
}

// returnValue writes the return of what is kept, whole or, with several results, by its fields.
// fail is the error to return.
func (w *wrapperWriter) returnValue(g *jen.Group, whole, fields *jen.Statement, fail *jen.Statement) {
	var results []jen.Code
	switch {
	case len(w.plan.Results) == 1 && w.copies():
		results = append(results, w.function.clone(whole))
	case len(w.plan.Results) == 1:
		results = append(results, whole)
	default:
		if w.copies() {
			g.Id(w.copied).Op(":=").Add(w.function.clone(whole))
			fields = jen.Id(w.copied)
		}
		for _, r := range w.plan.Results {
			results = append(results, fields.Clone().Dot(r.Field))
		}
	}
	g.Return(w.returned(results, fail, w.zero)...)
}

// returned are the wrapper's results: those that are kept, with the dropped ones and the error at
// their places.
func (w *wrapperWriter) returned(kept []jen.Code, fail *jen.Statement, dropped func(*model.Value) *jen.Statement) []jen.Code {
	var results []jen.Code
	for _, v := range w.Values {
		if v.Dropped {
			results = append(results, dropped(v))
			continue
		}
		results, kept = append(results, kept[0]), kept[1:]
	}
	if w.HasError {
		results = append(results, fail)
	}
	return results
}

// zero is the value of a dropped result on a hit.
func (w *wrapperWriter) zero(v *model.Value) *jen.Statement {
	if !model.HasTypeParam(v.Var.Type()) {
		switch v.Var.Type().Underlying().(type) {
		case *types.Pointer, *types.Interface, *types.Slice, *types.Map, *types.Signature, *types.Chan:
			return jen.Nil()
		}
	}
	return jen.Op("*").New(w.typ.of(v.Var.Type()))
}

// executed is the value of a dropped result where the function may have been executed.
func (w *wrapperWriter) executed(v *model.Value) *jen.Statement {
	return jen.Id(w.dropped[v]).Dot("Get").Call()
}

// giveBack writes the return of what do, a call that returns what is kept and an error, returns.
func (w *wrapperWriter) giveBack(g *jen.Group, do *jen.Statement) {
	n := len(w.plan.Results)
	r, err := jen.Id(w.found), jen.Id(w.err)
	for _, v := range w.Values {
		if v.Dropped {
			g.Var().Id(w.dropped[v]).Add(w.impl("Dropped")).Types(w.typ.of(v.Var.Type()))
		}
	}
	switch {
	case n == 1 && w.HasError && len(w.dropped) == 0:
		g.Return(do)
		return
	case n == 0 && w.HasError:
		g.List(jen.Id("_"), err).Op(":=").Add(do)
		g.Return(err)
		return
	case n == 0:
		g.List(jen.Id("_"), jen.Id("_")).Op("=").Add(do)
		return
	case w.HasError:
		g.List(r, err).Op(":=").Add(do)
	default:
		g.List(r, jen.Id("_")).Op(":=").Add(do)
	}
	var results []jen.Code
	if n == 1 {
		results = append(results, r)
	} else {
		for _, result := range w.plan.Results {
			results = append(results, r.Clone().Dot(result.Field))
		}
	}
	g.Return(w.returned(results, err, w.executed)...)
}
