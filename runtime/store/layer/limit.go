package layer

import (
	"context"
	"fmt"

	"github.com/cachegen/cachegen/runtime/store"
)

// Limit returns a store that refuses values of more than size bytes with [store.ErrTooLarge], at
// paths too.
func Limit(s store.Store, size int64) store.Store { return &limit{s, size} }

type limit struct {
	store.Store
	size int64
}

// Unwrap returns the store behind.
func (l *limit) Unwrap() store.Store { return l.Store }

func (l *limit) check(value []byte) error {
	if int64(len(value)) > l.size {
		return fmt.Errorf("layer: %d bytes: %w", len(value), store.ErrTooLarge)
	}
	return nil
}

func (l *limit) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	if err := l.check(item.Value); err != nil {
		return false, err
	}
	return l.Store.Put(ctx, key, item)
}

// ReadBlob is [store.Blobber]'s.
func (l *limit) ReadBlob(ctx context.Context, path string) ([]byte, error) {
	b, err := behind[store.Blobber](l.Store)
	if err != nil {
		return nil, err
	}
	return b.ReadBlob(ctx, path)
}

// WriteBlob is [store.Blobber]'s.
func (l *limit) WriteBlob(ctx context.Context, path string, value []byte, replace bool) (bool, error) {
	b, err := behind[store.Blobber](l.Store)
	if err == nil {
		err = l.check(value)
	}
	if err != nil {
		return false, err
	}
	return b.WriteBlob(ctx, path, value, replace)
}

// DeleteBlob is [store.Blobber]'s.
func (l *limit) DeleteBlob(ctx context.Context, path string) error {
	b, err := behind[store.Blobber](l.Store)
	if err != nil {
		return err
	}
	return b.DeleteBlob(ctx, path)
}
