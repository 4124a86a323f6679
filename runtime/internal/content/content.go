// Package content digests files, and keeps the digests while the files are certain to be
// unchanged.
package content

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// Size is the length of a digest.
const Size = sha256.Size

// Digest returns the SHA-256 of the content of the regular file at path, following links.
//
// A digest is kept under the path, together with what the system says about the file: device,
// inode, size, time of modification and time of change. It is used while all of that is the same.
// The time of change is what makes it safe: unlike the time of modification, no program can set it.
// A file that changed less than [settled] before it was read is not kept, because a later
// write might leave the times as they are; git calls such files racily clean. Where the system
// tells no time of change, every call reads the file.
func Digest(path string) ([Size]byte, error) { return memo.digest(path, time.Now()) }

const (
	// settled is longer than the steps in which any file system in use counts time (FAT: two
	// seconds).
	settled = 3 * time.Second
	// maxKept bounds the memo; a digest takes about 200 bytes.
	maxKept = 4096
)

var memo digests

type digests struct {
	mu    sync.Mutex
	known map[string]known
}

type known struct {
	state  state
	digest [Size]byte
}

// digest returns the digest of a file that is read no earlier than now.
func (d *digests) digest(path string, now time.Time) ([Size]byte, error) {
	if info, err := os.Stat(path); err == nil {
		if s, ok := stateOf(info); ok {
			if digest, ok := d.get(path, s); ok {
				return digest, nil
			}
		}
	}
	return d.read(path, now)
}

func (d *digests) read(path string, now time.Time) ([Size]byte, error) {
	// Asked before a file is opened: opening a named pipe would wait for a writer.
	info, err := os.Stat(path)
	if err != nil {
		return [Size]byte{}, err
	}
	if !info.Mode().IsRegular() {
		return [Size]byte{}, fmt.Errorf("content: %s is not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return [Size]byte{}, err
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return [Size]byte{}, err
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return [Size]byte{}, err
	}
	digest := [Size]byte(h.Sum(nil))
	after, err := f.Stat()
	if err != nil {
		return [Size]byte{}, err
	}
	s, ok := stateOf(before)
	if t, _ := stateOf(after); ok && t == s && s.settledBy(now) {
		d.put(path, known{s, digest})
	}
	return digest, nil
}

func (d *digests) get(path string, s state) ([Size]byte, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	k, ok := d.known[path]
	return k.digest, ok && k.state == s
}

func (d *digests) put(path string, k known) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil {
		d.known = map[string]known{}
	}
	if _, ok := d.known[path]; !ok && len(d.known) >= maxKept {
		for victim := range d.known {
			delete(d.known, victim)
			break
		}
	}
	d.known[path] = k
}

// state is what the system says about a file without reading it. Times are in Unix nanoseconds.
type state struct {
	device, inode     uint64
	size              int64
	modified, changed int64
}

// settledBy reports whether a write after now would show in the times. A file from the future never
// is.
func (s state) settledBy(now time.Time) bool {
	limit := now.Add(-settled).UnixNano()
	return s.modified < limit && s.changed < limit
}
