// Package filecache keeps what the generator worked out about packages, in the user's cache folder,
// for all processes of the user.
//
// As in the go command's build cache, a key is the hash of everything that what is kept depends on,
// so nothing ever goes stale; an entry that is damaged is a miss; writing is temp file and rename;
// and what was not used for days goes.
package filecache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/cachegen/cachegen/internal/regular"
)

// Key identifies an entry.
type Key [sha256.Size]byte

// Cache is a directory of entries. It is safe for concurrent use by many processes. A nil Cache has
// nothing and keeps nothing.
type Cache struct{ dir string }

// Open returns the cache in dir, or nil if it can't be used.
func Open(dir string) *Cache {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil
	}
	c := &Cache{dir}
	c.trim()
	return c
}

// Default returns the cache in the user's cache folder, or nil if there is none.
func Default() *Cache {
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil
	}
	return Open(filepath.Join(dir, "cachegen", "generator"))
}

func (c *Cache) path(k Key) string {
	name := hex.EncodeToString(k[:])
	return filepath.Join(c.dir, name[:2], name[2:])
}

// Get returns the entry of a key. A damaged entry is a miss.
func (c *Cache) Get(k Key) ([]byte, bool) {
	if c == nil {
		return nil, false
	}
	data, err := regular.ReadFile(c.path(k))
	if err != nil || len(data) < sha256.Size {
		return nil, false
	}
	sum := sha256.Sum256(data[sha256.Size:])
	if !bytes.Equal(sum[:], data[:sha256.Size]) {
		return nil, false
	}
	c.touch(c.path(k))
	return data[sha256.Size:], true
}

// Size returns the size of the entry of a key, if there is one that may be right. Asking for it is
// a use.
func (c *Cache) Size(k Key) (int64, bool) {
	if c == nil {
		return 0, false
	}
	info, err := os.Stat(c.path(k))
	if err != nil || info.Size() < sha256.Size {
		return 0, false
	}
	c.touch(c.path(k))
	return info.Size() - sha256.Size, true
}

// Put keeps data under a key. A failure costs only time, so Put returns no error.
func (c *Cache) Put(k Key, data []byte) {
	if c == nil {
		return
	}
	path := c.path(k)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "tmp-*")
	if err != nil {
		return
	}
	sum := sha256.Sum256(data)
	_, err = tmp.Write(append(sum[:], data...))
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
}

const (
	// usedWithin is how exactly the time of the last use is kept: writing it at each use would cost
	// more than reading.
	usedWithin = time.Hour
	// trimEvery and unusedFor say how often entries are removed, and which.
	trimEvery = 24 * time.Hour
	unusedFor = 5 * 24 * time.Hour
)

func (c *Cache) touch(path string) {
	info, err := os.Stat(path)
	if err != nil || time.Since(info.ModTime()) < usedWithin {
		return
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // a lost use is a lost use
}

// trim removes entries that were not used for days, once a day.
func (c *Cache) trim() {
	marker := filepath.Join(c.dir, "trimmed")
	if info, err := os.Stat(marker); err == nil && time.Since(info.ModTime()) < trimEvery {
		return
	}
	if regular.Check(marker) != nil || os.WriteFile(marker, nil, 0o600) != nil {
		return
	}
	_ = filepath.WalkDir(c.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == marker {
			return nil // others remove entries too
		}
		if info, err := d.Info(); err == nil && time.Since(info.ModTime()) > unusedFor {
			os.Remove(path)
		}
		return nil
	})
}
