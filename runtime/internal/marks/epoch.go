package marks

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// epochKey is the key of an item that is different after every mark and every [Table.Announce], in stores that can't be watched.
const epochKey = prefix + "epoch"

// same reports whether two looks at the epoch saw the same one.
func same(a, b store.Item) bool { return a.Stamp == b.Stamp && bytes.Equal(a.Value, b.Value) }

// Announce has other processes drop what they keep in memory of results that were replaced or removed in the store, for those that
// can't watch it. With an error they may not know.
func (t *Table) Announce(ctx context.Context) error {
	if t.store == nil || t.keeper.watcher != nil {
		return nil
	}
	for range 8 { // others announce too
		old, err := t.store.Get(ctx, epochKey)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("marks: announcing: %w", err)
		}
		epoch := store.Item{Value: []byte(rand.Text()), Stamp: max(time.Now().UnixNano(), old.Stamp+1)}
		if ok, err := t.store.Put(ctx, epochKey, epoch); ok || err != nil {
			if err != nil {
				err = fmt.Errorf("marks: announcing: %w", err)
			}
			return err
		}
	}
	return errors.New("marks: announcing: others are always ahead")
}
