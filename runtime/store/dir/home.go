package dir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

const readme = `This folder has results that programs computed and keep for later (github.com/cachegen/cachegen).
It can be removed at any time, also while programs use it: what is missing is computed again.
Below targets are results that somebody asked to have at their paths; they are not bounded and not removed.
`

// cacheTag marks a folder that backups leave out: https://bford.info/cachedir/
const cacheTag = `Signature: 8a477f597d28d172789f06886806bc55
# This folder has cached results (github.com/cachegen/cachegen).
`

// recheck is the time after which a user checks again that its folder is still at its path.
const recheck = time.Second

// home is the folder at a path. It can be removed, replaced and made again while the store is open.
type home struct {
	path    string
	current atomic.Pointer[folders]
	// checked is when current was last known to be at path, in Unix nanoseconds.
	checked atomic.Int64
	// mu is held while current is replaced; closed is set when no other may follow.
	mu     sync.Mutex
	closed bool
}

// folders are open folders. The garbage collector closes folders that were lost, because calls may
// be using them.
type folders struct {
	base, items *os.Root
	cached      *cachedFiles                      // below items; nil where the system can't do that
	shards      [shards]atomic.Pointer[openShard] // those that were read from
}

// probe opens the folder for the first time. One that can't be written will do. Without create,
// nothing is made: an empty folder has no items, and a missing one is [store.ErrNoStore].
func (h *home) probe(create bool) error {
	_, err := h.open(create)
	if err == nil {
		return nil
	}
	base, openErr := openPath(h.path)
	if !create && errors.Is(openErr, fs.ErrNotExist) {
		return fmt.Errorf("%w at %s", store.ErrNoStore, h.path)
	}
	if openErr != nil {
		return err
	}
	return base.Close()
}

// open returns the folders. If they are missing it makes them, or returns an error that is
// [fs.ErrNotExist].
func (h *home) open(create bool) (*folders, error) {
	if f := h.current.Load(); f != nil {
		return f, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if f := h.current.Load(); f != nil {
		return f, nil
	}
	if h.closed {
		return nil, store.ErrClosed
	}
	f, err := openFolders(h.path, create)
	if err == nil {
		h.current.Store(f)
		h.checked.Store(time.Now().UnixNano())
	}
	return f, err
}

func openFolders(path string, create bool) (*folders, error) {
	if create {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return nil, err
		}
	}
	base, err := openPath(path)
	if err != nil {
		return nil, err
	}
	items, err := base.OpenRoot("items/.")
	if errors.Is(err, fs.ErrNotExist) && create {
		items, err = makeItems(base)
	}
	if err != nil {
		base.Close()
		return nil, err
	}
	return &folders{base: base, items: items, cached: newCachedFiles(items)}, nil
}

func makeItems(base *os.Root) (*os.Root, error) {
	if err := base.Mkdir("items", 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	items, err := base.OpenRoot("items/.")
	if err != nil {
		return nil, err
	}
	// These two files are for people and backups. The store works without them.
	writeNew(base, "README", readme)
	writeNew(items, "CACHEDIR.TAG", cacheTag)
	return items, nil
}

// writeNew writes a file unless something is in its place.
func writeNew(root *os.Root, name, text string) {
	if f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
		_, _ = f.WriteString(text)
		f.Close()
	}
}

// openPath opens the folder at a path. The dot is there for a pipe at the path: without it, opening
// would wait for a writer.
func openPath(path string) (*os.Root, error) {
	return os.OpenRoot(path + string(os.PathSeparator) + ".")
}

// lost marks f as gone. The next call opens the folder that is at the path then.
func (h *home) lost(f *folders) { h.current.CompareAndSwap(f, nil) }

func (h *home) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	if f := h.current.Swap(nil); f != nil {
		f.close()
	}
}

// check calls verify once in a while, and otherwise returns true.
func (h *home) check(f *folders) bool {
	now, last := time.Now().UnixNano(), h.checked.Load()
	if now-last < int64(recheck) || !h.checked.CompareAndSwap(last, now) {
		return true
	}
	return h.verify(f)
}

// sure returns the folders if they need no check, else nil.
func (h *home) sure(now time.Time) *folders {
	if now.UnixNano()-h.checked.Load() >= int64(recheck) {
		return nil
	}
	return h.current.Load()
}

// verify reports whether f is still at the path. If it is not, the next call opens the folder that
// is.
func (h *home) verify(f *folders) bool {
	if f == nil || f.at(h.path) {
		return true
	}
	h.lost(f)
	return false
}

// at reports whether the items' folder is the one below path.
func (f *folders) at(path string) bool {
	at, err := os.Stat(path + string(os.PathSeparator) + "items")
	if err != nil {
		return false
	}
	open, err := f.items.Stat(".")
	return err == nil && os.SameFile(at, open)
}
