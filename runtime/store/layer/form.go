package layer

import (
	"context"
	"fmt"

	"github.com/cachegen/cachegen/runtime/store"
)

// form is a store that changes the form of values for the store behind.
type form struct {
	store.Store
	// seal returns the stored form of a value, and open returns the value. Neither changes the
	// bytes that it gets.
	seal, open func(key string, item store.Item) ([]byte, error)
}

// Unwrap returns the store behind.
func (f *form) Unwrap() store.Store { return f.Store }

func (f *form) Get(ctx context.Context, key string) (store.Item, error) {
	item, err := f.Store.Get(ctx, key)
	if err != nil {
		return store.Item{}, err
	}
	return f.opened(key, item)
}

// opened returns item as it was put. A damaged or foreign item is not found.
func (f *form) opened(key string, item store.Item) (store.Item, error) {
	value, err := f.open(key, item)
	if err != nil {
		return store.Item{}, fmt.Errorf("layer: %s: %w: %w", key, store.ErrNotFound, err)
	}
	item.Value = value
	return item, nil
}

func (f *form) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	value, err := f.seal(key, item)
	if err != nil {
		return false, fmt.Errorf("layer: %s: %w", key, err)
	}
	item.Value = value
	return f.Store.Put(ctx, key, item)
}

// GetMany is [store.Batcher]'s.
func (f *form) GetMany(ctx context.Context, keys []string) (map[string]store.Item, error) {
	items, err := store.GetMany(ctx, f.Store, keys)
	found := make(map[string]store.Item, len(items))
	for key, item := range items {
		if item, err := f.opened(key, item); err == nil {
			found[key] = item
		}
	}
	return found, err
}
