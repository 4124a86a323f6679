package dir

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"

	"github.com/cachegen/cachegen/runtime/store"
)

// removeAtOnce bounds the items that are removed under one lock, because others wait for the lock.
const removeAtOnce = 32

// evict removes files that were not used since the scan, and calls removed for each.
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
		if !f.isSame(sh) {
			continue
		}
		info, isItem := sh.info(f.name)
		if err := sh.root.Remove(f.name); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			return infos, err
		}
		sh.add(usage{}.minus(usageOf(f.name, f.size)))
		if isItem {
			infos = append(infos, info)
		}
	}
	return infos, nil
}
