package marks

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
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
	err := t.impose(ctx, epochKey, store.Item{Value: []byte(rand.Text())})
	if err != nil {
		return fmt.Errorf("marks: announcing: %w", err)
	}
	return nil
}

// errRefused says that a store keeps what it is told to replace.
var errRefused = errors.New("marks: the store keeps what is there")

// impose puts an item in the place of whatever is there: what counts is that it is another one.
func (t *Table) impose(ctx context.Context, key string, item store.Item) error {
	item.Stamp, item.Replaces = t.config.Clock.Over(), store.Anything
	written, err := t.store.Put(ctx, key, item)
	if err == nil && !written {
		err = errRefused
	}
	return err
}
