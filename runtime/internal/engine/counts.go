package engine

import (
	"sync/atomic"
	"time"
)

// counts are the calls of a function that were no plain hits in memory.
type counts struct {
	hits, saved                                     atomic.Int64 // hits that did not take the short way
	misses, joined, stale, refreshed, bypassed, bad atomic.Int64
	spent                                           atomic.Int64 // nanoseconds in executions
}

// Stats are a function's counters since the process started.
type Stats struct {
	Hits, Misses, Joined, Stale, Refreshed, Bypassed int64
	Faults                                           int64
	Saved, Spent                                     time.Duration
	Entries                                          int
	Bytes                                            int64
}

// Stats returns the counters.
func (f *Function) Stats() Stats {
	n, saved := f.hits.sum()
	c := &f.counts
	s := Stats{
		Hits: n + c.hits.Load(), Misses: c.misses.Load(), Joined: c.joined.Load(), Stale: c.stale.Load(),
		Refreshed: c.refreshed.Load(), Bypassed: c.bypassed.Load(), Faults: c.bad.Load(),
		Saved: saved + time.Duration(c.saved.Load()), Spent: time.Duration(c.spent.Load()),
	}
	if m := f.memory.Load(); m != nil {
		s.Entries, s.Bytes = m.len()
	}
	return s
}
