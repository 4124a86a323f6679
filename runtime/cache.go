package cache

import (
	"context"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	_ "github.com/cachegen/cachegen/runtime/store/dir"    // the default store
	_ "github.com/cachegen/cachegen/runtime/store/memory" // memory:
)

// Cache is a place where results are kept: memory in front of a store. Functions use the default one unless [WithCache] says
// otherwise.
type Cache struct {
	engine *engine.Cache
}

// New returns a cache of its own.
func New(c Config) (*Cache, error) {
	e, err := engine.NewCache(c.engine())
	if err != nil {
		return nil, err
	}
	return &Cache{e}, nil
}

// Configure makes the default cache be as c says. It must come before the first use of a cached function: afterwards it is an
// error, and changes nothing.
func Configure(c Config) error { return engine.Configure(c.engine()) }

// Close waits until what runs in the background is done, or ctx ends, and closes the cache's store. Calls afterwards execute: nobody tells a
// closed cache what others forget. Functions that are kept in memory only go on as before.
func (c *Cache) Close(ctx context.Context) error { return c.engine.Close(ctx) }

// Close is [Cache.Close] for the default cache. A program that ends should call it, lest its last results are not stored.
func Close(ctx context.Context) error { return engine.CloseDefault(ctx) }
