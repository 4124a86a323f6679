// Package flight is joining: calls with one key share an execution, which is a flight. It knows who
// leads and who waits, which waits would close a circle, and of what is in the air what became
// outdated meanwhile. What a call and a result are it doesn't know.
package flight

import (
	"context"
	"slices"
	"sync"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// Call is what flights ask of calls.
type Call[C any] interface {
	// Same reports whether other has this call's key.
	Same(other C) bool
}

// Landing says how a flight ended.
type Landing uint8

// Landings.
const (
	// Aloft is a flight that has not ended.
	Aloft Landing = iota
	// Landed flights have a result or an error, which is what every waiter gets.
	Landed
	// Panicked flights have every waiter panic with their value.
	Panicked
	// Orphaned flights lost their caller's context, or its goroutine: a waiter takes over.
	Orphaned
)

// Outcome is what a flight came to.
type Outcome[R any] struct {
	Landing Landing
	Result  R
	Err     error
	// Panic is the value of a panic.
	Panic any
	// Made says that the function was executed; else the result was found.
	Made bool
}

// Flight is an execution that calls with one key share.
type Flight[C Call[C], R any] struct {
	call  C
	began int64
	done  chan struct{} // made by the first waiter, under the mutex of its Flights
	keep  bool          // under that mutex too
	again bool
	anew  bool

	outcome Outcome[R] // written before done is closed
	edges   edges
}

// Again reports whether the flight makes anew what is there, in the background.
func (f *Flight[C, R]) Again() bool { return f.again }

// Wait returns what the flight came to, or ok false if ctx ended first, or circle at once if the
// wait would close one.
func (f *Flight[C, R]) Wait(ctx context.Context) (o Outcome[R], ok, circle bool) {
	if l := leadOf(ctx); l != nil {
		if !f.edges.await(l) {
			return o, false, true
		}
		defer f.edges.leave(l)
	}
	select {
	case <-f.done:
		return f.outcome, true, false
	case <-ctx.Done():
		return o, false, false
	}
}

// Context returns the context of the execution that the flight is: waits that its code begins are
// known to be its own.
func (f *Flight[C, R]) Context(ctx context.Context) context.Context {
	return &lead{Context: ctx, flight: &f.edges, up: leadOf(ctx)}
}

// Request is a call that enters.
type Request[C any] struct {
	Call C
	// Now is the stamp of the moment.
	Now int64
	// Asked has flights that began before not count.
	Asked int64
	// Keep says that the caller wants the result kept.
	Keep bool
	// Again says that the call makes anew what is there, in the background.
	Again bool
	// Anew says that the result is to replace what is there, whatever that is. Then the call joins
	// no flight whose result is not.
	Anew bool
}

// Flights are what is in the air of a function, by hash of the key. The zero value has none. All
// methods are safe for concurrent use.
type Flights[C Call[C], R any] struct {
	mu sync.Mutex
	m  map[uint64]airspace[C, R]
}

// airspace is what goes on under one hash.
type airspace[C Call[C], R any] struct {
	flight  *Flight[C, R] // the one to join, or nil
	running int           // executions and reads of the store, joined or not
	floor   int64         // what began before it must not be kept: something newer was written or removed meanwhile
	name    key.Key       // in stores, if one of them asks a store
	seen    int64         // the last stamp that one of them found there
	doubt   bool          // whether what was found meanwhile may be outdated: others changed the store
	made    int64         // what began to be read before it must not be kept: something was made meanwhile
}

// Enter starts a flight for a call, or returns the one to wait for.
func (fs *Flights[C, R]) Enter(hash uint64, r Request[C]) (f *Flight[C, R], leads bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	a := fs.m[hash]
	if f := a.flight; f != nil && f.began >= r.Asked && (f.anew || !r.Anew) && r.Call.Same(f.call) {
		if f.done == nil {
			f.done = make(chan struct{})
		}
		f.keep = f.keep || r.Keep
		return f, false
	}
	f = &Flight[C, R]{call: r.Call, began: r.Now, keep: r.Keep, again: r.Again, anew: r.Anew}
	if a.flight == nil || r.Call.Same(a.flight.call) {
		a.flight = f
	}
	a.running++
	fs.put(hash, a)
	return f, true
}

// Begin notes an execution, or a read of the store, that nobody joins. End ends it.
func (fs *Flights[C, R]) Begin(hash uint64) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	a := fs.m[hash]
	a.running++
	fs.put(hash, a)
}

