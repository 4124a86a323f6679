package dynamodb

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/calls"
	"github.com/cachegen/cachegen/runtime/store/internal/leases"
)

// Store is a store in a table. Besides [store.Store] it is a [store.Lister], [store.Leaser],
// [store.Batcher], [store.Stamper] and [store.Blobber].
type Store struct {
	settings
	client *dynamodb.Client
	calls  *calls.Calls
	leases *leases.Leaser

	closing sync.Once
}

// Kinds of what is in the table. No prefix has a colon before them: it ends in a slash.
const (
	itemSpace  = "i:"
	leaseSpace = "l:"
	blobSpace  = "b:"
	chunkSpace = "c:"
)

// name returns the partition key of a key of a space.
func (s *Store) name(space, key string) string { return s.prefix + "/" + space + key }

// Get returns the item under key.
func (s *Store) Get(ctx context.Context, key string) (store.Item, error) {
	if err := store.CheckKey(key); err != nil {
		return store.Item{}, err
	}
	return calls.Do(ctx, s.calls, func(ctx context.Context) (store.Item, error) {
		e, err := s.read(ctx, s.name(itemSpace, key))
		if err == nil && s.keep.Over(key, e.stamp) {
			return store.Item{}, store.ErrNotFound
		}
		return e.item(), err
	})
}

// Put writes item unless the key has one that it may not replace.
func (s *Store) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	if err := store.CheckKey(key); err != nil {
		return false, err
	}
	if int64(len(item.Value)) > s.maxValue {
		return false, s.tooLarge(item.Value)
	}
	item.Expires = s.keep.Expiry(key, item)
	if len(item.Value) > chunkSize && item.Expires.IsZero() {
		item.Expires = time.Now().Add(s.largeAge)
	}
	return calls.Do(ctx, s.calls, func(ctx context.Context) (bool, error) {
		least, greatest := item.Replaceable()
		return s.write(ctx, s.name(itemSpace, key), newEntry(item), condition{
			expression: "attribute_not_exists(" + stampName + ") OR " + stampName + " < :kept OR " + stampName + " BETWEEN :least AND :greatest",
			values:     attributes{":kept": number(s.keep.Least(key)), ":least": number(least), ":greatest": number(greatest)},
		})
	})
}

func (s *Store) tooLarge(value []byte) error {
	return fmt.Errorf("dynamodb: value of %d bytes, max-value is %d: %w", len(value), s.maxValue, store.ErrTooLarge)
}

// Delete removes the item under key.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := store.CheckKey(key); err != nil {
		return err
	}
	return s.removeName(ctx, s.name(itemSpace, key))
}

func (s *Store) removeName(ctx context.Context, name string) error {
	return calls.Run(ctx, s.calls, func(ctx context.Context) error { return s.remove(ctx, name) })
}

// ReadBlob returns the value at path.
func (s *Store) ReadBlob(ctx context.Context, path string) ([]byte, error) {
	if err := store.CheckPath(path); err != nil {
		return nil, err
	}
	return calls.Do(ctx, s.calls, func(ctx context.Context) ([]byte, error) {
		e, err := s.read(ctx, s.name(blobSpace, path))
		return e.value, err
	})
}

// WriteBlob makes value the value at path.
func (s *Store) WriteBlob(ctx context.Context, path string, value []byte, replace bool) (bool, error) {
	if err := store.CheckPath(path); err != nil {
		return false, err
	}
	if int64(len(value)) > s.maxValue {
		return false, s.tooLarge(value)
	}
	c := condition{expression: "attribute_not_exists(" + keyName + ")"}
	if replace {
		c = condition{}
	}
	return calls.Do(ctx, s.calls, func(ctx context.Context) (bool, error) {
		return s.write(ctx, s.name(blobSpace, path), newEntry(store.Item{Value: value}), c)
	})
}

// DeleteBlob removes the value at path.
func (s *Store) DeleteBlob(ctx context.Context, path string) error {
	if err := store.CheckPath(path); err != nil {
		return err
	}
	return s.removeName(ctx, s.name(blobSpace, path))
}

// Close releases the leases of this store and ends operations under way.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.leases.Close()
		s.calls.Close()
	})
	return nil
}
