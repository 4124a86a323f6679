package dir

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

const (
	// roomBelow is how far below its bound a sweep brings a store, in parts of the bound.
	roomBelow = 10
	// groupItems is about how many items are compared to find the least recently used.
	groupItems = 4096
	// tidyEvery is how often all shards are gone through even if there is room, for what killed processes left.
	tidyEvery = 24 * time.Hour
	// strayAge is how old what somebody was writing must be to be removed.
	strayAge = time.Hour
	// removeAtOnce is how many items are removed under one lock, which others wait for.
	removeAtOnce = 32
	// sweepName is the file whose lock the only sweeper has, and whose time says when all was tidied.
	sweepName = "items/~sweep"
)

// lookAfter is how many bytes a store writes before it looks at the bound.
func (s *Store) lookAfter() int64 { return s.maxBytes / 256 }

// wrote counts what was written, and now and then has the bound looked at in the background.
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

// sweep keeps the bound, and tidies when that is due, unless another process is at it.
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
func (s *Store) usage(ctx context.Context) (sum usage) {
	for n := range shards {
		if s.err(ctx) != nil {
			break
		}
		sum = sum.plus(s.shardUsage(n))
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

// shrink removes the least recently used items until there is room again. It goes through the shards in groups large enough that
// the oldest of a group are about the oldest of all.
func (s *Store) shrink(ctx context.Context) error {
	sum := s.usage(ctx)
	if sum.bytes <= s.maxBytes {
		return nil
	}
	excess := sum.bytes - (s.maxBytes - s.maxBytes/roomBelow)
	part := float64(excess) / float64(sum.bytes)
	size := int(min(max(groupItems*shards/max(sum.items, 1), 1), shards))
	var failed error
	for group := range slices.Chunk(rand.Perm(shards), size) {
		begun := time.Now()
		if err := s.shrinkGroup(ctx, group, part); err != nil {
			failed = err // A stopped process may have a shard locked: the others are to be bounded all the same.
		}
		if err := s.pause(ctx, time.Since(begun)); err != nil {
			return err
		}
	}
	return failed
}

// shrinkGroup removes this part of what shards have, the least recently used items.
func (s *Store) shrinkGroup(ctx context.Context, group []int, part float64) error {
	files, err := s.scan(ctx, group)
	if err != nil {
		return err
	}
	return s.evict(ctx, oldest(files, int64(part*float64(total(files)))), nil)
}

// tidy removes what killed processes left, and counts anew.
func (s *Store) tidy(ctx context.Context) error {
	for n := range shards {
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

// pause lets others have the machine for as long as the work took.
func (s *Store) pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(min(d, 100*time.Millisecond)):
		return nil
	}
}

// file is an item's file, as a sweep sees it.
type file struct {
	shard int
	name  string
	size  int64
	// used is when it was last read or written, modified when it was written, in Unix nanoseconds.
	used, modified int64
}

func fileOf(shard int, name string, info fs.FileInfo) file {
	modified := info.ModTime().UnixNano()
	return file{shard, name, info.Size(), max(accessed(info).UnixNano(), modified), modified}
}

func total(files []file) (sum int64) {
	for _, f := range files {
		sum += cost(f.size)
	}
	return sum
}

// oldest returns the least recently used of files that have bytes together; at least that, if files have it.
func oldest(files []file, bytes int64) []file {
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.used, b.used) })
	var sum int64
	for i, f := range files {
		if sum >= bytes {
			return files[:i]
		}
		sum += cost(f.size)
	}
	return files
}

