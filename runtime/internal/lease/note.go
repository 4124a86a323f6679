package lease

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// note counts the executions of a key that left no result in the store. Without it those who wait
// could not tell them from a lease that still runs, or from a crash. It is an item of the store,
// under l/ and the key; its numbers may start again at any time.
type note struct {
	failed, unstored uint64
}

// notePrefix begins the keys of notes.
const notePrefix = "l/"

// after returns what was counted since old.
func (n note) after(old note) note {
	if n.failed < old.failed || n.unstored < old.unstored { // they started again
		return n
	}
	return note{n.failed - old.failed, n.unstored - old.unstored}
}

// futile reports whether somebody who waited while n was counted should wait no more.
func (n note) futile() bool { return n.failed >= 2 || n.unstored >= 1 }

func (n note) encode() []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, n.failed), n.unstored)
}

func decodeNote(b []byte) note {
	if len(b) != 16 {
		return note{}
	}
	return note{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

// readNote returns the current note; a store that fails has none.
func (q *Queue) readNote(ctx context.Context, key string) note {
	item, err := q.store.Get(ctx, notePrefix+key)
	if err != nil {
		return note{}
	}
	return decodeNote(item.Value)
}

// count adds an execution to the note. The lease's holder is its only writer; its stamp is newer
// than the last one whatever the clocks of their writers say.
func (q *Queue) count(ctx context.Context, key string, ttl time.Duration, o Outcome) error {
	old, err := q.store.Get(ctx, notePrefix+key)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	n := decodeNote(old.Value)
	if o == Failed {
		n.failed++
	} else {
		n.unstored++
	}
	now := time.Now()
	_, err = q.store.Put(ctx, notePrefix+key, store.Item{
		Value:   n.encode(),
		Stamp:   max(now.UnixNano(), old.Stamp+1),
		Expires: now.Add(Patience * ttl),
	})
	return err
}
