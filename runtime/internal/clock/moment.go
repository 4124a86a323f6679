package clock

import (
	"sync/atomic"
	"time"
)

// began is when the process did, about: monotonic readings are told from here on.
var began = time.Now()

// Moment is a time by both clocks of this process, in nanoseconds: a [time.Time] that is as small
// as it can be.
type Moment struct{ wall, mono int64 }

// MomentOf returns the moment t. One without a monotonic reading has that of the wall clock.
func MomentOf(t time.Time) Moment { return Moment{t.UnixNano(), int64(t.Sub(began))} }

// Time returns the moment without its monotonic reading.
func (m Moment) Time() time.Time { return time.Unix(0, m.wall) }

// After reports whether m is after t.
func (m Moment) After(t time.Time) bool { return m.mono > MomentOf(t).mono }

// Age returns how long before now m was: the larger of its ages by the wall clock and by the
// monotonic one, for the latter stands still while a machine sleeps and the former can be set back.
func (m Moment) Age(now time.Time) time.Duration {
	n := MomentOf(now)
	return time.Duration(max(n.mono-m.mono, n.wall-m.wall))
}

// MomentNanos returns the moment in Unix nanoseconds, for others to read, as [Clock.Nanos] does.
func (c *Clock) MomentNanos(m Moment) int64 {
	return max(m.wall, c.start.UnixNano()+m.mono-MomentOf(c.start).mono)
}

// Ages tells ages at half the price of a [time.Time]: it looks at the monotonic clock each time,
// and at the wall clock at most once a millisecond, which is how late it can notice that a machine
// slept. The zero Ages is ready to use, by many at once.
type Ages struct{ mono, ahead atomic.Int64 } // of the last look at both: how far the wall clock was ahead

// Of returns how long ago m was, as [Moment.Age] does.
func (a *Ages) Of(m Moment) time.Duration {
	mono := int64(time.Since(began))
	// Whoever looks stores ahead first: a reading of mono that is new comes with an ahead that is.
	if uint64(mono-a.mono.Load()) > uint64(time.Millisecond) {
		a.look()
	}
	return time.Duration(max(mono-m.mono, mono+a.ahead.Load()-m.wall))
}

//go:noinline
func (a *Ages) look() {
	now := MomentOf(time.Now())
	a.ahead.Store(now.wall - now.mono)
	a.mono.Store(now.mono)
}
