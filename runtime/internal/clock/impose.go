package clock

import (
	"context"
	"errors"

	"github.com/cachegen/cachegen/runtime/store"
)

// errAhead says that something newer was there each time.
var errAhead = errors.New("cache: others are always ahead")

// tries is how often Impose does: others may write too.
const tries = 8

// Impose writes the item that make returns for a stamp under name, whatever is there, and returns
// the stamp in the end. What others wrote with a stamp that is ahead is outdone, and so is what
// executions that saw it make; damage is replaced.
func (c *Clock) Impose(
	ctx context.Context, s store.Store, name string, stamp int64, make func(stamp int64) (store.Item, error),
) (int64, error) {
	replaces := int64(0)
	for range tries {
		item, err := make(stamp)
		if err != nil {
			return 0, err
		}
		item.Replaces = replaces
		if written, err := s.Put(ctx, name, item); written || err != nil {
			return stamp, err
		}
		there, err := newer(ctx, s, name)
		if err != nil {
			return 0, err
		}
		stamp, replaces = c.OverSeen(there), 0
		if c.Damaged(there) {
			stamp, replaces = c.Over(), there
		}
	}
	return 0, errAhead
}

// newer returns the stamp of what was in the way of a write, 0 if there is nothing any more. What
// can't be read is removed.
func newer(ctx context.Context, s store.Store, name string) (int64, error) {
	item, err := s.Get(ctx, name)
	switch {
	case errors.Is(err, store.ErrCorrupt):
		return 0, s.Delete(ctx, name)
	case errors.Is(err, store.ErrNotFound):
		return 0, nil
	}
	return item.Stamp, err
}
