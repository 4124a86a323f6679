package emit

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/cachegen/cachegen/generator/internal/check"
	"github.com/cachegen/cachegen/generator/internal/model"
)

// own copies the strings that memory keeps as parts of keys: they may alias a buffer that the
// caller uses again.
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

// large is a size in bytes. A closure that mentions a parameter of this size or more moves it to
// the heap when the wrapper begins.
const large = 128

// detach copies what the closure keeps: parameters that their caller may change while they are in
// use in the background, and large ones, which would otherwise move to the heap on every call.
func (w *wrapperWriter) detach(g *jen.Group) {
	params := w.Params
	if w.Receiver != nil {
		params = append([]*model.Param{w.Receiver}, params...)
	}
	for _, p := range params {
		d := w.plan.Detach[p]
		if d.Copy == nil && (!w.hits() || size(p.Var.Type()) <= large) {
			continue
		}
		kept := w.used.unique(p.Name + "Copy")
		w.kept[p] = kept
		switch {
		case d.Copy == nil:
			g.Id(kept).Op(":=").Id(p.Name)
		case d.Recursive:
			g.Id(kept).Op(":=").Id(p.Name)
			g.If(jen.Id(w.key).Op("!=").Nil()).Block(jen.Id(kept).Op("=").Add(w.file.clone(d.Copy, jen.Id(p.Name))))
		default:
			g.Id(kept).Op(":=").Add(w.file.clone(d.Copy, jen.Id(p.Name)))
		}
	}
	for _, in := range w.plan.Inputs {
		if w.plan.Detach[in.Param].Copy != nil {
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
	if model.HasTypeParam(t) {
		return 0
	}
	return types.SizesFor("gc", "amd64").Sizeof(t)
}
