package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"path"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/calls"
	"github.com/cachegen/cachegen/runtime/store/internal/leases"
)

// Store is a store in a bucket. Besides [store.Store] it is a [store.Lister], [store.Leaser],
// [store.Stamper] and [store.Blobber].
type Store struct {
	settings
	service service
	bucket  *blob.Bucket
	calls   *calls.Calls
	leases  *leases.Leaser

	closing sync.Once
}

// Names of objects, after the folder. The name of an item's object ends in a sign that no key has,
// because servers that keep objects as files can't have both a and a/b.
const (
	own        = ".cachegen/"
	itemSpace  = own + "items/"
	leaseSpace = own + "leases/"
	leaf       = "~"
	anyBytes   = "application/octet-stream"
)

// lookFirst is the size of an item above which a put first looks for a newer item.
const lookFirst = 4 << 20

// rounds bounds how often a write that met another write is tried again.
const rounds = 20

func (s *Store) itemName(key string) string { return s.folder + itemSpace + key + leaf }

// Get returns the item under key.
func (s *Store) Get(ctx context.Context, key string) (store.Item, error) {
	if err := store.CheckKey(key); err != nil {
		return store.Item{}, err
	}
	return calls.Do(ctx, s.calls, func(ctx context.Context) (store.Item, error) {
		content, _, err := s.read(ctx, s.itemName(key), -1)
		if err != nil {
			return store.Item{}, err
		}
		item, ok := decode(content)
		if !ok || s.keep.Over(key, item.Stamp) {
			return store.Item{}, store.ErrNotFound
		}
		return item, nil
	})
}

// Put writes item unless the key has one that it may not replace: as a new object first, which is
// what most are, then over the version that it found and may replace.
func (s *Store) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	if err := store.CheckKey(key); err != nil {
		return false, err
	}
	if int64(len(item.Value)) > s.maxValue {
		return false, s.tooLarge(item.Value)
	}
	return calls.Do(ctx, s.calls, func(ctx context.Context) (bool, error) {
		name, frame := s.itemName(key), encode(item)
		c := condition{absent: true}
		for round := range rounds {
			if round > 0 || len(frame) > lookFirst {
				version, older, err := s.older(ctx, key, item)
				if !older || err != nil {
					return false, err
				}
				c = condition{absent: version == "", version: version}
			}
			ok, err := s.write(ctx, name, frame, anyBytes, c)
			if ok || err != nil {
				return ok, err
			}
			if err := pause(ctx, round); err != nil {
				return false, err
			}
		}
		return false, fmt.Errorf("%q is written by too many at once", key)
	})
}

// older reports whether what is there is nothing or what item may replace, and its version. Damaged
// items are older than all, and so are those that are not found any more.
func (s *Store) older(ctx context.Context, key string, item store.Item) (version string, older bool, err error) {
	content, version, err := s.read(ctx, s.itemName(key), headerSize)
	if errors.Is(err, store.ErrNotFound) {
		return "", true, nil
	}
	if err != nil {
		return "", false, err
	}
	there, ok := decodeHeader(content)
	return version, !ok || s.keep.Over(key, there.Stamp) || item.MayReplace(there.Stamp), nil
}

// pause waits a little after a round that met another writer, after the first not at all.
func pause(ctx context.Context, round int) error {
	if round == 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(jitter(min(5*time.Millisecond<<round, 500*time.Millisecond))):
		return nil
	}
}

func (s *Store) tooLarge(value []byte) error {
	return fmt.Errorf("blob: value of %d bytes, max-value is %d: %w", len(value), s.maxValue, store.ErrTooLarge)
}

// Delete removes the item under key.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := store.CheckKey(key); err != nil {
		return err
	}
	return calls.Run(ctx, s.calls, func(ctx context.Context) error { return s.remove(ctx, s.itemName(key), "") })
}

// List yields the items whose keys begin with prefix, without their stamps, which are in the
// objects.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		if err := s.calls.Check(ctx); err != nil {
			yield(store.Info{}, err)
			return
		}
		space := s.folder + itemSpace
		objects := s.bucket.List(&blob.ListOptions{Prefix: space + prefix})
		for {
			object, err := calls.Do(ctx, s.calls, objects.Next)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(store.Info{}, err)
				return
			}
			key, ok := strings.CutSuffix(strings.TrimPrefix(object.Key, space), leaf)
			if object.IsDir || !ok || !strings.HasPrefix(key, prefix) || store.CheckKey(key) != nil {
				continue
			}
			info := store.Info{Key: key, Size: max(object.Size-int64(headerSize), 0), Modified: object.ModTime, Hits: -1}
			if !yield(info, nil) {
				return
			}
		}
	}
}

// ReadBlob returns the value at path.
func (s *Store) ReadBlob(ctx context.Context, path string) ([]byte, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	return calls.Do(ctx, s.calls, func(ctx context.Context) ([]byte, error) {
		value, _, err := s.read(ctx, s.folder+path, -1)
		return value, err
	})
}

// WriteBlob makes value the value at path. The path's ending decides the content type.
func (s *Store) WriteBlob(ctx context.Context, p string, value []byte, replace bool) (bool, error) {
	if err := checkPath(p); err != nil {
		return false, err
	}
	if int64(len(value)) > s.maxValue {
		return false, s.tooLarge(value)
	}
	contentType := mime.TypeByExtension(path.Ext(p))
	if contentType == "" {
		contentType = anyBytes
	}
	return calls.Do(ctx, s.calls, func(ctx context.Context) (bool, error) {
		return s.write(ctx, s.folder+p, value, contentType, condition{absent: !replace})
	})
}

// DeleteBlob removes the value at path.
func (s *Store) DeleteBlob(ctx context.Context, path string) error {
	if err := checkPath(path); err != nil {
		return err
	}
	return calls.Run(ctx, s.calls, func(ctx context.Context) error { return s.remove(ctx, s.folder+path, "") })
}

func checkPath(path string) error {
	if err := store.CheckPath(path); err != nil {
		return err
	}
	if strings.HasPrefix(path+"/", own) {
		return fmt.Errorf("blob: path %q is where this package keeps its own", path)
	}
	return nil
}

// Close releases the leases of this store and ends operations under way.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() {
		s.leases.Close()
		s.calls.Close()
		err = s.bucket.Close()
	})
	return err
}
