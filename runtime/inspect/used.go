package inspect

import (
	"cmp"
	"context"
	"hash/maphash"
	"iter"
	"slices"

	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/store"
)

// LeastUsed goes through about the least recently used entries without which the others have at most maxBytes, counted by values. It goes
// through the store twice, keeps 24 bytes an entry in between, and leaves entries that were replaced in between. It is what Prune
// removes from a store that can't prune by itself, and about what others remove.
func (in *Inspector) LeastUsed(ctx context.Context, maxBytes int64) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		seed := maphash.MakeSeed()
		condemned, err := in.condemned(ctx, seed, maxBytes)
		if err != nil {
			yield(store.Info{}, err)
			return
		}
		if len(condemned) == 0 {
			return
		}
		for info, err := range in.all(ctx) {
			if err == nil {
				if _, ok := slices.BinarySearch(condemned, identity(seed, info)); !ok {
					continue
				}
			}
			if !yield(info, err) || err != nil {
				return
			}
		}
	}
}

// condemned returns the identities, sorted, of the least recently used entries by which all exceed maxBytes. It does not return a time: to
// some stores a listing is a use.
func (in *Inspector) condemned(ctx context.Context, seed maphash.Seed, maxBytes int64) ([]uint64, error) {
	type use struct {
		when, size int64
		identity   uint64
	}
	var uses []use
	excess := -maxBytes
	for info, err := range in.all(ctx) {
		if err != nil {
			return nil, err
		}
		uses = append(uses, use{used(info), info.Size, identity(seed, info)})
		excess += info.Size
		if len(uses)%1024 == 0 {
			in.looked(int64(len(uses)))
		}
	}
	slices.SortFunc(uses, func(a, b use) int { return cmp.Compare(a.when, b.when) })
	var condemned []uint64
	for _, u := range uses {
		if excess <= 0 {
			break
		}
		excess -= u.size
		condemned = append(condemned, u.identity)
	}
	slices.Sort(condemned)
	return condemned, nil
}

// identity tells an item from others and from what replaces it.
func identity(seed maphash.Seed, info store.Info) uint64 {
	type item struct {
		key                   string
		size, stamp, modified int64
	}
	return maphash.Comparable(seed, item{info.Key, info.Size, info.Stamp, info.Modified.UnixNano()})
}

// all lists the entries, without what says which of them are usable.
func (in *Inspector) all(ctx context.Context) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		for _, space := range []string{key.Entries, key.Failed} {
			for info, err := range in.list.List(ctx, space) {
				if !yield(info, err) || err != nil {
					return
				}
			}
		}
	}
}

// used returns when an item was last used, as far as the store knows.
func used(info store.Info) int64 {
	if info.Accessed.After(info.Modified) {
		return info.Accessed.UnixNano()
	}
	return info.Modified.UnixNano()
}
