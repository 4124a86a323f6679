package engine

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/lease"
	"github.com/cachegen/cachegen/runtime/store"
)

// bounded is the store of a tier with the tier's bounds. Marks and leases use it, because they ask
// the store themselves.
type bounded struct {
	tier *tier
	store.Store
}

// Unwrap returns the store without bounds.
func (b *bounded) Unwrap() store.Store { return b.Store }

// Get is the store's.
func (b *bounded) Get(ctx context.Context, name string) (store.Item, error) {
	return b.tier.item(ctx, looking, name)
}

// GetMany is the store's, if it is a [store.Batcher].
func (b *bounded) GetMany(ctx context.Context, names []string) (map[string]store.Item, error) {
	return ask(ctx, b.tier, looking, func(ctx context.Context, s store.Store) (map[string]store.Item, error) {
		return store.GetMany(ctx, s, names)
	})
}

// Grouped is the store's, if it is a [store.Grouper].
func (b *bounded) Grouped(ctx context.Context, groups []string) (map[string]int64, error) {
	return ask(ctx, b.tier, looking, func(ctx context.Context, s store.Store) (map[string]int64, error) {
		if g, ok := store.As[store.Grouper](s); ok {
			return g.Grouped(ctx, groups)
		}
		return nil, nil
	})
}

// Put is the store's.
func (b *bounded) Put(ctx context.Context, name string, item store.Item) (bool, error) {
	return ask(ctx, b.tier, writing, func(ctx context.Context, s store.Store) (bool, error) { return s.Put(ctx, name, item) })
}

// Delete is the store's.
func (b *bounded) Delete(ctx context.Context, name string) error {
	return b.tier.do(ctx, writing, func(ctx context.Context, s store.Store) error { return s.Delete(ctx, name) })
}

// Acquire is the store's, if it is a [store.Leaser].
func (b *bounded) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	return ask(ctx, b.tier, looking, func(ctx context.Context, s store.Store) (store.Lease, error) {
		l, err := leaserOf(s)
		if err != nil {
			return nil, err
		}
		return l.Acquire(ctx, key, ttl)
	})
}

// Await is the store's, if it is a [store.Leaser]. It takes as long as ctx lets it.
func (b *bounded) Await(ctx context.Context, key string) error {
	l, err := leaserOf(b.Store)
	if err != nil {
		return err
	}
	return l.Await(ctx, key)
}

func leaserOf(s store.Store) (store.Leaser, error) {
	if l, ok := store.As[store.Leaser](s); ok {
		return l, nil
	}
	return nil, lease.ErrNoLeases
}
