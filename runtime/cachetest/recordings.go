package cachetest

import (
	"context"
	"path"
	"strings"

	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/store"
)

// recordings is the store of a recorder. Results are in files. All other items, such as tombstones,
// are in memory.
type recordings struct {
	store.Store // in memory
	player      *player
}

// Get is [store.Store]'s.
func (s *recordings) Get(ctx context.Context, name string) (store.Item, error) {
	item, err := s.Store.Get(ctx, name)
	if err == nil {
		return item, nil
	}
	if k, ok := resultOf(name); ok {
		return s.player.get(k)
	}
	return item, err
}

// Put is [store.Store]'s.
func (s *recordings) Put(ctx context.Context, name string, item store.Item) (bool, error) {
	newest, err := s.Store.Put(ctx, name, item)
	if err != nil || !newest {
		return newest, err
	}
	if _, ok := resultOf(name); !ok {
		return true, nil
	}
	e, err := entry.Decode(item.Value)
	if err != nil || e.Tombstone {
		return true, err
	}
	if err := s.player.put(e, item.Stamp); err != nil {
		s.player.t.Errorf("cachetest: recording a result of %s: %v", e.Func, err)
		return false, err
	}
	return true, s.Store.Delete(ctx, name) // the file is where it is from now on
}

// resultOf returns the key in the name of a result.
func resultOf(name string) (key.Key, bool) {
	if !strings.HasPrefix(name, key.Entries) {
		return key.Key{}, false
	}
	k, err := key.Parse(path.Base(name))
	return k, err == nil
}
