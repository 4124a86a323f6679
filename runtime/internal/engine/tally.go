package engine

import (
	"sync/atomic"
	"time"
	"unsafe"
)

// hits counts the hits in memory and the time they saved, in stripes that goroutines rarely share.
type hits [16]tally

// add counts a hit on a result that took cost to make.
func (h *hits) add(cost time.Duration) {
	// Goroutines have stacks of their own, so a stack address spreads them over the stripes.
	var here byte
	h[uint64(uintptr(unsafe.Pointer(&here)))>>11*0x9e3779b97f4a7c15>>60].add(cost)
}

// sum returns the number of hits and the time that they saved.
func (h *hits) sum() (n int64, saved time.Duration) {
	for i := range h {
		t := &h[i]
		t.drain()
		n += int64(t.hits.Load())
		saved += time.Duration(t.saved.Load()) * time.Microsecond
	}
	return n, saved
}

// tally counts hits and the microseconds they saved with one atomic addition: 24 bits of hits above
// 40 bits of time. It is emptied into the totals when half full.
type tally struct {
	both        atomic.Uint64
	hits, saved atomic.Uint64
	_           [40]byte // keeps stripes off each other's cache lines
}

func (t *tally) add(cost time.Duration) {
	us := min(uint64(max(cost, 0)/time.Microsecond), 1<<37)
	if n := t.both.Add(1<<40 | us); n&(1<<63|1<<39) != 0 {
		t.drain()
	}
}

//go:noinline
func (t *tally) drain() {
	n := t.both.Swap(0)
	t.hits.Add(n >> 40)
	t.saved.Add(n & (1<<40 - 1))
}
