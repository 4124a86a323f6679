package model

import "go/types"

// batch applies the batch option: func(ctx, ids []K, …) (map[K]V, error).
func (b *functionBuilder) batch() {
	item := b.set.first("batch")
	if item.Text == "" {
		return
	}
	p := b.param(item.Text)
	switch {
	case p == nil:
		b.unknownParam("batch", item)
	case p == b.f.Receiver || !b.batched(p):
		b.errorf(item.Pos, "batch: %s is %s; it has to be func(ctx context.Context, %s []K, …) (map[K]V, error)",
			b.f.Obj.Name(), b.typeString(b.f.Obj.Type()), item.Text)
	case p.Ignored:
		b.errorf(item.Pos, "batch: %s is ignored, and a batch is keyed by its elements", item.Text)
	default:
		b.f.Options.Batch = p
	}
}

// batched reports whether the function has the shape of a batch by p.
func (b *functionBuilder) batched(p *Param) bool {
	ids, ok := p.Var.Type().Underlying().(*types.Slice)
	if !ok || p.Variadic || b.f.Context == nil || !b.f.HasError || len(b.f.Values) != 1 {
		return false
	}
	found, ok := b.f.Values[0].Var.Type().Underlying().(*types.Map)
	return ok && types.Identical(ids.Elem(), found.Key())
}
