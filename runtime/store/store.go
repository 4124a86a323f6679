package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

// ErrNotFound says that a store has no item under a key.
var ErrNotFound = errors.New("store: not found")

// ErrCorrupt is an [ErrNotFound] that says why: what is under the key is torn or was spoiled. A
// store that can tell returns it, so that a damaged medium is seen.
var ErrCorrupt = fmt.Errorf("%w: what is there is torn or was spoiled", ErrNotFound)

// ErrHeld says that somebody else holds a lease.
var ErrHeld = errors.New("store: lease is held")

// ErrClosed says that a store was closed before the call.
var ErrClosed = errors.New("store: closed")

// ErrTooLarge says that a store does not take values of this size. It is no fault of the store.
var ErrTooLarge = errors.New("store: value is too large")

// Item is what a store keeps under a key: a last-writer-wins register. It orders writes by what
// they know, not by when they arrive (Dynamo, SOSP '07; Redis' and DynamoDB's conditional writes
// can all express it).
type Item struct {
	// Value is opaque to the store. Neither side changes it once it was handed over, by Put or by
	// Get.
	Value []byte
	// Stamp orders the writes of one key: when what is written began to be true, in Unix
	// nanoseconds, never negative. An execution's stamp is the moment it began, a removal's the
	// moment it was asked for. All 63 bits count: stamps one nanosecond apart are different.
	Stamp int64
	// Expires is when the store may drop the item by itself; zero: when it needs the room. It is a
	// courtesy to the store, never a promise to the reader: an item may be found after it expired,
	// and Get may leave Expires zero.
	Expires time.Time
}

// Store keeps items under keys, for one process or for many. All methods are safe for concurrent
// use, follow their context within a moment, and report what went wrong: that a fault never fails a
// cached call is the runtime's part.
//
// A key is one or more segments joined by slashes; see [CheckKey]. A call with another key is an
// error that is not [ErrNotFound], and leaves the medium alone. One key may be the beginning of
// another: "a" and "a/b" are two items.
//
// What Put and Delete did is seen by all users of the store as soon as they return.
type Store interface {
	// Get returns the item under key, or an error that is [ErrNotFound]. An item comes back whole
	// or not at all: a value that is torn or was tampered with by accident is not found.
	Get(ctx context.Context, key string) (Item, error)

	// Put writes item unless the key has an item with a greater stamp, and reports whether it did.
	// Items with equal stamps replace each other. The check and the write are one step as seen by
	// all users of the store.
	Put(ctx context.Context, key string, item Item) (bool, error)

	// Delete removes the item under key, whatever its stamp. A key without an item is no error. It
	// is for tidying up: to make a result unusable the runtime puts a newer item instead.
	Delete(ctx context.Context, key string) error

	// Close releases what the store holds. Calls after it fail with an error that is [ErrClosed];
	// closing again does nothing.
	Close() error
}

// Info describes an item without its value.
type Info struct {
	Key      string
	Size     int64     // bytes of the value, as stored
	Stamp    int64     // as in [Item]; 0 where the store would have to read the item to know
	Modified time.Time // when it was written
	Accessed time.Time // when it was last read; zero if unknown
	Hits     int64     // how often it was read; -1 if unknown
}

// Lister is a store that can enumerate its items. Every store of this module is one.
type Lister interface {
	// List yields the items whose keys begin with prefix, in no particular order, without reading
	// their values. An item that is written or deleted meanwhile may or may not appear; none
	// appears twice. A prefix need not end at a slash. The sequence ends after its first error.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]
}

// Leaser is a store that lets one of its users do something while the others wait.
type Leaser interface {
	// Acquire takes the lease called key for ttl, or returns [ErrHeld]. A lease whose holder
	// crashed is free when its ttl has run out, or sooner where the system tells (file locks).
	// Lease keys and item keys do not meet.
	Acquire(ctx context.Context, key string, ttl time.Duration) (Lease, error)

	// Await returns when the lease called key may be free: it was released, it ran out, or the
	// store could not tell for longer than it wanted to. Its error is the context's.
	Await(ctx context.Context, key string) error
}

// Lease is the right to do something alone. It is lost when its time runs out before it was
// extended.
type Lease interface {
	// Extend makes the lease run ttl from now. An error that is [ErrHeld] says that it was lost.
	Extend(ctx context.Context, ttl time.Duration) error
	// Release frees the lease if it is still this holder's; one that was lost is no error.
	Release(ctx context.Context) error
}

// Watcher is a store that tells when others change it.
type Watcher interface {
	// Watch calls changed with the keys that other users of the store put or deleted, within a
	// second, until ctx ends, and returns ctx's error then. An empty key says that anything may
	// have changed: at start, after a lost connection, after an overflow. Calls to changed do not
	// overlap.
	//
	// Left out may be keys that this user of the store neither got nor put since Watch began (Redis
	// tracks only those), and changes of its own. Reported may be more than changed: what the store
	// dropped to make room, this user's own puts.
	Watch(ctx context.Context, changed func(key string)) error
}

// Batcher is a store that reads several items in one round trip.
type Batcher interface {
	// GetMany returns the items that exist among keys, by key. With an error, those that are
	// returned are right, but may not be all: without one, a key that is left out has no item.
	GetMany(ctx context.Context, keys []string) (map[string]Item, error)
}

// Blobber is a store that keeps plain values at readable paths, for results with a target. Paths
// are slash-separated, relative, and checked by [CheckPath]; they live in a space of their own,
// apart from keys. Values are stored bare, so that other programs can read and write them.
type Blobber interface {
	// ReadBlob returns the value at path, or an error that is [ErrNotFound].
	ReadBlob(ctx context.Context, path string) ([]byte, error)
	// WriteBlob makes value the value at path, whole or not at all. With replace false a value that
	// exists already stays, and false is returned.
	WriteBlob(ctx context.Context, path string, value []byte, replace bool) (bool, error)
	// DeleteBlob removes the value at path; none is no error.
	DeleteBlob(ctx context.Context, path string) error
}

// Pruner is a store that can bound itself now instead of in its own time.
type Pruner interface {
	// Prune removes least recently used items until those that are left have at most maxBytes,
	// telling removed of each (unless it is nil). Those below [MarkPrefix] go last. Bytes are what
	// the store counts: values and what it needs to keep them. How well it knows what was used is
	// the store's affair. Values at paths are not items: they stay.
	Prune(ctx context.Context, maxBytes int64, removed func(Info)) error
}
