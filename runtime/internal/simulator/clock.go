package simulator

import (
	"math/rand/v2"
	"time"
)

// clock is what a process takes for the time: it is off by a constant, and runs too fast or too
// slowly.
type clock struct {
	start time.Time
	off   time.Duration
	drift float64 // seconds gained in a second
}

// agree is how far clocks are off at most that take nothing of each other for damage: what is a
// minute ahead is.
const agree = 29 * time.Second

// newClock returns a clock that is wrong as those of real machines are, and if apart sometimes by
// hours, or days.
func newClock(r *rand.Rand, apart bool) clock {
	c := clock{start: time.Now()}
	switch n := r.IntN(10); {
	case n < 2: // right
	case n < 4:
		c.off = within(r, 50*time.Millisecond)
	case n < 8 || !apart:
		c.off = within(r, agree)
	case n < 9:
		c.off = within(r, 3*time.Minute)
	default:
		c.off = within(r, 48*time.Hour)
	}
	if c.off != 0 {
		c.drift = (r.Float64() - 0.5) * 2e-4
	}
	return c
}

// within returns a duration from -d to d.
func within(r *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(r.Int64N(2*int64(d))) - d
}

// now is the time as the process sees it. It has a monotonic reading, as that of a real machine
// does: durations within the process are right but for the drift.
func (c clock) now() time.Time {
	t := time.Now()
	return t.Add(c.off + time.Duration(float64(t.Sub(c.start))*c.drift))
}

// agrees reports whether nobody whose clock agrees, too, takes what it stamps for damage.
func (c clock) agrees() bool { return c.off.Abs() <= agree }
