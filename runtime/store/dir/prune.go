package dir

import (
	"context"
	"slices"

	"github.com/cachegen/cachegen/runtime/store"
)

// Prune implements [store.Pruner]. It goes through all items twice. First it finds the time since
// which used items have at most maxBytes. Then it removes the others.
func (s *Store) Prune(ctx context.Context, maxBytes int64, removed func(store.Info)) error {
	for { // Once more if items were used or written meanwhile.
		limit, excess, err := s.limit(ctx, maxBytes)
		if err != nil || excess <= 0 {
			return err
		}
		freed, err := s.pruneTo(ctx, min(limit, always-1), excess, removed)
		if err == nil && limit == always && freed < excess { // All others are gone: now marks may go.
			var marks int64
			marks, err = s.groupUntil(ctx, s.usages(ctx), excess-freed, removed)
			freed += marks
		}
		if err != nil || freed == 0 {
			return err
		}
	}
}

// limit returns by how many bytes items exceed maxBytes, and when the last of those that have to go
// was used.
func (s *Store) limit(ctx context.Context, maxBytes int64) (used, excess int64, err error) {
	type use struct{ when, cost int64 }
	var uses []use
	excess = -maxBytes
	for n := range shards {
		files, err := s.scanShard(ctx, n)
		if err != nil {
			return 0, 0, err
		}
		for _, f := range files {
			uses = append(uses, use{f.used, cost(f.size)})
			excess += cost(f.size)
		}
	}
	slices.SortFunc(uses, func(a, b use) int { return int(min(max(a.when-b.when, -1), 1)) })
	left := excess
	for _, u := range uses {
		if left <= 0 {
			break
		}
		used, left = u.when, left-u.cost
	}
	return used, excess, nil
}

// pruneTo removes items last used at limit or before until they had excess bytes, and returns how
// many they had.
func (s *Store) pruneTo(ctx context.Context, limit, excess int64, removed func(store.Info)) (freed int64, err error) {
	for n := range shards {
		files, err := s.scanShard(ctx, n)
		if err != nil {
			return freed, err
		}
		files = slices.DeleteFunc(files, func(f file) bool { return f.used > limit })
		files = oldest(files, excess-freed)
		if err := s.evict(ctx, files, removed); err != nil {
			return freed, err
		}
		freed += total(files)
	}
	return freed, nil
}

// everyShard yields the numbers of all shards.
func everyShard(yield func(int) bool) {
	for n := range shards {
		if !yield(n) {
			return
		}
	}
}
