package emit

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/cachegen/cachegen/generator/internal/check"
	"github.com/cachegen/cachegen/generator/internal/model"
)

// own makes strings that are kept in memory as keys copies: they may alias a buffer that is used again.
func (w *wrapperWriter) own(g *jen.Group, k *check.Key, x *jen.Statement, loops int) {
	switch k.Kind {
	case check.String:
		clone := w.std("strings", "Clone").Call(x)
		if !types.Identical(k.Type, types.Typ[types.String]) {
			clone = w.typ.of(k.Type).Call(w.std("strings", "Clone").Call(jen.String().Call(x)))
		}
		g.Add(x).Op("=").Add(clone)
	case check.Struct:
		for _, f := range k.Fields {
			w.own(g, f.Key, x.Clone().Dot(f.Name), loops)
		}
	case check.Array:
		if k.HoldsString() {
			i := "i" + digits(loops)
			g.For(jen.Id(i).Op(":=").Range().Add(x)).BlockFunc(func(g *jen.Group) {
				w.own(g, k.Elem, x.Clone().Index(jen.Id(i)), loops+1)
			})
		}
	}
}

// large is the size in bytes from which on a parameter in a closure would move to the heap when the wrapper begins.
const large = 128

// detach copies what the closure keeps: parameters that their caller may change while they are in use in the background, and large ones,
// which would otherwise move to the heap on every call.
func (w *wrapperWriter) detach(g *jen.Group) {
	params := w.Params
	if w.Receiver != nil {
		params = append([]*model.Param{w.Receiver}, params...)
	}
	for _, p := range params {
		c := w.plan.Detach[p]
		if c == nil && (!w.hits() || size(p.Var.Type()) <= large) {
			continue
		}
		value := jen.Id(p.Name)
		if c != nil {
			value = w.file.clone(c, value)
		}
		kept := w.used.unique(p.Name + "Copy")
		g.Id(kept).Op(":=").Add(value)
		w.kept[p] = kept
	}
	for _, in := range w.plan.Inputs {
		if w.plan.Detach[in.Param] != nil {
			g.Id(w.args).Dot(in.Field).Op("=").Id(w.kept[in.Param])
		}
	}
}

// inClosure is what a parameter is called where the function is executed.
func (w *wrapperWriter) inClosure(p *model.Param) string {
	if kept := w.kept[p]; kept != "" {
		return kept
	}
	return p.Name
}

func size(t types.Type) int64 {
	if check.HasTypeParam(t) {
		return 0
	}
	return types.SizesFor("gc", "amd64").Sizeof(t)
}
