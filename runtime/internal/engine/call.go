package engine

import (
	"context"
	"time"
)

// Held is a result in memory, with its key. The layer above makes it, for it knows the types.
type Held interface {
	// About returns what is known about the result.
	About() *Meta
	// Value returns a pointer to the value.
	Value() any
}

// Call is one call of a function. The layer above makes it, for it knows the types.
type Call interface {
	// Same reports whether other has this call's key.
	Same(other Call) bool
	// Holds reports whether h is a result for this call's key.
	Holds(h Held) bool
	// AppendInputs appends the encoding of what identifies the result among those of the function.
	AppendInputs(b []byte) []byte
	// Blank returns a result for this call's key whose value is yet to be filled in.
	Blank() Held
	// Execute runs the function in this goroutine. What it returns shares nothing with what the function's caller gets,
	// and is there whether or not the function failed.
	Execute(ctx context.Context) (Held, error)
	// Again returns a call with the same key that can execute while this one does.
	Again() Call
}

// Meta is what is known about a result in memory.
type Meta struct {
	// Began is when its execution began, in Unix nanoseconds: its stamp.
	Began int64
	// Completed is when its execution had ended, by this process's monotonic clock too if it ran here.
	Completed time.Time
	// Cost is how long it took to make.
	Cost time.Duration
	// Limit is the age until which it may be used: 0 is without a limit, NoReuse none at all.
	Limit time.Duration

	size int64
}

// About returns m, for types that embed it.
func (m *Meta) About() *Meta { return m }

// Age returns how old the result is: the larger of its ages by the wall clock and by the monotonic one, for the latter stands
// still while a machine sleeps and the former can be set back.
func (m *Meta) Age(now time.Time) time.Duration {
	return max(now.Sub(m.Completed), time.Duration(now.UnixNano()-m.Completed.UnixNano()))
}
