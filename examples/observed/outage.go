package main

import (
	"context"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/store"
)

// frail is a store that gives no answer any more once it hangs.
type frail struct {
	store.Store
	hangs chan struct{}
}

// Get answers until the store hangs.
func (f *frail) Get(ctx context.Context, key string) (store.Item, error) {
	if err := f.wait(ctx); err != nil {
		return store.Item{}, err
	}
	return f.Store.Get(ctx, key)
}

// Put answers until the store hangs.
func (f *frail) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	if err := f.wait(ctx); err != nil {
		return false, err
	}
	return f.Store.Put(ctx, key, item)
}

// wait waits until ctx ends if the store hangs.
func (f *frail) wait(ctx context.Context) error {
	select {
	case <-f.hangs:
		<-ctx.Done()
		return ctx.Err()
	default:
		return nil
	}
}

// useFrail has the shop keep its results in a store that hangs from when hang is called.
func useFrail(c cache.Config) (hang func(), err error) {
	kept, err := store.Open(context.Background(), "memory:shop")
	if err != nil {
		return nil, err
	}
	f := &frail{kept, make(chan struct{})}
	c.Store = f
	return func() { close(f.hangs) }, cache.Configure(c)
}
