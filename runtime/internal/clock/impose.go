package clock

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"

	"github.com/cachegen/cachegen/runtime/store"
)

// errAhead says that something newer was there each time.
var errAhead = errors.New("cache: others are always ahead")

// tries is how often Impose and Outdo do: others may write too.
const tries = 8

// Impose writes the item that make returns for a stamp under name, whatever is there, and returns
// the stamp in the end. What others wrote with a stamp that is ahead is outdone, and so is what
// executions that saw it make; damage is removed.
func (c *Clock) Impose(
	ctx context.Context, s store.Store, name string, stamp int64, make func(stamp int64) (store.Item, error),
) (int64, error) {
	return c.impose(ctx, s, name, stamp, make, c.Damaged)
}

// Outdo is [Clock.Impose] for what must not be gone for a moment: however far ahead the stamp is of
// what is there, it is replaced by something with a greater one. Each attempt has a value of its
// own: a former one may have been there already.
func (c *Clock) Outdo(ctx context.Context, s store.Store, name string, stamp int64, value func() []byte) error {
	item := func(stamp int64) (store.Item, error) { return store.Item{Value: value(), Stamp: stamp}, nil }
	_, err := c.impose(ctx, s, name, stamp, item, func(stamp int64) bool { return stamp > math.MaxInt64-int64(Tolerance) })
	return err
}

func (c *Clock) impose(
	ctx context.Context, s store.Store, name string, stamp int64, make func(stamp int64) (store.Item, error), damaged func(stamp int64) bool,
) (int64, error) {
	for range tries {
		item, err := make(stamp)
		if err != nil {
			return 0, err
		}
		if written, err := s.Put(ctx, name, item); written || err != nil {
			return stamp, err
		}
		there, err := newer(ctx, s, name, damaged)
		if err != nil {
			return 0, err
		}
		stamp = max(c.Over(), there+removes+rand.Int64N(spread)) // what is made by those who saw it is close
	}
	return 0, errAhead
}

// newer returns the stamp of what was in the way of a write, 0 if there is nothing any more. Damage
// is removed.
func newer(ctx context.Context, s store.Store, name string, damaged func(stamp int64) bool) (int64, error) {
	item, err := s.Get(ctx, name)
	switch {
	case errors.Is(err, store.ErrCorrupt), err == nil && damaged(item.Stamp):
		return 0, s.Delete(ctx, name)
	case errors.Is(err, store.ErrNotFound):
		return 0, nil
	}
	return item.Stamp, err
}
