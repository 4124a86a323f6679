package engine

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/internal/memory"
)

// Call is one call of a function. The layer above makes it, for it knows the types.
type Call interface {
	// Same reports whether other has this call's key.
	Same(other Call) bool
	// Holds reports whether h is a result for this call's key.
	Holds(h Held) bool
	// Key returns the key in stores, for a function and a scope.
	Key(p key.Prefix) key.Key
	// Inputs returns what an entry tells about the inputs, all of them if full.
	Inputs(full bool) entry.Inputs
	// Blank returns a result for this call's key whose value is yet to be filled in.
	Blank() Held
	// Execute runs the function in this goroutine. What it returns shares nothing with what the function's caller gets;
	// it is nil if it can't be kept or handed to others.
	Execute(ctx context.Context) (Held, error)
	// Moved reports whether the inputs changed while the function was executed: the result is not of the call's key.
	Moved() bool
	// Again returns a call with the same key that can execute while this one does.
	Again() Call
}

// Held is a result in memory, with its key. The layer above makes it, for it knows the types.
type Held interface {
	memory.Entry
	// About returns what is known about the result.
	About() *Meta
	// Value returns a pointer to the value, Keyed one to what identifies it.
	Value() any
	Keyed() any
}

// NoReuse as a limit says that completed results are never used.
const NoReuse time.Duration = -1

// Meta is what is known about a result in memory. It does not change once others can see the result.
type Meta struct {
	// Began is when its execution began, or it began to be read from a store: a stamp of this process.
	Began int64
	// Completed is when its execution had ended, by this process's monotonic clock too if it ran here.
	Completed time.Time
	// Cost is how long it took to make.
	Cost time.Duration
	// Limit is the age until which it may be used: 0 is without a limit, NoReuse none at all.
	Limit time.Duration
	// Tags are the groups it belongs to.
	Tags []string

	belonging
	local bool        // made by this process
	stamp int64       // its stamp in stores, and for marks
	name  key.Key     // in stores; zero if nobody asked
	size  int64       // in memory, estimated
	saved atomic.Bool // whether it is in the store
	// followed is the session of its table in which the store was asked about it: since then it tells of changes. 0: none.
	followed atomic.Uint64
	from     *Meta // of the sibling's result that it is
}

// stored reports whether the result is in the store.
func (m *Meta) stored() bool { return m.saved.Load() || m.from != nil && m.from.stored() }

// Stamp, Size and Name are what the memory tier asks; see [memory.Entry].
func (m *Meta) Stamp() int64  { return m.stamp }
func (m *Meta) Size() int64   { return m.size }
func (m *Meta) Name() key.Key { return m.name }

// About returns m, for types that embed it.
func (m *Meta) About() *Meta { return m }

// Age returns how old the result is: the larger of its ages by the wall clock and by the monotonic one, for the latter stands
// still while a machine sleeps and the former can be set back.
func (m *Meta) Age(now time.Time) time.Duration {
	return max(now.Sub(m.Completed), time.Duration(now.UnixNano()-m.Completed.UnixNano()))
}

// Entry is what users see of a result, as package runtime has it.
type Entry struct {
	Namespace, Version string
	Key                string
	Began, Completed   time.Time
	Cost               time.Duration
	Tier               Tier
	Tags               []string
}
