package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/cachegen/cachegen/generator/internal/model"
)

// argList are the parameters as arguments, by the names that name gives them.
func (w *wrapperWriter) argList(name func(*model.Param) string) []jen.Code {
	var args []jen.Code
	for _, p := range w.Params {
		arg := jen.Id(name(p))
		if p.Variadic {
			arg.Op("...")
		}
		args = append(args, arg)
	}
	return args
}

func paramName(p *model.Param) string { return p.Name }

// original is a call of the function itself with the parameters by the names that name gives them.
func (w *wrapperWriter) original(name func(*model.Param) string) *jen.Statement {
	args := w.argList(name)
	if w.Receiver != nil {
		return jen.Id(name(w.Receiver)).Dot(w.Obj.Name()).Call(args...)
	}
	return jen.Id(w.Obj.Name()).Add(w.typeArgs()).Call(args...)
}

// closure is the function literal that executes the function.
func (w *wrapperWriter) closure() *jen.Statement {
	ctx := jen.Add(w.std("context", "Context"))
	if p := w.contextParam(); p != nil {
		ctx = jen.Id(p.Name).Add(ctx)
	}
	return jen.Func().Params(ctx).Params(w.valueType(), jen.Error()).BlockFunc(func(g *jen.Group) {
		w.execute(g, w.original(w.inClosure))
	})
}

// execute writes a call of the function and the return of what is kept of its results.
func (fn *function) execute(g *jen.Group, call *jen.Statement) {
	n := len(fn.Values)
	switch {
	case len(fn.plan.Results) < n && fn.Options.Batch == nil:
		fn.executeSeveral(g, call)
	case n == 1 && fn.HasError:
		g.Return(call)
	case n == 1:
		g.Return(call, jen.Nil())
	case n == 0 && fn.HasError:
		g.Return(jen.Struct().Values(), call)
	case n == 0:
		g.Add(call)
		g.Return(jen.Struct().Values(), jen.Nil())
	default:
		fn.executeSeveral(g, call)
	}
}

func (fn *function) executeSeveral(g *jen.Group, call *jen.Statement) {
	var locals, values []jen.Code
	used := fn.taken()
	for _, v := range fn.Values {
		used.names[v.Name] = true
	}
	for _, name := range fn.dropped {
		used.names[name] = true
	}
	for _, v := range fn.Values {
		switch {
		case !v.Dropped:
			values = append(values, jen.Id(v.Name))
			locals = append(locals, jen.Id(v.Name))
		case fn.dropped[v] == "":
			locals = append(locals, jen.Id("_"))
		default:
			locals = append(locals, jen.Id(v.Name))
		}
	}
	fail := jen.Nil()
	if fn.HasError {
		fail = jen.Id(used.unique("err", "fail"))
		locals = append(locals, fail)
	}
	g.List(locals...).Op(":=").Add(call)
	for _, v := range fn.Values {
		if name := fn.dropped[v]; name != "" {
			g.Id(name).Dot("Set").Call(jen.Id(v.Name))
		}
	}
	if len(values) == 1 {
		g.Return(values[0], fail)
		return
	}
	g.Return(fn.valueType().Values(values...), fail)
}

// call is the function literal that executes the function for some arguments.
func (fn *function) call() *jen.Statement {
	used := fn.taken()
	for _, v := range fn.Values {
		used.names[v.Name] = true
	}
	a, ctx := used.unique("a", "args"), used.unique("ctx")
	var args []jen.Code
	inputs := fn.plan.Inputs
	callee := jen.Id(fn.Obj.Name()).Add(fn.typeArgs())
	if fn.Receiver != nil {
		callee = jen.Id(a).Dot(inputs[0].Field).Dot(fn.Obj.Name())
		inputs = inputs[1:]
	}
	for _, p := range fn.Params {
		if p == fn.contextParam() {
			args = append(args, jen.Id(ctx))
			continue
		}
		arg := jen.Id(a).Dot(inputs[0].Field)
		if p.Variadic {
			arg.Op("...")
		}
		args = append(args, arg)
		inputs = inputs[1:]
	}
	if len(fn.plan.Inputs) == 0 {
		a = "_"
	}
	if fn.contextParam() == nil {
		ctx = "_"
	}
	params := []jen.Code{jen.Id(ctx).Add(fn.std("context", "Context")), jen.Id(a).Add(fn.argsType())}
	return jen.Func().Params(params...).Params(fn.valueType(), jen.Error()).BlockFunc(func(g *jen.Group) {
		alone := *fn
		alone.dropped = nil
		alone.execute(g, callee.Call(args...))
	})
}
