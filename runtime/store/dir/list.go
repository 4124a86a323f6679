package dir

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// List implements [store.Lister]. It reads the names of all items, and the files of those with the
// prefix. The fault of a shard comes last, after the items of the other shards.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		var faults []error
		for n := range shards {
			infos, err := apart(ctx, s, func() ([]store.Info, error) { return s.listShard(ctx, n, prefix) })
			for _, info := range infos {
				if !yield(info, nil) {
					return
				}
			}
			if err != nil {
				faults = append(faults, err)
			}
			if s.err(ctx) != nil {
				break
			}
		}
		if err := errors.Join(faults...); err != nil {
			yield(store.Info{}, err)
		}
	}
}

func (s *Store) listShard(ctx context.Context, number int, prefix string) ([]store.Info, error) {
	if err := s.err(ctx); err != nil {
		return nil, err
	}
	sh, err := s.openShard(number, false)
	if err != nil {
		return nil, ignore(err, fs.ErrNotExist)
	}
	defer sh.close()
	names, err := sh.names()
	if err != nil {
		return nil, err
	}
	var infos []store.Info
	part := strings.ReplaceAll(prefix, "/", "+")
	for i, name := range names {
		if i%64 == 0 && s.err(ctx) != nil {
			return infos, s.err(ctx)
		}
		if !strings.HasPrefix(name, longMark) && !strings.HasPrefix(strings.TrimPrefix(name, escape), part) {
			continue
		}
		if info, ok := sh.info(name); ok && strings.HasPrefix(info.Key, prefix) {
			infos = append(infos, info)
		}
	}
	return infos, nil
}

// names returns the names of a shard's files, without the store's own files. A folder that changes
// while it is read may give a name twice; names returns it once.
func (sh *shard) names() ([]string, error) {
	d, err := sh.root.Open(".")
	if err != nil {
		return nil, err
	}
	defer d.Close()
	names, err := d.Readdirnames(-1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// info describes the item whose file is called name. It returns false if there is none.
func (sh *shard) info(name string) (store.Info, bool) {
	if strings.HasPrefix(name, internal) {
		return store.Info{}, false
	}
	at, err := sh.root.Lstat(name)
	if err != nil || !at.Mode().IsRegular() {
		return store.Info{}, false
	}
	key, ok := keyOf(name)
	if strings.HasPrefix(name, longMark) {
		key, ok = sh.readKey(name)
	}
	if !ok || shardOf(key) != sh.number {
		return store.Info{}, false
	}
	return store.Info{
		Key: key, Size: valueSize(at.Size(), len(key)), Hits: -1,
		Modified: at.ModTime(), Accessed: later(accessed(at), at.ModTime()),
	}, true
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// readKey returns the key of an item whose name doesn't tell it.
func (sh *shard) readKey(name string) (string, bool) {
	f, err := sh.root.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return "", false
	}
	defer f.Close()
	b := make([]byte, headerSize+store.MaxKey)
	n, _ := io.ReadFull(f, b)
	h, err := parseHeader(b[:n])
	if err != nil || int(h.keyLen) > n-headerSize {
		return "", false
	}
	key := string(b[headerSize : headerSize+int(h.keyLen)])
	return key, store.CheckKey(key) == nil && nameOf(key) == name
}
