package blob

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/calls"
)

// parallel is how many objects are read at once.
const parallel = 32

// Stamps returns the stamps of the items that exist among keys, from the first bytes of their
// objects.
func (s *Store) Stamps(ctx context.Context, keys []string) (map[string]int64, error) {
	found := make(map[string]int64, len(keys))
	if err := s.calls.Check(ctx); err != nil {
		return found, err
	}
	var mu sync.Mutex
	reads, ctx := errgroup.WithContext(ctx)
	reads.SetLimit(parallel)
	for _, key := range keys {
		reads.Go(func() error {
			stamp, err := s.stamp(ctx, key)
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			found[key] = stamp
			return nil
		})
	}
	err := reads.Wait()
	return found, err
}

func (s *Store) stamp(ctx context.Context, key string) (int64, error) {
	if err := store.CheckKey(key); err != nil {
		return 0, err
	}
	return calls.Do(ctx, s.calls, func(ctx context.Context) (int64, error) {
		content, _, err := s.read(ctx, s.itemName(key), headerSize)
		if err != nil {
			return 0, err
		}
		item, ok := decodeHeader(content)
		if !ok || s.keep.Over(key, item.Stamp) {
			return 0, store.ErrNotFound
		}
		return item.Stamp, nil
	})
}
