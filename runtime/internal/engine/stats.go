package engine

import (
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/memory"
)

// tallies are what this process counted of a function.
type tallies struct {
	hits  hits
	gauge memory.Gauge
	calls [Fault + 1]atomic.Int64 // by outcome, without the hits that took the short way
	saved atomic.Int64            // nanoseconds, by those calls
	spent atomic.Int64            // nanoseconds in executions
	cost  atomic.Int64            // nanoseconds that one usually takes, 0 while that is not known
}

// usual is how long the function usually takes, 0 if that is not known.
func (t *tallies) usual() time.Duration { return time.Duration(t.cost.Load()) }

// took takes note of how long an execution took. A lost update does no harm.
func (t *tallies) took(d time.Duration) {
	d = max(d, 1)
	if usual := t.cost.Load(); usual > 0 {
		d = time.Duration(usual) + (d-time.Duration(usual))/8
	}
	t.cost.Store(int64(d))
}

// Stats are a function's counters since the process started, as package runtime has them.
type Stats struct {
	Hits, Misses, Joined, Stale, Refreshed, Bypassed int64
	Faults                                           int64
	Saved, Spent                                     time.Duration
	Entries                                          int
	Bytes                                            int64
}

// Stats returns the counters.
func (f *Function) Stats() Stats {
	t := f.tally
	n, saved := t.hits.sum()
	return Stats{
		Hits: n + t.calls[Hit].Load(), Misses: t.calls[Miss].Load(), Joined: t.calls[Joined].Load(),
		Stale: t.calls[Stale].Load(), Refreshed: t.calls[Refreshed].Load(), Bypassed: t.calls[Bypassed].Load(),
		Faults: t.calls[Fault].Load(),
		Saved:  saved + time.Duration(t.saved.Load()), Spent: time.Duration(t.spent.Load()),
		Entries: int(t.gauge.Entries.Load()), Bytes: t.gauge.Bytes.Load(),
	}
}
