package layer

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/cachegen/cachegen/runtime/store"
)

// Chain returns a store that keeps copies of far's values in the near stores, the nearest first.
// Far has the truth, and near stores save moving values. A chain answers with a copy only after far
// has confirmed its stamp. So it answers what far would answer, also after other processes put or
// removed something, and it answers nothing while far is broken. Writes go to far first. Leases,
// watching and the like are far's. Far must be a [store.Stamper].
//
// A chain takes values with equal stamps for one value. Two executions have equal stamps only if
// they began in the same nanosecond.
//
// Others may share the near stores if they have the same far. Faults of near stores cost only time.
// They go to report, which may be nil.
func Chain(far store.Store, report func(error), near ...store.Store) (store.Store, error) {
	stamper, ok := store.As[store.Stamper](far)
	if !ok {
		return nil, errors.New("layer: the farthest store of a chain has to tell stamps")
	}
	if report == nil {
		report = func(error) {}
	}
	return &chain{Store: far, stamper: stamper, near: near, report: report}, nil
}

type chain struct {
	store.Store // the farthest
	stamper     store.Stamper
	near        []store.Store
	report      func(error)
}

// Unwrap returns the farthest store.
func (c *chain) Unwrap() store.Store { return c.Store }

func (c *chain) Get(ctx context.Context, key string) (store.Item, error) {
	if err := store.CheckKey(key); err != nil {
		return store.Item{}, err
	}
	found, err := c.get(ctx, []string{key}, func(missing []string) (map[string]store.Item, error) {
		item, err := c.Store.Get(ctx, key)
		return map[string]store.Item{key: item}, err
	})
	if err != nil {
		return store.Item{}, err
	}
	if item, ok := found[key]; ok {
		return item, nil
	}
	return store.Item{}, store.ErrNotFound
}

// GetMany is [store.Batcher]'s.
func (c *chain) GetMany(ctx context.Context, keys []string) (map[string]store.Item, error) {
	return c.get(ctx, keys, func(missing []string) (map[string]store.Item, error) {
		return store.GetMany(ctx, c.Store, missing)
	})
}

// get returns the items that exist among keys: near copies that the farthest store confirms, or
// else the items that fetch gets from the farthest store.
func (c *chain) get(ctx context.Context, keys []string, fetch func([]string) (map[string]store.Item, error)) (map[string]store.Item, error) {
	stamps, err := c.stamper.Stamps(ctx, keys)
	if err != nil {
		return nil, err
	}
	found := map[string]store.Item{}
	for i, near := range c.near {
		missing := missing(stamps, found)
		if len(missing) == 0 {
			return found, nil
		}
		copies, err := store.GetMany(ctx, near, missing)
		c.check(ctx, err)
		maps.DeleteFunc(copies, func(key string, item store.Item) bool { return item.Stamp != stamps[key] })
		c.fill(ctx, c.near[:i], copies)
		maps.Copy(found, copies)
	}
	missing := missing(stamps, found)
	if len(missing) == 0 {
		return found, nil
	}
	fetched, err := fetch(missing)
	if err == nil {
		c.fill(ctx, c.near, fetched)
	}
	maps.Copy(found, fetched)
	return found, err
}

// missing returns the keys of items that exist and were not found yet.
func missing(stamps map[string]int64, found map[string]store.Item) []string {
	var keys []string
	for key := range stamps {
		if _, ok := found[key]; !ok {
			keys = append(keys, key)
		}
	}
	return keys
}

// fill puts copies of items into stores.
func (c *chain) fill(ctx context.Context, stores []store.Store, items map[string]store.Item) {
	for _, s := range stores {
		for key, item := range items {
			_, err := s.Put(ctx, key, item)
			c.check(ctx, err)
		}
	}
}

// check reports a fault of a near store, unless it has another cause.
func (c *chain) check(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrTooLarge) {
		c.report(fmt.Errorf("layer: near store: %w", err))
	}
}

// Put writes the item to the farthest store, whose answer counts, and then to the near ones. A near
// copy that stays behind is never confirmed.
func (c *chain) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	ok, err := c.Store.Put(ctx, key, item)
	if ok && err == nil {
		if item.Replaces < item.Stamp {
			item.Replaces = 0 // copies may be of what others wrote meanwhile
		} else {
			item.Replaces = store.Anything // it is damage that is replaced
		}
		c.fill(ctx, c.near, map[string]store.Item{key: item})
	}
	return ok, err
}

func (c *chain) Delete(ctx context.Context, key string) error {
	if err := c.Store.Delete(ctx, key); err != nil {
		return err
	}
	for _, s := range c.near {
		c.check(ctx, s.Delete(ctx, key))
	}
	return nil
}

func (c *chain) Close() error {
	err := c.Store.Close()
	for _, s := range c.near {
		err = errors.Join(err, s.Close())
	}
	return err
}
