package inspect

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/cachegen/cachegen/runtime/store"
)

// parallel is how many items are deleted at a time.
const parallel = 16

// deleteAll deletes the items that all yields, several at a time, and tells deleted of each, one after the other. After an error those
// that deleted was told of are gone.
func deleteAll[T any](ctx context.Context, s store.Store, all iter.Seq2[T, error], name func(*T) string, deleted func(*T)) error {
	g, deleting := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	var telling sync.Mutex
	for item, err := range all {
		if err != nil {
			return errors.Join(err, g.Wait())
		}
		if deleting.Err() != nil { // The group knows why.
			break
		}
		g.Go(func() error {
			if err := s.Delete(deleting, name(&item)); err != nil {
				return fmt.Errorf("inspect: removing %s: %w", name(&item), err)
			}
			telling.Lock()
			defer telling.Unlock()
			deleted(&item)
			return nil
		})
	}
	return g.Wait()
}
