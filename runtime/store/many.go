package store

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"
)

// parallel is how many items are read at a time from stores that can't read several in one round
// trip.
const parallel = 16

// GetMany returns the items that exist among keys, by key. If s is a [Batcher] it asks s once;
// otherwise it gets several items in parallel.
func GetMany(ctx context.Context, s Store, keys []string) (map[string]Item, error) {
	if b, ok := As[Batcher](s); ok && len(keys) > 1 {
		return b.GetMany(ctx, keys)
	}
	var mu sync.Mutex
	found := make(map[string]Item, len(keys))
	var g errgroup.Group
	g.SetLimit(parallel)
	for _, key := range keys {
		g.Go(func() error {
			item, err := s.Get(ctx, key)
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				found[key] = item
			}
			return err
		})
	}
	return found, g.Wait()
}
