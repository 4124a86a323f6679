package emit

import (
	"go/types"

	"github.com/dave/jennifer/jen"
)

// batch writes a wrapper that caches each element of the result.
func (w *wrapperWriter) batch(g *jen.Group) {
	ids := w.Options.Batch
	elem := ids.Var.Type().Underlying().(*types.Slice).Elem()
	one := w.args
	var values []jen.Code
	for _, in := range w.plan.Inputs {
		name := in.Param.Name
		if in.Param == ids {
			name = one
		}
		values = append(values, jen.Id(name))
	}
	args := jen.Func().Params(jen.Id(one).Add(w.typ.of(elem))).Add(w.argsType()).Block(jen.Return(w.argsType().Values(values...)))

	ctx := jen.Add(w.std("context", "Context"))
	if p := w.contextParam(); p != nil {
		ctx = jen.Id(p.Name).Add(ctx)
	}
	m := jen.Map(w.typ.of(elem)).Add(w.valueType())
	call := jen.Func().Params(ctx, jen.Id(ids.Name).Index().Add(w.typ.of(elem))).Params(m, jen.Error()).Block(jen.Return(w.original(paramName)))
	g.Return(w.file.impl("DoBatch").Call(w.ctx, w.cacheOf(), jen.Id(ids.Name), args, call))
}
