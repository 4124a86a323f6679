// Package clock gives the stamps that order what processes write, and judges those of others, whose
// clocks may differ.
//
// Within a process stamps are exact: what begins later has a greater one. Between processes stores
// go by what a writer knows to be there ([store.Item]'s Replaces). For those that can't, three
// rules make removals win, as hybrid logical clocks do (Kulkarni et al., OPODIS '14) for one thing
// at a time:
//
//   - What was seen comes before: the stamp of an execution is greater than those of all that it
//     found of its key and its marks.
//   - A removal is stamped ahead: it wins over what others are executing though nobody has seen
//     that yet. See [Clock.Over].
//   - A removal that finds something newer in the store outdoes it. See [Clock.Impose].
package clock

import (
	"math/rand/v2"
	"sync/atomic"
	"time"
)

const (
	// Tolerance is how far ahead of this process's clock the stamps and times of others may be.
	// What is further ahead is damage.
	Tolerance = time.Minute
	// Margin is how far the clocks of two machines may be apart for a removal on one to win over
	// what the other makes anew on demand, and for that to win over what others are executing.
	Margin = 20 * time.Second
	// Lead is how far ahead removals are stamped: one margin above what is made anew on demand, and
	// one below damage.
	Lead = 2 * Margin
	// spread keeps the stamps of different processes apart. After something with a stamp come, in
	// spreads: executions that saw it, what is made anew on demand by those who did, removals by
	// those who did.
	spread            = 128
	replaces, removes = 2 * spread, 4 * spread
)

// Clock is the clock of one cache. All methods are safe for concurrent use.
type Clock struct {
	now    func() time.Time
	random func(n int64) int64
	start  time.Time
	last   atomic.Int64 // the last stamp
	above  atomic.Int64 // the last one that is ahead by Margin
	over   atomic.Int64 // the last one that is ahead by Lead
}

// New returns a clock that shows what now returns; nil is [time.Now].
func New(now func() time.Time) *Clock { return NewRandom(now, nil) }

// NewRandom is New for simulations, which say what is random: a number from 0 to n-1. nil is
// [rand.Int64N].
func NewRandom(now func() time.Time, random func(n int64) int64) *Clock {
	if now == nil {
		now = time.Now
	}
	if random == nil {
		random = rand.Int64N
	}
	return &Clock{now: now, random: random, start: now()}
}

// Now returns the time, with a monotonic reading if the clock has one: it is for ages in memory.
func (c *Clock) Now() time.Time { return c.now() }

// Nanos returns the moment t of this clock in Unix nanoseconds, for others to read. A wall clock
// that is set back does not set it back, and one that went on while the machine slept sets it
// forward.
func (c *Clock) Nanos(t time.Time) int64 {
	return max(t.UnixNano(), c.start.UnixNano()+int64(t.Sub(c.start)))
}

// Time returns the moment that others call nanos as a time of this clock, whose age is then
// measured as that of what happened here.
func (c *Clock) Time(nanos int64) time.Time {
	now := c.now()
	return now.Add(time.Duration(nanos - c.Nanos(now)))
}

// Stamp returns a stamp for what begins now. It is greater than all that it returned before.
//
// A clock that goes back by more than [Tolerance] starts anew: a test with a time of its own began,
// or ended.
func (c *Clock) Stamp() int64 { return c.after(&c.last, c.now(), 0, 1) }

// Begin is Stamp and Now at once.
func (c *Clock) Begin() (stamp int64, now time.Time) {
	now = c.now()
	return c.after(&c.last, now, 0, 1), now
}

// Above returns a stamp for what must replace all that began until now, here and on machines whose
// clocks are at most [Margin] ahead: results that were put or made anew on demand. It is greater
// than all that it returned before.
func (c *Clock) Above() int64 {
	return c.after(&c.above, c.now(), Margin, replaces+c.random(spread))
}

// AboveSeen is [Clock.Above] for what replaces something with a stamp that was seen, and what
// others make who saw it.
func (c *Clock) AboveSeen(seen int64) int64 { return max(c.Above(), seen+replaces+c.random(spread)) }

// Over returns a stamp for removals, which must replace what [Clock.Above] does on machines whose
// clocks are at most [Margin] ahead, too. It is greater than all that it returned before.
func (c *Clock) Over() int64 { return c.after(&c.over, c.now(), Lead, removes+c.random(spread)) }

// OverSeen is [Clock.Over] for what removes something with a stamp that was seen, and what others
// make who saw it.
func (c *Clock) OverSeen(seen int64) int64 { return max(c.Over(), seen+removes+c.random(spread)) }

// Since returns a stamp for what begins now, after something with a stamp was seen. It is another
// one in each process.
func (c *Clock) Since(seen int64) int64 { return max(c.Stamp(), seen+1+c.random(spread)) }

// after returns a stamp for a moment, ahead of it by a margin, and at least a step after the last
// one.
func (c *Clock) after(last *atomic.Int64, moment time.Time, margin time.Duration, step int64) int64 {
	now := c.Nanos(moment) + int64(margin)
	for {
		before, stamp := last.Load(), now
		if stamp < before+step && before-stamp <= int64(Tolerance) {
			stamp = before + step
		}
		if last.CompareAndSwap(before, stamp) {
			return stamp
		}
	}
}

// Damaged reports whether a stamp, or a time in Unix nanoseconds, is further ahead than clocks may
// be: nothing that has it can be trusted.
func (c *Clock) Damaged(nanos int64) bool { return nanos > c.Nanos(c.now())+int64(Tolerance) }
