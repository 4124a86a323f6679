package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// What a page shows that is for people.

// Ages are those of a function's results in memory.
type Ages struct {
	Median, Oldest time.Duration
}

// mostAges is how many results ages are taken of.
const mostAges = 10_000

// Ages returns the ages of the results that the cache has of f in memory, zero if there are none.
func (c *Cache) Ages(f *Function) Ages {
	now := c.clock.Now()
	var l []time.Duration
	for _, s := range c.states.all() {
		if s.fn != f {
			continue
		}
		s.memory.RemoveAll(func(h Held) bool {
			if len(l) < mostAges {
				l = append(l, h.About().Age(now))
			}
			return false
		})
	}
	if len(l) == 0 {
		return Ages{}
	}
	slices.Sort(l)
	return Ages{Median: l[len(l)/2], Oldest: l[len(l)-1]}
}

// MemoryLimit is how many bytes results in memory may have together.
func (c *Cache) MemoryLimit() int64 { return c.room.Limit() }

// StandardStore returns the cache's own store, and opens it if necessary. The caller must not close
// it.
func (c *Cache) StandardStore(ctx context.Context) (store.Store, error) {
	if c.tiers.standard == nil || c.closed.Load() {
		return nil, errors.New("cache: there is no store")
	}
	return c.tiers.standard.get(ctx)
}
