package cache

import (
	"context"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	_ "github.com/cachegen/cachegen/runtime/store/dir"    // the default store
	_ "github.com/cachegen/cachegen/runtime/store/memory" // memory:
)

// Cache keeps results in memory, in front of a store. Functions use the default cache, or the cache
// of [WithCache]. All methods are safe for concurrent use.
type Cache struct {
	engine *engine.Cache
}

// New returns a new cache. It returns an error if c can't be right; it does not wait for the store.
// Call [Cache.Close] when the cache is no longer used.
func New(c Config) (*Cache, error) {
	e, err := engine.NewCache(c.engine())
	if err != nil {
		return nil, err
	}
	return &Cache{e}, nil
}

// Configure configures the default cache. Call it before the first use of a cached function. Later
// it returns an error, and changes nothing.
func Configure(c Config) error { return engine.Configure(c.engine()) }

// Close waits until the work in the background is done, or until ctx ends, and closes the cache's
// store. Later calls execute their functions, because nobody tells a closed cache what others
// forget. Functions whose results are in memory alone go on as before.
func (c *Cache) Close(ctx context.Context) error { return c.engine.Close(ctx) }

// Close closes the default cache; see [Cache.Close]. A program should call it before it ends, so
// that its last results are stored.
func Close(ctx context.Context) error { return engine.CloseDefault(ctx) }
