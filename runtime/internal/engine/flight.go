package engine

import (
	"context"
	"sync"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// landing says how a flight ended.
type landing uint8

const (
	aloft    landing = iota
	landed           // held and err are what every waiter gets
	panicked         // every waiter panics with the value
	orphaned         // its caller's context ended, or its goroutine: a waiter takes over
)

// flight is an execution that calls with one key share. Fields without a lock are written before done is closed.
type flight struct {
	call  Call
	began int64
	done  chan struct{} // made by the first waiter, under flights.mu
	keep  bool          // whether somebody wants the result written; under flights.mu
	again bool          // whether it makes anew what is there, in the background

	landing landing
	made    bool // whether the function was executed; else what it came to was found
	held    Held
	err     error
	panic   any

	waiters []*lead // under circles
}

// wait returns when f has landed, or with in false when ctx ended first, or at once if the wait would close a circle.
func (f *flight) wait(ctx context.Context) (in, circle bool) {
	if l := leadOf(ctx); l != nil {
		if !f.await(l) {
			return false, true
		}
		defer f.leave(l)
	}
	select {
	case <-f.done:
		return true, false
	case <-ctx.Done():
		return false, false
	}
}

// flights are the executions of a state, by hash of the key.
type flights struct {
	mu sync.Mutex
	m  map[uint64]airspace
}

// airspace is what goes on under one hash.
type airspace struct {
	flight  *flight // the one to join, or nil
	running int     // executions and reads of the store, joined or not
	floor   int64   // what began before it must not be kept: something newer was written or removed meanwhile
	name    key.Key // in stores, if one of them asks a store
	doubt   bool    // whether what was found meanwhile may be outdated: others changed the store
}

// enter starts an execution for c, or returns the one in flight to wait for. Executions that began before asked don't count.
func (fs *flights) enter(hash uint64, c Call, now, asked int64, keep, again bool) (f *flight, leads bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	a := fs.m[hash]
	if f := a.flight; f != nil && f.began >= asked && c.Same(f.call) {
		if f.done == nil {
			f.done = make(chan struct{})
		}
		f.keep = f.keep || keep
		return f, false
	}
	f = &flight{call: c, began: now, keep: keep, again: again}
	if a.flight == nil || c.Same(a.flight.call) {
		a.flight = f
	}
	a.running++
	fs.put(hash, a)
	return f, true
}

// begin notes an execution, or a read of the store, that nobody joins.
func (fs *flights) begin(hash uint64) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	a := fs.m[hash]
	a.running++
	fs.put(hash, a)
}

// end notes that an execution is over; f is its flight, if it had one.
func (fs *flights) end(hash uint64, f *flight) {
	fs.mu.Lock()
	a := fs.m[hash]
	a.running--
	var done chan struct{}
	if f != nil {
		if a.flight == f {
			a.flight = nil
		}
		done = f.done
	}
	fs.put(hash, a)
	fs.mu.Unlock()
	if done != nil {
		close(done)
	}
}

// wanted reports whether somebody who joined f wants its result written.
func (fs *flights) wanted(f *flight) bool {
	if f == nil {
		return false
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return f.keep
}

// asks notes the name in stores of what goes on under the hash.
func (fs *flights) asks(hash uint64, name key.Key) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if a, ok := fs.m[hash]; ok {
		a.name = name
		fs.m[hash] = a
	}
}

// settle calls keep unless what began at the stamp, and was made just now or else found, is outdated, and reports whether it did. What
// else runs and began before is outdated from now on.
func (fs *flights) settle(hash uint64, began int64, made bool, keep func()) bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	a, ok := fs.m[hash]
	if ok {
		if began < a.floor || a.doubt && !made {
			return false
		}
		a.floor = began
		fs.m[hash] = a
	}
	keep()
	return true
}

// doubt makes sure that nothing is kept that is being read from the store under a name for which doubtful is true, and reports whether
// anything goes on there.
func (fs *flights) doubt(doubtful func(key.Key) bool) (busy bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for hash, a := range fs.m {
		if a.name != (key.Key{}) && doubtful(a.name) {
			a.doubt, busy = true, true
			fs.m[hash] = a
		}
	}
	return busy
}

// replaced is outdate for the hashes whose names in stores have a stamp: others put something there, or removed it.
func (fs *flights) replaced(stamps map[key.Key]int64) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for hash, a := range fs.m {
		if stamp, ok := stamps[a.name]; ok {
			fs.m[hash] = a.outdated(stamp)
		}
	}
}

// outdate calls drop, and makes sure that nothing of what runs under the hash and began before the stamp is kept, nor joined.
func (fs *flights) outdate(hash uint64, stamp int64, drop func()) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if a, ok := fs.m[hash]; ok {
		fs.m[hash] = a.outdated(stamp)
	}
	drop()
}

// outdateAll is outdate for all hashes.
func (fs *flights) outdateAll(stamp int64, drop func()) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for hash, a := range fs.m {
		fs.m[hash] = a.outdated(stamp)
	}
	drop()
}

// outdateNamed is outdate for the hash whose name in stores is that, and for those that have not asked for theirs yet.
func (fs *flights) outdateNamed(name key.Key, stamp int64, drop func()) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for hash, a := range fs.m {
		if a.name == name || a.name == (key.Key{}) {
			fs.m[hash] = a.outdated(stamp)
		}
	}
	drop()
}

func (a airspace) outdated(stamp int64) airspace {
	a.floor = max(a.floor, stamp)
	if a.flight != nil && a.flight.began < stamp {
		a.flight = nil
	}
	return a
}

func (fs *flights) put(hash uint64, a airspace) {
	if a.running == 0 {
		delete(fs.m, hash)
		return
	}
	if fs.m == nil {
		fs.m = map[uint64]airspace{}
	}
	fs.m[hash] = a
}