// scan returns the files of shards, removing what was left behind and correcting what their state says.
func (s *Store) scan(ctx context.Context, numbers []int) (files []file, err error) {
	for _, n := range numbers {
		found, err := s.scanShard(ctx, n)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	return files, nil
}

func (s *Store) scanShard(ctx context.Context, number int) ([]file, error) {
	if err := s.err(ctx); err != nil {
		return nil, err
	}
	sh, err := s.openShard(number, false)
	if err != nil {
		return nil, ignore(err, fs.ErrNotExist)
	}
	defer sh.close()
	before := s.shardUsage(number)
	names, err := sh.names()
	if err != nil {
		return nil, err
	}
	var files []file
	var counted usage
	for _, name := range names {
		if !isItem(number, name) {
			continue
		}
		info, err := sh.root.Lstat(name)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		files = append(files, fileOf(number, name, info))
		counted = counted.plus(usage{cost(info.Size()), 1})
	}
	sh.removeStray(ctx, names)
	return files, sh.correct(ctx, usage{counted.bytes - before.bytes, counted.items - before.items})
}

// correct adds what a count found to be more than the state said when it began. Who wrote meanwhile has added to the state as well,
// so it may be wrong by that until the next count.
func (sh *shard) correct(ctx context.Context, change usage) error {
	if change == (usage{}) {
		return nil
	}
	if err := sh.lock(ctx); err != nil {
		return err
	}
	defer sh.unlock()
	sh.add(change)
	return nil
}

// removeStray removes temporary files and lease files that nobody has.
func (sh *shard) removeStray(ctx context.Context, names []string) {
	removeStrayTemps(sh.root, names)
	for _, name := range names {
		if strings.HasPrefix(name, leaseMark) && isStray(sh.root, name) {
			sh.removeStrayLease(ctx, name)
		}
	}
}

func (sh *shard) removeStrayLease(ctx context.Context, name string) {
	if sh.lock(ctx) != nil {
		return
	}
	defer sh.unlock()
	f, err := sh.root.OpenFile(name, os.O_RDWR|nonblock, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if free, err := tryLock(f); free && err == nil {
		_ = sh.root.Remove(name)
	}
}

// removeStray removes the temporary files of a folder.
func removeStray(root *os.Root, folder string) {
	d, err := root.Open(folder)
	if err != nil {
		return
	}
	defer d.Close()
	names, _ := d.Readdirnames(-1)
	removeStrayTemps(root, names)
}

func removeStrayTemps(root *os.Root, names []string) {
	for _, name := range names {
		if strings.HasPrefix(name, tempMark) && isStray(root, name) {
			_ = root.Remove(name)
		}
	}
}

func isStray(root *os.Root, name string) bool {
	info, err := root.Lstat(name)
	return err == nil && time.Since(info.ModTime()) > strayAge
}

// evict removes files that were not used since they were seen, telling removed of each.
func (s *Store) evict(ctx context.Context, files []file, removed func(store.Info)) error {
	slices.SortStableFunc(files, func(a, b file) int { return cmp.Compare(a.shard, b.shard) })
	for len(files) > 0 {
		n := 1
		for n < min(len(files), removeAtOnce) && files[n].shard == files[0].shard {
			n++
		}
		if err := s.evictFrom(ctx, files[0].shard, files[:n], removed); err != nil {
			return err
		}
		files = files[n:]
	}
	return nil
}

func (s *Store) evictFrom(ctx context.Context, number int, files []file, removed func(store.Info)) error {
	if err := s.err(ctx); err != nil {
		return err
	}
	sh, err := s.openShard(number, false)
	if err != nil {
		return ignore(err, fs.ErrNotExist)
	}
	defer sh.close()
	infos, err := sh.evict(ctx, files)
	if removed != nil {
		for _, info := range infos {
			removed(info)
		}
	}
	return err
}

func (sh *shard) evict(ctx context.Context, files []file) (infos []store.Info, err error) {
	if err := sh.lock(ctx); err != nil {
		return nil, err
	}
	defer sh.unlock()
	for _, f := range files {
		at, err := sh.root.Lstat(f.name)
		if err != nil || fileOf(f.shard, f.name, at) != f {
			continue
		}
		info, isItem := sh.info(f.name)
		if err := sh.root.Remove(f.name); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			return infos, err
		}
		sh.add(usage{-cost(f.size), -1})
		if isItem {
			infos = append(infos, info)
		}
	}
	return infos, nil
}
