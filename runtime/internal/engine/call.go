package engine

import (
	"context"
	"reflect"
	"time"
	"unsafe"

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
	// Execute runs the function in this goroutine. What it returns shares nothing with what the
	// function's caller gets; it is nil if it can't be kept or handed to others.
	Execute(ctx context.Context) (Held, error)
	// Moved reports whether the inputs changed while the function was executed: the result is not
	// of the call's key.
	Moved() bool
	// Again returns a call with the same key that can execute while this one does.
	Again() Call
}

// Held is a result in memory, with its key, both of which follow their [Meta]; nil is none.
type Held = *Meta

// Layout says what the results of a function are in memory: a Meta, what identifies the value, and
// the value. So code that is compiled once does for the results of all functions.
type Layout struct {
	// Result is the type of all of it, a struct that begins with a Meta.
	Result reflect.Type
	// Key is the type of what identifies the value, and KeyAt where it is.
	Key   reflect.Type
	KeyAt uintptr
	// Value is the type of the value, and ValueAt where it is.
	Value   reflect.Type
	ValueAt uintptr
}

// Made makes m, the beginning of a new result of the function, one whose value is yet to be filled
// in.
func (f *Function) Made(m *Meta) Held {
	m.more = &f.common
	return m
}

// Value returns a pointer to the value.
func (m *Meta) Value() any { return m.at(m.Layout().Value, m.Layout().ValueAt) }

// Keyed returns a pointer to what identifies the value.
func (m *Meta) Keyed() any { return m.at(m.Layout().Key, m.Layout().KeyAt) }

// Layout says what the result is in memory.
func (m *Meta) Layout() *Layout { return m.more.layout }

func (m *Meta) at(t reflect.Type, offset uintptr) any {
	return reflect.NewAt(t, unsafe.Add(unsafe.Pointer(m), offset)).Interface()
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