// End ends what Begin began.
func (fs *Flights[C, R]) End(hash uint64) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	a := fs.m[hash]
	a.running--
	fs.put(hash, a)
}

// Land ends a flight with what it came to, and lets those go on who wait for it.
func (fs *Flights[C, R]) Land(hash uint64, f *Flight[C, R], o Outcome[R]) {
	f.outcome = o
	fs.mu.Lock()
	a := fs.m[hash]
	a.running--
	if a.flight == f {
		a.flight = nil
	}
	done := f.done
	fs.put(hash, a)
	fs.mu.Unlock()
	if done != nil {
		close(done)
	}
}

// Wanted reports whether somebody who joined f wants its result kept. Nobody joined nil.
func (fs *Flights[C, R]) Wanted(f *Flight[C, R]) bool {
	if f == nil {
		return false
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return f.keep
}

// Asks notes the name in stores of what goes on under the hash.
func (fs *Flights[C, R]) Asks(hash uint64, name key.Key) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if a, ok := fs.m[hash]; ok {
		a.name = name
		fs.m[hash] = a
	}
}

// Found notes the stamp of what the store had for what goes on under the hash.
func (fs *Flights[C, R]) Found(hash uint64, stamp int64) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if a, ok := fs.m[hash]; ok {
		a.seen = stamp
		fs.m[hash] = a
	}
}

// Settle calls keep unless what began at the stamp, and was made just now or else found, is
// outdated, and reports whether it did. What was made outdates what else runs and began before, and
// what is being read: that may be older, whenever the read began. Nobody joins these any more.
func (fs *Flights[C, R]) Settle(hash uint64, began, now int64, made bool, keep func()) bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	a, ok := fs.m[hash]
	if ok {
		if began < a.floor || !made && (a.doubt || began < a.made) {
			return false
		}
		if made {
			a.floor, a.made = began, now
			a.flight = nil // who comes from now on finds what was made, and joins nobody who reads what was there
			fs.m[hash] = a
		}
	}
	keep()
	return true
}

// Doubt makes sure that nothing is kept that is being read from the store under a name for which
// doubtful is true, and reports whether anything goes on there.
func (fs *Flights[C, R]) Doubt(doubtful func(key.Key) bool) (busy bool) {
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

// Replaced is Outdate, with a stamp of now, for the hashes under whose names stores have something
// else than what was found: others put it there, or removed something.
func (fs *Flights[C, R]) Replaced(stamps map[key.Key]int64, now int64) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for hash, a := range fs.m {
		if stamp, there := stamps[a.name]; there && stamp != a.seen {
			fs.m[hash] = a.outdated(now)
		}
	}
}

// Unsettle is Outdate, with a stamp of now, for the hashes whose names in stores are among those:
// there may be something else there.
func (fs *Flights[C, R]) Unsettle(names []key.Key, now int64) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for hash, a := range fs.m {
		if slices.Contains(names, a.name) {
			fs.m[hash] = a.outdated(now)
		}
	}
}

// Outdate calls drop, and makes sure that nothing of what runs under the hash and began before the
// stamp is kept, nor joined.
func (fs *Flights[C, R]) Outdate(hash uint64, stamp int64, drop func()) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if a, ok := fs.m[hash]; ok {
		fs.m[hash] = a.outdated(stamp)
	}
	drop()
}

// OutdateAll is Outdate for all hashes.
func (fs *Flights[C, R]) OutdateAll(stamp int64, drop func()) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for hash, a := range fs.m {
		fs.m[hash] = a.outdated(stamp)
	}
	drop()
}

// OutdateNamed is Outdate for the hash whose name in stores is that, and for those that have not
// asked for theirs yet.
func (fs *Flights[C, R]) OutdateNamed(name key.Key, stamp int64, drop func()) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for hash, a := range fs.m {
		if a.name == name || a.name == (key.Key{}) {
			fs.m[hash] = a.outdated(stamp)
		}
	}
	drop()
}

func (a airspace[C, R]) outdated(stamp int64) airspace[C, R] {
	a.floor = max(a.floor, stamp)
	if a.flight != nil && a.flight.began < stamp {
		a.flight = nil
	}
	return a
}

func (fs *Flights[C, R]) put(hash uint64, a airspace[C, R]) {
	if a.running == 0 {
		delete(fs.m, hash)
		return
	}
	if fs.m == nil {
		fs.m = map[uint64]airspace[C, R]{}
	}
	fs.m[hash] = a
}
