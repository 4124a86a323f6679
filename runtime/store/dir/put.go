package dir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/cachegen/cachegen/runtime/store"
)

// Put implements [store.Store].
func (s *Store) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	if err := s.enter(ctx, key); err != nil {
		return false, err
	}
	if n := int64(len(item.Value)); n > s.maxValue() {
		return false, fmt.Errorf("store: dir: %d bytes, at most %d: %w", n, s.maxValue(), store.ErrTooLarge)
	}
	return apart(ctx, s, func() (bool, error) { return s.put(ctx, key, item) })
}

func (s *Store) put(ctx context.Context, key string, item store.Item) (done bool, err error) {
	size := cost(headerSize + int64(len(key)+len(item.Value)))
	if err := s.makeRoom(ctx, shardOf(key), size); err != nil {
		return false, err
	}
	err = s.withShard(ctx, shardOf(key), true, func(sh *shard) (err error) {
		done, err = sh.put(ctx, key, item)
		return err
	})
	if err != nil || !done {
		return false, err
	}
	s.wrote(size)
	return true, s.log.append(s, key)
}

// put writes the file of item, and gives it its name if no newer one has it.
func (sh *shard) put(ctx context.Context, key string, item store.Item) (bool, error) {
	name := nameOf(key)
	temp, err := writeTemp(sh.root, isMark(name), appendHead(nil, key, item), item.Value)
	if err != nil {
		return false, err
	}
	size := headerSize + int64(len(key)+len(item.Value))
	done, err := sh.replace(ctx, name, temp, size, item)
	if !done {
		_ = sh.root.Remove(temp)
	}
	if done && isMark(name) {
		syncFolder(sh.root)
	}
	return done, err
}

// replace gives the file temp of size bytes, which has an item, the name, unless something has it
// that the item may not replace.
func (sh *shard) replace(ctx context.Context, name, temp string, size int64, item store.Item) (bool, error) {
	if err := sh.lock(ctx); err != nil {
		return false, err
	}
	defer sh.unlock()
	old, oldStamp, err := sh.peek(name)
	if err != nil || oldStamp >= 0 && !item.MayReplace(oldStamp) {
		return false, err
	}
	if err := sh.root.Rename(temp, name); err != nil {
		return false, err
	}
	sh.add(usageOf(name, size).minus(old))
	return true, nil
}

// peek returns the room of the file called name, and its stamp. The stamp is -1 if there is no
// file, or no whole header. peek removes anything that is no file.
func (sh *shard) peek(name string) (usage, int64, error) {
	h, info, err := readHeader(sh.root, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usage{}, -1, nil
	case info != nil && errors.Is(err, store.ErrCorrupt):
		return usageOf(name, info.Size()), -1, nil
	case err != nil:
		return usage{}, -1, sh.evacuate(name, err)
	}
	return usageOf(name, info.Size()), h.stamp, nil
}

// evacuate removes anything that is no file from the place of an item, or returns the error of
// reading it.
func (sh *shard) evacuate(name string, cause error) error {
	info, err := sh.root.Lstat(name)
	switch {
	case err != nil:
		return err
	case info.Mode().IsRegular():
		return cause
	default:
		return sh.root.RemoveAll(name)
	}
}

// Delete implements [store.Store].
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := s.enter(ctx, key); err != nil {
		return err
	}
	_, err := apart(ctx, s, func() (struct{}, error) { return struct{}{}, s.delete(ctx, key) })
	return err
}

func (s *Store) delete(ctx context.Context, key string) error {
	var done bool
	err := s.withShard(ctx, shardOf(key), false, func(sh *shard) (err error) {
		done, err = sh.remove(ctx, nameOf(key))
		return err
	})
	if err != nil || !done {
		return ignore(err, fs.ErrNotExist)
	}
	return s.log.append(s, key)
}

// remove removes the file called name, and reports whether there was one.
func (sh *shard) remove(ctx context.Context, name string) (bool, error) {
	if _, err := sh.root.Lstat(name); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err := sh.lock(ctx); err != nil {
		return false, err
	}
	defer sh.unlock()
	old, _, err := sh.peek(name)
	if err != nil {
		return false, err
	}
	err = sh.root.Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	sh.add(usage{}.minus(old))
	return true, nil
}
