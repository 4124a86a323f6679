package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"
)

// ErrNotFound means that the store has no item under the key.
var ErrNotFound = errors.New("store: not found")

// ErrCorrupt is an [ErrNotFound] with a reason: the item under the key is torn or damaged. A store
// that can tell returns it, so that people notice a damaged medium.
var ErrCorrupt = fmt.Errorf("%w: what is there is torn or was spoiled", ErrNotFound)

// ErrHeld means that somebody else holds the lease.
var ErrHeld = errors.New("store: lease is held")

// ErrClosed means that the store was closed before the call.
var ErrClosed = errors.New("store: closed")

// ErrTooLarge means that the store does not take values of this size. It does not count as a fault
// of the store.
var ErrTooLarge = errors.New("store: value is too large")

// Item is a value with a stamp, which a store keeps under a key. The writer with the greatest stamp
// wins, in whatever order writes arrive (a last-writer-wins register, as in Dynamo, SOSP '07).
// Conditional writes of Redis and DynamoDB can express this.
type Item struct {
	// Value is opaque to the store. After Put or Get neither side changes its bytes.
	Value []byte
	// Stamp orders the writes of one key. It is the moment from which the item is true, in Unix
	// nanoseconds, never negative: for a result the moment when its execution began, for a removal
	// the moment when it was asked for. All 63 bits count: stamps one nanosecond apart are
	// different.
	Stamp int64
	// Replaces, if not 0, is the stamp of what Put may replace, and of nothing else: what the writer
	// found there. Then clocks decide nothing: an item with a lesser stamp can be there because
	// something that was damaged had to go. [Anything] is whatever is there. Get leaves it 0.
	Replaces int64
	// Expires is the moment from which the store may drop the item by itself. Zero means that the
	// store drops it only to make room. Readers can't rely on it: an item may be found after it
	// expired, and Get may leave Expires zero.
	Expires time.Time
}

// Anything as an item's Replaces lets it replace whatever is there.
const Anything = math.MaxInt64

// MayReplace reports whether Put writes i where an item with a stamp is.
func (i Item) MayReplace(stamp int64) bool {
	least, greatest := i.Replaceable()
	return least <= stamp && stamp <= greatest
}

// Replaceable returns the least and the greatest stamp of what Put may replace, for stores whose
// servers compare them.
func (i Item) Replaceable() (least, greatest int64) {
	switch i.Replaces {
	case 0:
		return 0, i.Stamp
	case Anything:
		return 0, Anything
	}
	return i.Replaces, i.Replaces
}

// Store keeps items under keys, for one process or for many. All methods are safe for concurrent
// use, and end within a moment when their context ends. They return an error when something goes
// wrong; the runtime takes care that it never fails a cached call.
//
// A key is one or more segments joined by slashes; see [CheckKey]. For any other key a method
// returns an error that is not [ErrNotFound], and does not touch the medium. One key may be the
// beginning of another: "a" and "a/b" are two items.
//
// As soon as Put or Delete returns, all users of the store see the effect.
type Store interface {
	// Get returns the item under key, or an error that is [ErrNotFound]. An item comes back whole
	// or not at all: a torn or damaged value is not found.
	Get(ctx context.Context, key string) (Item, error)

	// Put writes item unless the key has an item that it may not replace, and reports whether it
	// did: see [Item.MayReplace]. An item replaces another one with an equal stamp. For all users of
	// the store, the check and the write are one step.
	Put(ctx context.Context, key string, item Item) (bool, error)

	// Delete removes the item under key, whatever its stamp. A key without an item is no error.
	// Delete is for cleaning up. To make a result unusable, the runtime puts a newer item instead.
	Delete(ctx context.Context, key string) error

	// Close releases the store's resources. Later calls return [ErrClosed]. Closing again does
	// nothing.
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
	// their values. An item that is written or deleted meanwhile may or may not appear. No item
	// appears twice. A prefix need not end at a slash. The sequence ends after its first error.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]
}

