package dir

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// Get implements [store.Store]. It takes no lock.
func (s *Store) Get(ctx context.Context, key string) (store.Item, error) {
	if err := s.enter(ctx, key); err != nil {
		return store.Item{}, err
	}
	return apart(ctx, s, func() (store.Item, error) { return s.get(key) })
}

func (s *Store) get(key string) (store.Item, error) {
	f, err := s.home.open(false)
	if err != nil {
		return store.Item{}, absent(err)
	}
	name := shardName(shardOf(key)) + "/" + nameOf(key)
	b, info, err := readFile(f.items, name, s.maxValue()+headerSize+store.MaxKey, mayBeItem)
	if errors.Is(err, fs.ErrNotExist) && !s.home.check(f) {
		return s.get(key) // Another folder is at the path now.
	}
	if err != nil {
		return store.Item{}, absent(err)
	}
	item, err := parseItem(b, key)
	now := time.Now()
	if err != nil || !item.Expires.IsZero() && now.After(item.Expires) {
		return store.Item{}, store.ErrNotFound
	}
	touch(f.items, name, info, now)
	return item, nil
}

// absent turns the errors that say that there is no item into [store.ErrNotFound].
func absent(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errTorn) {
		return store.ErrNotFound
	}
	return err
}

// worthALook is the size from which a file is looked at before memory is taken for all of it.
const worthALook = 64 << 10

// mayBeItem reports whether a file of this size can be a whole item.
func mayBeItem(f *os.File, size int64) bool {
	if size < worthALook {
		return true
	}
	b := make([]byte, headerSize)
	if _, err := f.ReadAt(b, 0); err != nil {
		return false
	}
	h, err := parseHeader(b)
	return err == nil && h.valueLen == uint64(size)-headerSize-uint64(h.keyLen)
}

// readFile returns the content of a regular file of at most limit bytes that passes the check, and what was known about it before.
// Anything else at the name is torn.
func readFile(root *os.Root, name string, limit int64, check func(f *os.File, size int64) bool) ([]byte, fs.FileInfo, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		if info, statErr := root.Lstat(name); statErr == nil && !info.Mode().IsRegular() {
			err = errTorn // A socket, or a link that leads nowhere or out of the folder.
		}
		return nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit || !check(f, info.Size()) {
		return nil, nil, errTorn
	}
	b := make([]byte, info.Size())
	return b, info, readFull(f, b)
}

// readFull fills b from f. A file that is too short is torn.
func readFull(f *os.File, b []byte) error {
	_, err := io.ReadFull(f, b)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errTorn
	}
	return err
}

// touch notes that a file was read, where that is due: a handful of writes in an item's life, whatever the file system makes of access
// times. cmd/go's cache has the idea.
func touch(root *os.Root, name string, info fs.FileInfo, now time.Time) {
	if touchDue(accessed(info), info.ModTime(), now) {
		_ = root.Chtimes(name, now, info.ModTime())
	}
}

// touchDue reports whether a file was last read more than a sixteenth of its age ago: a second at least, an hour at most.
func touchDue(read, written, now time.Time) bool {
	return now.Sub(read) > min(max(now.Sub(written)/16, time.Second), time.Hour)
}

// GetMany implements [store.Batcher].
func (s *Store) GetMany(ctx context.Context, keys []string) (map[string]store.Item, error) {
	if err := s.err(ctx); err != nil {
		return nil, err
	}
	items := make(map[string]store.Item, len(keys))
	for _, key := range keys {
		if err := s.err(ctx); err != nil {
			return items, err
		}
		if item, err := s.Get(ctx, key); err == nil {
			items[key] = item
		}
	}
	return items, nil
}

// Stamps implements [store.Stamper]. It reads headers, whose checksum is their own.
func (s *Store) Stamps(ctx context.Context, keys []string) (map[string]int64, error) {
	return apart(ctx, s, func() (map[string]int64, error) { return s.stamps(ctx, keys) })
}

func (s *Store) stamps(ctx context.Context, keys []string) (map[string]int64, error) {
	stamps := make(map[string]int64, len(keys))
	if err := s.err(ctx); err != nil {
		return stamps, err
	}
	f, err := s.home.open(false)
	if err != nil {
		return stamps, ignore(err, fs.ErrNotExist)
	}
	s.home.check(f)
	for _, key := range keys {
		if err := s.err(ctx); err != nil {
			return stamps, err
		}
		if store.CheckKey(key) != nil {
			continue
		}
		if h, _, err := readHeader(f.items, shardName(shardOf(key))+"/"+nameOf(key)); err == nil {
			stamps[key] = h.stamp
		}
	}
	return stamps, nil
}

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
	err = s.withShard(ctx, shardOf(key), true, func(sh *shard) (err error) {
		done, err = sh.put(ctx, key, item)
		return err
	})
	if err != nil || !done {
		return false, err
	}
	s.wrote(cost(headerSize + int64(len(key)+len(item.Value))))
	return true, s.log.append(s, key)
}

// put writes the file of item, and gives it its name if no newer one has it.
func (sh *shard) put(ctx context.Context, key string, item store.Item) (bool, error) {
	temp, err := writeTemp(sh.root, appendHead(nil, key, item), item.Value)
	if err != nil {
		return false, err
	}
	size := headerSize + int64(len(key)+len(item.Value))
	done, err := sh.replace(ctx, nameOf(key), temp, size, item.Stamp)
	if !done {
		_ = sh.root.Remove(temp)
	}
	return done, err
}

// replace gives the file temp of size bytes the name, unless an item with a greater stamp has it.
func (sh *shard) replace(ctx context.Context, name, temp string, size, stamp int64) (bool, error) {
	if err := sh.lock(ctx); err != nil {
		return false, err
	}
	defer sh.unlock()
	old, oldStamp, err := sh.peek(name)
	if err != nil || oldStamp > stamp {
		return false, err
	}
	if err := sh.root.Rename(temp, name); err != nil {
		return false, err
	}
	sh.add(usage{cost(size) - old.bytes, 1 - old.items})
	return true, nil
}

// peek returns what the file called name counts, and its stamp: -1 if there is none, or one without a whole header. What is no file
// is removed.
func (sh *shard) peek(name string) (usage, int64, error) {
	h, info, err := readHeader(sh.root, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usage{}, -1, nil
	case info != nil && errors.Is(err, errTorn):
		return usage{cost(info.Size()), 1}, -1, nil
	case err != nil:
		return usage{}, -1, sh.evacuate(name, err)
	}
	return usage{cost(info.Size()), 1}, h.stamp, nil
}

// readHeader returns the header of an item's file, and what is known about the file: also where the header is torn, but not if it is no
// regular file.
func readHeader(root *os.Root, name string) (header, fs.FileInfo, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return header{}, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return header{}, nil, err
	}
	if !info.Mode().IsRegular() {
		return header{}, nil, errTorn
	}
	b := make([]byte, headerSize)
	if err := readFull(f, b); err != nil {
		return header{}, info, err
	}
	h, err := parseHeader(b)
	return h, info, err
}

// evacuate makes place for an item where something is that is no file, or returns the error of reading it.
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

// ignore returns err unless it is the other.
func ignore(err, other error) error {
	if errors.Is(err, other) {
		return nil
	}
	return err
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
	sh.add(usage{-old.bytes, -old.items})
	return true, nil
}
