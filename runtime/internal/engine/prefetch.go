package engine

import (
	"context"

	"github.com/cachegen/cachegen/runtime/store"
)

// loaded is what a store had under a key.
type loaded struct {
	item store.Item
	err  error
}

// prefetch reads what the store has for the elements in one round trip, where the store can.
func (r *round) prefetch(indices []int) {
	if len(indices) < 2 || !r.visits[0].state.stored() {
		return
	}
	s := r.visits[0].state
	names := make([]string, len(indices))
	for k, i := range indices {
		names[k] = r.visits[i].ask()
	}
	var items map[string]store.Item
	able := true
	err := s.tier.do(r.ctx, func(ctx context.Context, st store.Store) (err error) {
		b, ok := store.As[store.Batcher](st)
		if able = ok; ok {
			items, err = b.GetMany(ctx, names)
		}
		return err
	})
	if err != nil || !able {
		return // each asks by itself, and tells of the fault
	}
	for k, i := range indices {
		l := &loaded{err: store.ErrNotFound}
		if item, ok := items[names[k]]; ok {
			l = &loaded{item: item}
		}
		r.visits[i].loaded = l
	}
}