// Leaser is a store with leases: one user does something while the others wait.
type Leaser interface {
	// Acquire takes the lease called key for ttl, or returns [ErrHeld]. If the holder crashes, the
	// lease is free when ttl has run out, or sooner if the system frees it (file locks). A lease
	// and an item may have the same key.
	Acquire(ctx context.Context, key string, ttl time.Duration) (Lease, error)

	// Await returns nil when the lease called key may be free: it was released, it ran out, or the
	// store could not tell for some time. Otherwise it returns the context's error.
	Await(ctx context.Context, key string) error
}

// Lease is the right to do something alone. The holder loses it when its time runs out before
// Extend.
type Lease interface {
	// Extend makes the lease run for ttl from now. It returns [ErrHeld] if the lease was lost.
	Extend(ctx context.Context, ttl time.Duration) error
	// Release frees the lease. A lease that was lost is no error.
	Release(ctx context.Context) error
}

// Watcher is a store that reports changes by other users.
type Watcher interface {
	// Watch calls changed with each key that another user of the store puts or deletes, within a
	// second. It goes on until ctx ends, and then returns ctx's error. An empty key means that
	// anything may have changed: at the start, after a lost connection, or after an overflow. Calls
	// to changed do not overlap.
	//
	// Watch may leave out keys that this user has neither got nor put since Watch began (Redis
	// tracks only those), and this user's own changes. It may report more than changes: items that
	// the store dropped to make room, and this user's own puts.
	Watch(ctx context.Context, changed func(key string)) error
}

// Batcher is a store that reads several items in one round trip.
type Batcher interface {
	// GetMany returns the items that exist among keys, by key. Without an error, a missing key has
	// no item. With an error, the returned items are right, but some may be missing.
	GetMany(ctx context.Context, keys []string) (map[string]Item, error)
}

// Blobber is a store that keeps bare values at readable paths, for results with a target. Paths are
// relative, with slashes, and must pass [CheckPath]. Paths and keys do not meet. Values have no
// header, so that other programs can read and write them.
type Blobber interface {
	// ReadBlob returns the value at path, or an error that is [ErrNotFound].
	ReadBlob(ctx context.Context, path string) ([]byte, error)
	// WriteBlob makes value the value at path, whole or not at all. If replace is false and the
	// path has a value, WriteBlob leaves that value alone and returns false.
	WriteBlob(ctx context.Context, path string, value []byte, replace bool) (bool, error)
	// DeleteBlob removes the value at path. A path without a value is no error.
	DeleteBlob(ctx context.Context, path string) error
}

// Pruner is a store that can make room when it is asked to.
type Pruner interface {
	// Prune removes the least recently used items until the rest has at most maxBytes. It calls
	// removed for each, unless removed is nil. Items below [MarkPrefix] go last. Bytes are counted
	// as the store counts them: values and the room that it needs besides. Each store decides how
	// exactly it knows the last use. Prune leaves values at paths alone.
	Prune(ctx context.Context, maxBytes int64, removed func(Info)) error
}

// Peeker is a store that has some items at hand: a folder whose files the system has in memory. The
// runtime peeks before it gets, because a call that may wait for a disk or a server needs a
// goroutine that can be abandoned.
//
// Don't ask [As] for a Peeker: what is behind a store that changes values is not what that store
// has.
type Peeker interface {
	// Peek returns what Get would return, or false if it would have to wait for anything to tell,
	// or if there is no item. It counts as a Get.
	Peek(key string) (Item, bool)
}

// Punctual is a store whose Get returns as soon as its context ends, whatever the medium does: when
// a server hangs, when the network is gone, when a lock is held. The runtime calls such a Get
// itself. Any other Get has a goroutine of its own, which can be abandoned, and which takes longer
// to start than a server nearby to answer.
//
// Don't ask [As] for a Punctual, as for a [Peeker].
type Punctual interface {
	// PunctualGet has nothing to do. It says that its type is a Punctual.
	PunctualGet()
}
