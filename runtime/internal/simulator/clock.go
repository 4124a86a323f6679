package simulator

import (
	"math/rand/v2"
	"time"
)

// clock is what a process takes for the time: it is off by a constant, and runs too fast or too slowly.
type clock struct {
	start time.Time
	off   time.Duration
	drift float64 // seconds gained in a second
}

// newClock returns a clock that is wrong as those of real machines are, and if ahead, sometimes hours too fast.
func newClock(r *rand.Rand, ahead bool) clock {
	c := clock{start: time.Now()}
	switch n := r.IntN(100); {
	case n < 30: // right
	case n < 95 || !ahead:
		c.off = time.Duration(r.Int64N(int64(19*time.Second))) - 9500*time.Millisecond
		c.drift = (r.Float64() - 0.5) * 2e-4
	default:
		c.off = 2*time.Minute + time.Duration(r.Int64N(int64(24*time.Hour)))
	}
	return c
}

// now is the time as the process sees it. It has a monotonic reading, as that of a real machine does: durations within the process
// are right but for the drift.
func (c clock) now() time.Time {
	t := time.Now()
	return t.Add(c.off + time.Duration(float64(t.Sub(c.start))*c.drift))
}

// ahead reports whether the clock is so far ahead that others take what it stamps for damage.
func (c clock) ahead() bool { return c.off > 20*time.Second }
