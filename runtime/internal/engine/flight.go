package engine

import (
	"context"
	"sync"
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

	landing landing
	held    Held
	err     error
	panic   any

	waiters []*lead // under circles
}

// flights are the executions of a state, by hash of the key.
type flights struct {
	mu sync.Mutex
	m  map[uint64]airspace
}

// airspace is what goes on under one hash.
type airspace struct {
	flight  *flight // the one to join, or nil
	running int     // executions, joined or not
	floor   int64   // the stamp of the latest write or removal while they ran: what began before it must not be kept
}

// enter starts an execution for c, or returns the one in flight to wait for. Executions that began before asked don't count.
func (fs *flights) enter(hash uint64, c Call, now, asked int64, keep bool) (f *flight, leads bool) {
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
	f = &flight{call: c, began: now, keep: keep}
	if a.flight == nil || c.Same(a.flight.call) {
		a.flight = f
	}
	a.running++
	fs.put(hash, a)
	return f, true
}

// begin notes an execution that nobody joins.
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

// raise says that executions of the hash that began before stamp are outdated.
func (fs *flights) raise(hash uint64, stamp int64) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if a, ok := fs.m[hash]; ok {
		a.floor = max(a.floor, stamp)
		fs.put(hash, a)
	}
}

// raiseAll says that of all executions.
func (fs *flights) raiseAll(stamp int64) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for hash, a := range fs.m {
		a.floor = max(a.floor, stamp)
		fs.m[hash] = a
	}
}

// floor returns the stamp before which an execution that is under way is outdated.
func (fs *flights) floor(hash uint64) int64 {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return fs.m[hash].floor
}

func (fs *flights) wanted(f *flight) bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return f.keep
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

// wait returns when f has landed, or with false when ctx ended first.
func (f *flight) wait(ctx context.Context) bool {
	select {
	case <-f.done:
		return true
	case <-ctx.Done():
		return false
	}
}
