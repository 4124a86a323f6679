package dir

import (
	"cmp"
	"context"
	"io/fs"
	"math"
	"slices"
)

// file describes an item's file to a sweep.
type file struct {
	shard int
	name  string
	size  int64
	// used is when the file was last read or written, and modified when it was written, in Unix
	// nanoseconds.
	used, modified int64
}

// always is the value of used for marks, which a group's takes the place of, and nothing else.
const always = math.MaxInt64

func fileOf(shard int, name string, info fs.FileInfo) file {
	modified := info.ModTime().UnixNano()
	used := max(accessed(info).UnixNano(), modified)
	if isMark(name) {
		used = always
	}
	return file{shard, name, info.Size(), used, modified}
}

// isSame reports whether the file is unchanged since the scan.
func (f file) isSame(sh *shard) bool {
	info, err := sh.root.Lstat(f.name)
	if err != nil {
		return false
	}
	return fileOf(f.shard, f.name, info) == f
}

func total(files []file) (sum int64) {
	for _, f := range files {
		sum += cost(f.size)
	}
	return sum
}

// oldest returns the least recently used files that have at least so many bytes together, or all
// files.
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

// scan returns the files of shards. It also removes stray files, and corrects the shards' states.
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
		counted = counted.plus(usageOf(name, info.Size()))
	}
	sh.removeStray(ctx, names)
	return files, sh.correct(ctx, counted.minus(before))
}

// correct adds the difference between a count and the state at the beginning of the count. Writers
// meanwhile have changed the state too, so it may be wrong by their items until the next count.
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
