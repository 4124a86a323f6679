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
	ctx, cancel := r.visits[indices[0]].looks()
	defer cancel()
	items, err := ask(ctx, s.tier, reading, func(ctx context.Context, st store.Store) (map[string]store.Item, error) {
		if b, ok := store.As[store.Batcher](st); ok {
			return b.GetMany(ctx, names)
		}
		return nil, nil
	})
	if err == nil && items == nil {
		return // each asks by itself
	}
	if err == nil {
		err = store.ErrNotFound
	}
	for k, i := range indices {
		l := &loaded{err: err}
		if item, ok := items[names[k]]; ok {
			l = &loaded{item: item}
		}
		r.visits[i].loaded = l
	}
}
