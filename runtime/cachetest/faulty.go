package cachetest

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// faulty is a store with faults. It implements what the store behind implements: [store.As] asks
// that first.
type faulty struct {
	store.Store
	faults *faults
}

// Unwrap is [store.Wrapper]'s.
func (s *faulty) Unwrap() store.Store { return s.Store }

// behind returns the store behind as a T.
func behind[T any](s *faulty) (T, error) {
	t, ok := store.As[T](s.Store)
	if !ok {
		return t, errors.ErrUnsupported
	}
	return t, nil
}

// read reads with do, under the present fault, and damages the result if that is the fault.
func read[T any](ctx context.Context, f *faults, do func() (T, error), damage func(T) T) (T, error) {
	fault, err := f.meet(ctx, false)
	if err != nil {
		var none T
		return none, err
	}
	v, err := do()
	if err == nil && fault == Corrupt {
		v = damage(v)
	}
	return v, err
}

// damaged returns a copy of a value with other bytes.
func damaged(value []byte) []byte {
	value = slices.Clone(value)
	for i := range value {
		value[i] ^= 0x55
	}
	return value
}

func damagedItem(item store.Item) store.Item {
	item.Value = damaged(item.Value)
	return item
}

// Get is [store.Store]'s.
func (s *faulty) Get(ctx context.Context, key string) (store.Item, error) {
	return read(ctx, s.faults, func() (store.Item, error) { return s.Store.Get(ctx, key) }, damagedItem)
}

// Put is [store.Store]'s.
func (s *faulty) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	if _, err := s.faults.meet(ctx, true); err != nil {
		return false, err
	}
	return s.Store.Put(ctx, key, item)
}

// Delete is [store.Store]'s.
func (s *faulty) Delete(ctx context.Context, key string) error {
	if _, err := s.faults.meet(ctx, true); err != nil {
		return err
	}
	return s.Store.Delete(ctx, key)
}

// GetMany is [store.Batcher]'s.
func (s *faulty) GetMany(ctx context.Context, keys []string) (map[string]store.Item, error) {
	many := func() (map[string]store.Item, error) {
		b, err := behind[store.Batcher](s)
		if err != nil {
			return nil, err
		}
		return b.GetMany(ctx, keys)
	}
	return read(ctx, s.faults, many, func(items map[string]store.Item) map[string]store.Item {
		for k, item := range items {
			items[k] = damagedItem(item)
		}
		return items
	})
}

// Stamps is [store.Stamper]'s.
func (s *faulty) Stamps(ctx context.Context, keys []string) (map[string]int64, error) {
	if _, err := s.faults.meet(ctx, false); err != nil {
		return nil, err
	}
	b, err := behind[store.Stamper](s)
	if err != nil {
		return nil, err
	}
	return b.Stamps(ctx, keys)
}

// List is [store.Lister]'s.
func (s *faulty) List(ctx context.Context, prefix string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		_, err := s.faults.meet(ctx, false)
		var lister store.Lister
		if err == nil {
			lister, err = behind[store.Lister](s)
		}
		if err != nil {
			yield(store.Info{}, err)
			return
		}
		lister.List(ctx, prefix)(yield)
	}
}

// Acquire is [store.Leaser]'s.
func (s *faulty) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	if _, err := s.faults.meet(ctx, true); err != nil {
		return nil, err
	}
	l, err := behind[store.Leaser](s)
	if err != nil {
		return nil, err
	}
	return l.Acquire(ctx, key, ttl)
}

// Await is [store.Leaser]'s.
func (s *faulty) Await(ctx context.Context, key string) error {
	if _, err := s.faults.meet(ctx, false); err != nil {
		return err
	}
	l, err := behind[store.Leaser](s)
	if err != nil {
		return err
	}
	return l.Await(ctx, key)
}

// Watch is [store.Watcher]'s.
func (s *faulty) Watch(ctx context.Context, changed func(key string)) error {
	if _, err := s.faults.meet(ctx, false); err != nil {
		return err
	}
	w, err := behind[store.Watcher](s)
	if err != nil {
		return err
	}
	return w.Watch(ctx, changed)
}

// ReadBlob is [store.Blobber]'s.
func (s *faulty) ReadBlob(ctx context.Context, path string) ([]byte, error) {
	return read(ctx, s.faults, func() ([]byte, error) {
		b, err := behind[store.Blobber](s)
		if err != nil {
			return nil, err
		}
		return b.ReadBlob(ctx, path)
	}, damaged)
}

// WriteBlob is [store.Blobber]'s.
func (s *faulty) WriteBlob(ctx context.Context, path string, value []byte, replace bool) (bool, error) {
	if _, err := s.faults.meet(ctx, true); err != nil {
		return false, err
	}
	b, err := behind[store.Blobber](s)
	if err != nil {
		return false, err
	}
	return b.WriteBlob(ctx, path, value, replace)
}

// DeleteBlob is [store.Blobber]'s.
func (s *faulty) DeleteBlob(ctx context.Context, path string) error {
	if _, err := s.faults.meet(ctx, true); err != nil {
		return err
	}
	b, err := behind[store.Blobber](s)
	if err != nil {
		return err
	}
	return b.DeleteBlob(ctx, path)
}
