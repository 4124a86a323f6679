package engine

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/key"
)

// Call is one call of a function. The layer above makes it, for it knows the types.
type Call interface {
	// Same reports whether other has this call's key.
	Same(other Call) bool
	// Holds reports whether h is a result for this call's key.
	Holds(h Held) bool
	// Key returns the key in stores, for a function and a scope.
	Key(p key.Prefix) key.Key
	// Inputs returns what an entry tells about the inputs, all of them if full.
	Inputs(full bool) entry.Inputs
	// Blank returns a result for this call's key whose value is yet to be filled in.
	Blank() Held
	// Execute runs the function in this goroutine. What it returns shares nothing with what the function's caller gets;
	// it is nil if it can't be kept or handed to others.
	Execute(ctx context.Context) (Held, error)
	// Moved reports whether the inputs changed while the function was executed: the result is not of the call's key.
	Moved() bool
	// Again returns a call with the same key that can execute while this one does.
	Again() Call
}

// Held is a result in memory, with its key. The layer above makes it, for it knows the types.
type Held interface {
	// About returns what is known about the result.
	About() *Meta
	// Value returns a pointer to the value, Keyed one to what identifies it.
	Value() any
	Keyed() any
}

// Entry is what users see of a result, as package runtime has it.
type Entry struct {
	Namespace, Version string
	Key                string
	Began, Completed   time.Time
	Cost               time.Duration
	Tier               Tier
	Tags               []string
}
