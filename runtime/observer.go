package cache

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// Observer observes calls, and the operations in them that take time. Each function may be nil, and
// then costs nothing. Calls to the functions may overlap. They must be quick, because cached calls
// wait for them. A panic in one of them is logged, and fails no call.
type Observer struct {
	// Event is called when a call has ended, and for each fault. ctx is the context of the call, as
	// Begin returned it. For a hit in memory, only Event is called.
	Event func(ctx context.Context, e Event)
	// Begin is called when an operation begins. It returns the context of the operation: ctx, or a
	// context derived from it, for example with a span.
	Begin func(ctx context.Context, o Operation) context.Context
	// End is called when the operation has ended, with the context that Begin returned, the time
	// that the operation took, and its error.
	End func(ctx context.Context, o Operation, took time.Duration, err error)
}

// Operation is a part of a cached call that takes time.
type Operation struct {
	// Kind says which.
	Kind Kind
	// Func is the function's name; "" for an operation of a store.
	Func string
	// Key is the key of the result; zero for an operation of a store, and for a batch.
	Key Key
	// Store is the name of the store, for an operation of one: "default", or as in store=.
	Store string
	// Background reports that no call waits for the operation. Its context then has the values of
	// the context of the call that asked for it.
	Background bool
}

// Kind is the kind of an operation.
type Kind = engine.Kind

// Kinds.
const (
	Calling    = engine.Calling    // a call that memory does not answer at once
	Executing  = engine.Executing  // the function itself, for one call or a batch
	Refreshing = engine.Refreshing // a stale result is made anew, in the background
	Auditing   = engine.Auditing   // a hit is executed too, in the background, and compared
	Reading    = engine.Reading    // the store is asked for results
	Writing    = engine.Writing    // the store is given results, removals or marks
	Looking    = engine.Looking    // the store is asked for marks, leases and what others changed
	Opening    = engine.Opening    // the store is opened
)

func (o *Observer) engine() *engine.Observer {
	e := new(engine.Observer)
	if f := o.Event; f != nil {
		e.Event = func(ctx context.Context, e engine.Event) { f(ctx, Event(e)) }
	}
	if f := o.Begin; f != nil {
		e.Begin = func(ctx context.Context, op engine.Operation) context.Context { return f(ctx, Operation(op)) }
	}
	if f := o.End; f != nil {
		e.End = func(ctx context.Context, op engine.Operation, took time.Duration, err error) {
			f(ctx, Operation(op), took, err)
		}
	}
	return e
}

// Watch lets o observe all calls of the process, whatever their contexts and caches, until stop is
// called.
func Watch(o Observer) (stop func()) { return engine.Watch(o.engine()) }

// WithObserver returns a context whose cached calls o observes, besides the observers of ctx.
func WithObserver(ctx context.Context, o Observer) context.Context {
	return engine.WithObserver(ctx, o.engine())
}

// Observe returns a context whose cached calls f observes, besides the observers of ctx. Calls to f
// may overlap. Events about writes to a store come after the call returned. For more than events,
// use [WithObserver].
func Observe(ctx context.Context, f func(Event)) context.Context {
	return engine.WithObserver(ctx, &engine.Observer{Event: func(_ context.Context, e engine.Event) { f(Event(e)) }})
}
