package marks

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"

	"github.com/cachegen/cachegen/runtime/store"
)

// epochKey is the key of an item that is different after every mark and every [Table.Announce], in
// stores that can't be watched.
const epochKey = prefix + "epoch"

// same reports whether two looks at the epoch saw the same one.
func same(a, b store.Item) bool { return a.Stamp == b.Stamp && bytes.Equal(a.Value, b.Value) }

// Announce has other processes drop what they keep in memory of results that were replaced or
// removed in the store, for those that can't watch it. With an error they may not know.
func (t *Table) Announce(ctx context.Context) error {
	if t.store == nil || t.keeper.watcher != nil {
		return nil
	}
	_, err := t.config.Clock.Impose(ctx, t.store, epochKey, t.config.Clock.Stamp(), func(stamp int64) (store.Item, error) {
		return store.Item{Value: []byte(rand.Text()), Stamp: stamp}, nil
	})
	if err != nil {
		return fmt.Errorf("marks: announcing: %w", err)
	}
	return nil
}
