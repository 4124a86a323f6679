package cachetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Fault is a way in which a store can be broken.
type Fault int

// Faults.
const (
	Unavailable Fault = iota + 1 // each operation fails at once
	Hanging                      // no operation returns before its context ends
	Full                         // each write fails
	Corrupt                      // each value that is read is damaged
	Panicking                    // each operation panics
)

var faultNames = [...]string{"", "unavailable", "hanging", "full", "corrupt", "panicking"}

// String returns the fault's name.
func (f Fault) String() string {
	if f < 0 || int(f) >= len(faultNames) {
		return fmt.Sprintf("Fault(%d)", int(f))
	}
	return faultNames[f]
}

// ErrInjected is the error of operations that fail because of [Cache.Break].
var ErrInjected = errors.New("cachetest: the store was broken by the test")

// Break breaks the store of c until [Cache.Mend]. Entries in memory stay: call [Cache.OtherProcess]
// for a cache that must ask the store. A cache leaves a failed store alone for a moment, even after
// Mend. The cache of another process does not.
func (c *Cache) Break(f Fault) { c.faults.set(f) }

// Mend repairs the store. Operations that hang go on.
func (c *Cache) Mend() { c.faults.set(0) }

// faults is the present fault of a store.
type faults struct {
	mu     sync.Mutex
	fault  Fault
	mended chan struct{} // closed when the fault ends; nil if there is none
}

func (f *faults) set(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mended != nil {
		close(f.mended)
		f.mended = nil
	}
	f.fault = fault
	if fault != 0 {
		f.mended = make(chan struct{})
	}
}

// patient reports whether calls wait for the store as long as it takes. The store is in this
// process, so it is slow only if the machine is busy. A store that hangs has the patience that a
// program's store has.
func (f *faults) patient() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.fault != Hanging
}

// meet applies the present fault to an operation. It returns the fault, which may concern values.
func (f *faults) meet(ctx context.Context, writes bool) (Fault, error) {
	f.mu.Lock()
	fault, mended := f.fault, f.mended
	f.mu.Unlock()
	switch {
	case fault == Unavailable, fault == Full && writes:
		return fault, ErrInjected
	case fault == Panicking:
		panic(ErrInjected)
	case fault == Hanging:
		select {
		case <-ctx.Done():
			return fault, ctx.Err()
		case <-mended:
		}
	}
	return fault, nil
}
