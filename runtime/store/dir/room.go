package dir

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
)

// Two things keep the bound. A writer in a full folder makes room first; programs that end before a
// sweep have only that. A sweep in the background keeps a tenth free, and removes the least
// recently used items of all.

// roomAtOnce is the room that a put makes in a full store, as a part of the bound.
const roomAtOnce = 32

// makeRoom keeps the bound for a put of n bytes to a shard. It looks at the other shards only if
// this shard has more than its share, or by chance, once in a number of bytes that all processes
// write.
func (s *Store) makeRoom(ctx context.Context, number int, n int64) error {
	chance := rand.Int64N(s.lookAfter()+1) < n
	if !chance && s.shardUsage(number).bytes+n <= s.maxBytes/shards || s.spare.Add(-n) >= 0 || !s.making.TryLock() {
		return nil
	}
	defer s.making.Unlock()
	usages := s.usages(ctx)
	left := s.maxBytes - sumOf(usages).bytes - n
	if left < 0 {
		freed, err := s.free(ctx, fullest(usages), s.maxBytes/roomAtOnce-left)
		if err != nil {
			return err
		}
		left += freed
	}
	s.spare.Store(max(left, 0) / 2) // Others write too.
	return nil
}

// fullest returns the numbers of shards, the fullest first.
func fullest(usages []usage) []int {
	numbers := slices.Collect(everyShard)
	slices.SortFunc(numbers, func(a, b int) int { return cmp.Compare(usages[b].bytes, usages[a].bytes) })
	return numbers
}

// free removes the least recently used items of shards until it has removed so many bytes, and
// returns the number that it removed. It takes some shards at a time, and removes a quarter of
// what they have.
func (s *Store) free(ctx context.Context, numbers []int, bytes int64) (freed int64, err error) {
	if freed, err = s.groupMarks(ctx); err != nil {
		return freed, err
	}
	size := s.shardsAtOnce(ctx)
	for before := int64(-1); freed < bytes && before < freed; {
		before = freed // If it stays at that, only marks are left, or what others use.
		for some := range slices.Chunk(numbers, size) {
			files, err := s.scan(ctx, some)
			if err != nil {
				return freed, err
			}
			n, err := s.evictOldest(ctx, files, min(bytes-freed, total(files)/4+1))
			if freed += n; err != nil || freed >= bytes {
				return freed, err
			}
		}
	}
	return freed, nil
}

// shardsAtOnce returns how many shards have about [itemsAtOnce].
func (s *Store) shardsAtOnce(ctx context.Context) int {
	return int(min(max(itemsAtOnce*shards/max(s.usage(ctx).items, 1), 1), shards))
}

// evictOldest removes the least recently used of files until those had so many bytes, but no marks.
func (s *Store) evictOldest(ctx context.Context, files []file, bytes int64) (freed int64, err error) {
	files = slices.DeleteFunc(files, func(f file) bool { return f.used == always })
	files = oldest(files, bytes)
	return total(files), s.evict(ctx, files, nil)
}
