package engine

import (
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/memory"
)

// tallies are the counters of a function in this process. The method count counts calls by their
// outcome; hits on the short way count themselves.
type tallies struct {
	hits      hits
	gauge     memory.Gauge
	calls     [outcomes][reasons]atomic.Int64 // without the hits that took the short way
	tiers     [tierCount]atomic.Int64         // hits among them, by where they were found
	failures  [outcomes]atomic.Int64          // calls among them that ended with an error
	failed    atomic.Int64                    // executions that ended with an error or a panic
	rejected  atomic.Int64                    // results that unless kept out
	audited   atomic.Int64                    // hits that were executed too, and different those that came to something else
	different atomic.Int64
	saved     atomic.Int64 // nanoseconds, by those calls
	spent     atomic.Int64 // nanoseconds in executions
	cost      atomic.Int64 // nanoseconds that one usually takes, 0 while that is not known
}

// count counts what became of a call, or a fault.
func (t *tallies) count(e *Event) {
	t.calls[e.Outcome][e.Reason].Add(1)
	if e.Outcome == Hit {
		t.tiers[e.Tier].Add(1)
		t.saved.Add(int64(e.Cost))
	}
	if e.Err != nil {
		t.failures[e.Outcome].Add(1)
	}
}

// of returns how many calls came to an outcome, and how many of them ended with an error.
func (t *tallies) of(o Outcome) (calls, failures int64) {
	for i := range t.calls[o] {
		calls += t.calls[o][i].Load()
	}
	return calls, t.failures[o].Load()
}

// because returns how many calls had a reason.
func (t *tallies) because(r Reason) (calls int64) {
	for o := range t.calls {
		calls += t.calls[o][r].Load()
	}
	return calls
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
	MemoryHits, StoreHits, TargetHits                int64
	Failed, Unkeyed, Rejected, Evicted               int64
	TooLarge                                         int64
	Audited, Different                               int64
	Faults                                           int64
	Saved, Spent                                     time.Duration
	Entries                                          int
	Bytes                                            int64
}

// Stats returns the counters.
func (f *Function) Stats() Stats {
	t := f.tally
	short, saved := t.hits.sum()
	calls := func(o Outcome) int64 { n, _ := t.of(o); return n }
	succeeded := func(o Outcome) int64 { n, failures := t.of(o); return n - failures }
	return Stats{
		Hits: short + calls(Hit), Misses: succeeded(Miss), Joined: calls(Joined), Stale: calls(Stale), Refreshed: succeeded(Refreshed),
		Bypassed:   calls(Bypassed),
		MemoryHits: short + t.tiers[MemoryTier].Load(), StoreHits: t.tiers[StoreTier].Load(), TargetHits: t.tiers[TargetTier].Load(),
		Failed: t.failed.Load(), Unkeyed: t.because(Unkeyed), Rejected: t.rejected.Load() + t.because(Rejected),
		Evicted: t.gauge.Evicted.Load(), TooLarge: t.gauge.TooLarge.Load(), Faults: calls(Fault),
		Audited: t.audited.Load(), Different: t.different.Load(),
		Saved: saved + time.Duration(t.saved.Load()), Spent: time.Duration(t.spent.Load()),
		Entries: int(t.gauge.Entries.Load()), Bytes: t.gauge.Bytes.Load(),
	}
}

// Tally is how many calls of a function came to the same.
type Tally struct {
	Outcome Outcome
	Reason  Reason
	Calls   int64
}

// Tallies returns how many calls came to what, and why.
func (f *Function) Tallies() []Tally {
	var l []Tally
	short, _ := f.tally.hits.sum()
	for o := Hit; o < outcomes; o++ {
		for r := range reasons {
			n := f.tally.calls[o][r].Load()
			if o == Hit && r == NoReason {
				n += short
			}
			if n > 0 {
				l = append(l, Tally{o, r, n})
			}
		}
	}
	return l
}
