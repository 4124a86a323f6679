package engine

import (
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/cachegen/cachegen/runtime/internal/clock"
	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/internal/memory"
)

// NoReuse as a limit says that completed results are never used.
const NoReuse time.Duration = -1

// Meta is what is known about a result in memory. It does not change once others can see the
// result, but for what says so. A result has the few words of every result before its key and
// value, and [details] of its own only where there is more to say: of most results in memory alone
// there is not, and they share those of the function.
type Meta struct {
	_             [0]func() // nobody compares results: == would be code for each type of them
	memory.Header           // with the stamp in stores, and for marks
	completed     clock.Moment
	// Cost is how long it took to make.
	Cost time.Duration
	more *details // never nil once it is a result
}

// details are what is not known, or not needed, of every result.
type details struct {
	layout *Layout
	common bool          // whether they are the function's, of all results of which there is no more to say
	began  int64         // see Meta.Began; not of what is common
	limit  time.Duration // until which age the result may be used: 0 is without a limit, NoReuse none at all
	tags   []string
	belonging
	foreign bool        // not made by this process
	name    key.Key     // in stores; zero if nobody asked
	base    int64       // the stamp of what the store had when the execution began, 0 for nothing, or unasked
	saved   atomic.Bool // whether it is in the store
	// followed is the session of its table in which the store was asked about it: since then it
	// tells of changes. 0: none.
	followed atomic.Uint64
	from     *Meta // of the sibling's result that it is
}

// describe makes d what results of f have in common of which there is no more to say. Nobody
// changes it then.
func (d *details) describe(f *Function) {
	d.layout, d.common, d.limit = &f.Layout, true, f.Options.MaxAge
}

// detail returns what more is known about the result, to read.
func (m *Meta) detail() *details { return m.more }

// detailed returns what more is known about the result, to write: before others can see it.
func (m *Meta) detailed(f *Function) *details {
	if m.more.common {
		m.more = &details{layout: &f.Layout, began: m.Stamp, limit: f.Options.MaxAge}
	}
	return m.more
}

// made says that this process made the result: when its execution began and with which stamp, when
// it ended, and what it cost.
func (m *Meta) made(f *Function, began, stamp int64, completed time.Time, cost time.Duration) {
	m.Stamp, m.completed, m.Cost = began, clock.MomentOf(completed), cost
	m.outstrip(f, stamp)
}

// outstrip gives the result a later stamp than it has, if that is one.
func (m *Meta) outstrip(f *Function, stamp int64) {
	if stamp > m.Stamp {
		m.detailed(f) // it knows when it began
		m.Stamp = stamp
	}
}

// Began is when its execution began, or it began to be read from a store: a stamp of this process.
func (m *Meta) Began() int64 {
	if m.more.common {
		return m.Stamp
	}
	return m.more.began
}

// local reports whether this process made the result.
func (m *Meta) local() bool { return !m.more.foreign }

// name is the result's name in stores, zero if nobody asked for it.
func (m *Meta) name() key.Key { return m.detail().name }

// stored reports whether the result is in the store.
func (m *Meta) stored() bool {
	d := m.detail()
	return d.saved.Load() || d.from != nil && d.from.stored()
}

// keptInStore notes that the result is in the store.
func (m *Meta) keptInStore() {
	if !m.more.common {
		m.more.saved.Store(true)
	}
}

// follow notes that the store was asked about the result in a session of its table.
func (m *Meta) follow(session uint64) {
	if !m.more.common {
		m.more.followed.Store(session)
	}
}

// About returns m, for types that embed it.
func (m *Meta) About() *Meta { return m }

// Age returns how old the result is; see [clock.Moment].
func (m *Meta) Age(now time.Time) time.Duration { return m.completed.Age(now) }

// limit is the age until which the result may be used: 0 is without a limit, NoReuse none at all.
func (m *Meta) limit() time.Duration { return m.more.limit }

// kind says what results are to the memory tier.
func (f *Function) kind() memory.Kind[Held] {
	return memory.Kind[Held]{
		Entry:  func(h *memory.Header) Held { return (*Meta)(unsafe.Pointer(h)) }, // a result begins with it
		Header: func(h Held) *memory.Header { return &h.About().Header },
		Name:   func(h Held) key.Key { return h.About().name() },
	}
}
