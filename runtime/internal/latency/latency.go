// Package latency counts how long things take, in a fixed number of buckets. It is for what happens
// thousands of times a second at most.
package latency

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// Buckets is how many buckets there are. The last one has no bound.
const Buckets = 18

// first is the bound of the first bucket. Each further one is twice that of the one before: 64 µs,
// 128 µs … 4.2 s.
const first = 64 * time.Microsecond

// Bound returns up to how long what is counted in a bucket took, and false for the last one, which
// has no bound.
func Bound(bucket int) (time.Duration, bool) { return first << bucket, bucket < Buckets-1 }

// Histogram counts durations. The zero value has counted none. It is safe for concurrent use.
type Histogram struct {
	counts [Buckets]atomic.Int64
	total  atomic.Int64
}

// Add counts a duration.
func (h *Histogram) Add(d time.Duration) {
	d = max(d, 0)
	bucket := 0
	if d > first {
		bucket = min(bits.Len64(uint64((d-1)/first)), Buckets-1)
	}
	h.counts[bucket].Add(1)
	h.total.Add(int64(d))
}

// Counts is what a histogram counted: how many durations in each bucket, and their sum.
type Counts struct {
	In    [Buckets]int64
	Total time.Duration
}

// Counts returns what was counted so far.
func (h *Histogram) Counts() (c Counts) {
	for i := range h.counts {
		c.In[i] = h.counts[i].Load()
	}
	c.Total = time.Duration(h.total.Load())
	return c
}

// N is how many durations were counted.
func (c *Counts) N() (n int64) {
	for _, in := range c.In {
		n += in
	}
	return n
}

// Quantile returns a bound of the shortest durations that make the share q of all, 0 if there are
// none. Where that is in the bucket without a bound it is the last bound.
func (c *Counts) Quantile(q float64) time.Duration {
	n := c.N()
	if n == 0 {
		return 0
	}
	want, seen := int64(q*float64(n)+0.5), int64(0)
	for i, in := range c.In {
		if seen += in; seen >= max(want, 1) {
			d, ok := Bound(i)
			if !ok {
				d, _ = Bound(i - 1)
			}
			return d
		}
	}
	return 0
}
