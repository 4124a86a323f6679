package dir

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
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
	f, err := s.reading()
	if err != nil {
		return store.Item{}, absent(err)
	}
	item, err := f.read(key, s.maxValue()+headerSize+store.MaxKey)
	return item, absent(noShard(err))
}

// read returns the item under key from a file of at most limit bytes.
func (f *folders) read(key string, limit int64) (store.Item, error) {
	n, name := shardOf(key), nameOf(key)
	sh := f.shard(n)
	if sh == nil {
		return readItem(f.items, shardName(n)+"/"+name, key, limit)
	}
	item, err := readItem(sh.root, name, key, limit)
	if err != nil && !f.verify(n, sh) {
		return readItem(f.items, shardName(n)+"/"+name, key, limit)
	}
	return item, err
}

// noShard takes the error of opening a file in what is no folder for one that there is none.
func noShard(err error) error {
	if errors.Is(err, syscall.ENOTDIR) {
		return store.ErrCorrupt
	}
	return err
}

// reading returns the folders to read from, which are at the path now, or were a second ago.
func (s *Store) reading() (*folders, error) {
	f, err := s.home.open(false)
	if err == nil && !s.home.check(f) {
		return s.home.open(false)
	}
	return f, err
}

// readItem returns the item under key from the file called name, of at most limit bytes, and sets
// the file's access time if it is due.
func readItem(root *os.Root, name, key string, limit int64) (store.Item, error) {
	f, info, err := openFile(root, name, limit)
	if err != nil {
		return store.Item{}, err
	}
	defer f.Close()
	if !mayBeItem(f, info.Size()) {
		return store.Item{}, store.ErrCorrupt
	}
	b := make([]byte, info.Size())
	if err := readFull(f, b); err != nil {
		return store.Item{}, err
	}
	item, err := parseItem(b, key)
	if err != nil {
		return store.Item{}, err
	}
	now := time.Now()
	if !item.Expires.IsZero() && now.After(item.Expires) {
		return store.Item{}, store.ErrNotFound
	}
	if touchDue(info.ModTime(), accessed(info), now) {
		touch(root, name, f, now)
	}
	return item, nil
}

// absent turns errors that mean a missing item into [store.ErrNotFound].
func absent(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return store.ErrNotFound
	case errors.Is(err, store.ErrCorrupt):
		return store.ErrCorrupt
	}
	return err
}

// worthALook is the size from which the header is checked before memory is allocated for the whole
// file.
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

// openFile opens a regular file of at most limit bytes for reading. Anything else at the name is
// torn.
func openFile(root *os.Root, name string, limit int64) (*os.File, fs.FileInfo, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		if info, statErr := root.Lstat(name); statErr == nil && !info.Mode().IsRegular() {
			err = store.ErrCorrupt // A socket, or a link that leads nowhere or out of the folder.
		}
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && (!info.Mode().IsRegular() || info.Size() > limit) {
		err = store.ErrCorrupt
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// readFull fills b from f. A file that is too short is torn.
func readFull(f *os.File, b []byte) error {
	_, err := io.ReadFull(f, b)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return store.ErrCorrupt
	}
	return err
}

// readHeader returns the header of an item's file, and what is known about the file: also where the
// header is torn, but not if it is no regular file.
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
		return header{}, nil, store.ErrCorrupt
	}
	b := make([]byte, headerSize)
	if err := readFull(f, b); err != nil {
		return header{}, info, err
	}
	h, err := parseHeader(b)
	return h, info, err
}

// touchDue reports whether a file was last read more than a sixteenth of its age ago (at least a
// second, at most an hour). That is so a handful of times in an item's life. cmd/go's cache works
// in a similar way.
func touchDue(written, accessed, now time.Time) bool {
	return now.Sub(accessed) > min(max(now.Sub(written)/16, time.Second), time.Hour)
}

// touch sets the access time of a file that was just read, unless the system has set it. That
// depends on the file system and on its mount options.
func touch(root *os.Root, name string, f *os.File, now time.Time) {
	if info, err := f.Stat(); err == nil && touchDue(info.ModTime(), accessed(info), now) {
		_ = root.Chtimes(name, now, info.ModTime())
	}
}

// GetMany implements [store.Batcher].
func (s *Store) GetMany(ctx context.Context, keys []string) (map[string]store.Item, error) {
	items := make(map[string]store.Item, len(keys))
	for _, key := range keys {
		item, err := s.Get(ctx, key)
		switch {
		case err == nil:
			items[key] = item
		case !errors.Is(err, store.ErrNotFound):
			return items, err
		}
	}
	return items, s.err(ctx)
}

// Stamps implements [store.Stamper]. It reads headers, whose checksum is their own.
func (s *Store) Stamps(ctx context.Context, keys []string) (map[string]int64, error) {
	return apart(ctx, s, func() (map[string]int64, error) {
		stamps := make(map[string]int64, len(keys))
		for _, key := range keys {
			stamp, err := s.stamp(ctx, key)
			switch {
			case err == nil:
				stamps[key] = stamp
			case !errors.Is(err, store.ErrNotFound):
				return stamps, err
			}
		}
		return stamps, s.err(ctx)
	})
}

func (s *Store) stamp(ctx context.Context, key string) (int64, error) {
	if err := s.enter(ctx, key); err != nil {
		return 0, err
	}
	f, err := s.reading()
	if err != nil {
		return 0, absent(err)
	}
	h, _, err := readHeader(f.items, shardName(shardOf(key))+"/"+nameOf(key))
	return h.stamp, absent(noShard(err))
}
