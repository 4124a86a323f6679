package inspect

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/store"
)

// LeastUsed goes through about the least recently used entries without which the others have at most maxBytes, counted by values. It goes
// through the store twice and keeps 16 bytes an entry in between. It is what Prune removes from a store that can't prune by itself,
// and about what others remove.
func (in *Inspector) LeastUsed(ctx context.Context, maxBytes int64) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		start := time.Now()
		limit, excess, err := in.limit(ctx, maxBytes)
		if err != nil {
			yield(store.Info{}, err)
			return
		}
		if excess <= 0 {
			return
		}
		for info, err := range in.all(ctx) {
			// Stores that tell for how many seconds an item was not used say something else the second time.
			slack := int64(time.Since(start) + time.Second)
			if err == nil && (used(info) > limit+slack || excess <= 0) {
				continue
			}
			excess -= info.Size
			if !yield(info, err) || err != nil {
				return
			}
		}
	}
}

// limit returns by how many bytes entries exceed maxBytes, and when the last of those that have to go was used.
func (in *Inspector) limit(ctx context.Context, maxBytes int64) (limit, excess int64, err error) {
	type use struct{ when, size int64 }
	var uses []use
	excess = -maxBytes
	for info, err := range in.all(ctx) {
		if err != nil {
			return 0, 0, err
		}
		uses = append(uses, use{used(info), info.Size})
		excess += info.Size
		if len(uses)%1024 == 0 {
			in.looked(int64(len(uses)))
		}
	}
	slices.SortFunc(uses, func(a, b use) int { return cmp.Compare(a.when, b.when) })
	left := excess
	for _, u := range uses {
		if left <= 0 {
			break
		}
		limit, left = u.when, left-u.size
	}
	return limit, excess, nil
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
