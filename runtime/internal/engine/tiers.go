package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/layer"
)

// tiers are the stores of a cache.
type tiers struct {
	standard *tier // nil: memory only
	named    map[string]*tier
}

func (ts *tiers) open(c *Cache) {
	ts.named = map[string]*tier{}
	for name, s := range c.config.Stores {
		ts.named[name] = newTier(c, s)
		ts.named[name].name = name
	}
	switch {
	case c.config.Store != nil:
		ts.standard = newTier(c, c.config.Store)
	case c.config.URL != NoStore:
		ts.standard = newTier(c, nil)
		ts.standard.open = func(ctx context.Context) (store.Store, error) { return layer.Open(ctx, c.config.URL) }
	}
}

// inMemory is the name by which settings say that results are not stored.
const inMemory = "memory"

// tierOf returns where the results of f are stored, nil if nowhere: as the file of settings says, or
// else the function's options.
func (c *Cache) tierOf(f *Function) *tier {
	name := f.Options.Store
	if c.file != nil {
		name = cmp.Or(c.file.Of(f.Name).Store, name)
	}
	switch {
	case f.Options.MemoryOnly || name == inMemory:
		return nil
	case name == "":
		return c.tiers.standard
	}
	t := c.tiers.named[name]
	if t == nil {
		f.tally.count(&Event{Outcome: Fault, Reason: StoreFailed})
		c.faults.log("store", fmt.Errorf("cache: no store is called %q", name), "func", f.Name)
	}
	return t
}

func newTier(c *Cache, s store.Store) *tier {
	t := &tier{cache: c, timeout: c.config.StoreTimeout}
	if s != nil {
		t.use(s)
	}
	return t
}

func (ts *tiers) all() []*tier {
	l := slices.Collect(maps.Values(ts.named))
	if ts.standard != nil {
		l = append(l, ts.standard)
	}
	return l
}

// close closes all stores at once, or returns when ctx ends, whatever hangs.
func (ts *tiers) close(ctx context.Context) error {
	all := ts.all()
	errs := make(chan error, len(all))
	for _, t := range all {
		go func() { errs <- t.close() }()
	}
	var closed error
	for range all {
		select {
		case err := <-errs:
			closed = errors.Join(closed, err)
		case <-ctx.Done():
			return errors.Join(closed, ctx.Err())
		}
	}
	return closed
}
