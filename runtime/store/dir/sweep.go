package dir

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"time"
)

const (
	// roomBelow is the room that a sweep makes below the bound, as a part of the bound.
	roomBelow = 10
	// itemsAtOnce is the approximate number of items that are compared to find the least recently
	// used.
	itemsAtOnce = 4096
	// tidyEvery is the time after which a sweep goes through all shards even if there is room, to
	// remove files of killed processes.
	tidyEvery = 24 * time.Hour
	// sweepName is a file. The only sweeper has its lock, and its time says when all shards were
	// last tidied.
	sweepName = "items/~sweep"
)

// lookAfter is the number of bytes that a store writes before it checks the bound.
func (s *Store) lookAfter() int64 { return s.maxBytes / 256 }

// wrote counts written bytes, and now and then starts a check of the bound in the background.
func (s *Store) wrote(n int64) {
	if s.written.Add(n) < s.lookAfter() || !s.sweeping.CompareAndSwap(false, true) {
		return
	}
	s.written.Store(0)
	s.launch(func(ctx context.Context) {
		defer s.sweeping.Store(false)
		_ = s.sweep(ctx) // What it couldn't do the next one tries again.
	})
}

// sweep keeps the bound, and tidies when that is due, unless another process is sweeping.
func (s *Store) sweep(ctx context.Context) error {
	f, err := s.home.open(false)
	if err != nil {
		return err
	}
	tidy := tidyDue(f.base)
	if !tidy && s.usage(ctx).bytes <= s.maxBytes {
		return nil
	}
	file, err := openOwn(f.base, sweepName, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return err
	}
	defer file.Close()
	if ok, err := tryLock(file); !ok || err != nil {
		return err
	}
	if tidy {
		if err := s.tidy(ctx); err != nil {
			return err
		}
		_ = f.base.Chtimes(sweepName, time.Now(), time.Now())
	}
	return s.shrink(ctx)
}

func tidyDue(base *os.Root) bool {
	info, err := base.Lstat(sweepName)
	return err != nil || time.Since(info.ModTime()).Abs() > tidyEvery
}

// usage adds up the shards.
func (s *Store) usage(ctx context.Context) usage { return sumOf(s.usages(ctx)) }

// usages returns the usage of each shard.
func (s *Store) usages(ctx context.Context) []usage {
	u := make([]usage, shards)
	for n := range u {
		if s.err(ctx) != nil {
			break
		}
		u[n] = s.shardUsage(n)
	}
	return u
}

func sumOf(usages []usage) (sum usage) {
	for _, u := range usages {
		sum = sum.plus(u)
	}
	return sum
}

func (s *Store) shardUsage(number int) usage {
	f, err := s.home.open(false)
	if err != nil {
		return usage{}
	}
	state, err := f.items.OpenFile(shardName(number)+"/"+stateName, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return usage{}
	}
	defer state.Close()
	return readUsage(state)
}

// shrink removes the least recently used items until there is room again. It goes through some
// shards at a time, enough that the oldest of those are about the oldest of all.
func (s *Store) shrink(ctx context.Context) error {
	sum := s.usage(ctx)
	if sum.bytes <= s.maxBytes {
		return nil
	}
	freed, err := s.groupMarks(ctx)
	if err != nil {
		return err
	}
	excess := sum.bytes - freed - (s.maxBytes - s.maxBytes/roomBelow)
	if excess <= 0 {
		return nil
	}
	part := float64(excess) / float64(sum.bytes)
	var failed error
	for some := range slices.Chunk(rand.Perm(shards), s.shardsAtOnce(ctx)) {
		begun := time.Now()
		if err := s.shrinkSome(ctx, some, part); err != nil {
			failed = err // A stopped process may have a shard locked: the others are to be bounded all the same.
		}
		if err := s.pause(ctx, time.Since(begun)); err != nil {
			return err
		}
	}
	if failed == nil && s.usage(ctx).bytes > s.maxBytes { // Marks alone are too much: then everything goes, and they go last.
		return s.Prune(ctx, s.maxBytes-s.maxBytes/roomBelow, nil)
	}
	return failed
}

// shrinkSome removes this part of the shards' bytes: the least recently used items, but no marks.
func (s *Store) shrinkSome(ctx context.Context, numbers []int, part float64) error {
	files, err := s.scan(ctx, numbers)
	if err != nil {
		return err
	}
	_, err = s.evictOldest(ctx, files, int64(part*float64(total(files))))
	return err
}

// tidy removes files that killed processes left, and counts anew. It goes through the shards in
// random order, for programs that end before it is done.
func (s *Store) tidy(ctx context.Context) error {
	for _, n := range rand.Perm(shards) {
		begun := time.Now()
		if _, err := s.scan(ctx, []int{n}); err != nil {
			return err
		}
		if err := s.pause(ctx, time.Since(begun)); err != nil {
			return err
		}
	}
	if f, err := s.home.open(false); err == nil {
		removeStray(f.base, ".")
	}
	return nil
}

// pause rests for as long as the work took, so that others can use the machine.
func (s *Store) pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(min(d, 100*time.Millisecond)):
		return nil
	}
}
