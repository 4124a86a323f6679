package cache

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// Observer is told of calls, and of what takes time in them. Each function may be nil: what nobody asks for costs nothing. Calls to them may
// overlap, and must be quick, for cached calls wait for them. A panic in one is logged, and fails no call.
type Observer struct {
	// Event is told of each call when it has ended, and of each fault. ctx is the call's, as Begin made it. For a hit in memory it
	// is all that is told.
	Event func(ctx context.Context, e Event)
	// Begin is told that something begins, and returns the context in which it goes on: ctx, or one that comes from it, with a
	// span say.
	Begin func(ctx context.Context, o Operation) context.Context
	// End is told that it ended, with the context that Begin returned, how long it took, and the error that it came to.
	End func(ctx context.Context, o Operation, took time.Duration, err error)
}

// Operation is something in a cached call that takes time.
type Operation struct {
	// Kind says what.
	Kind Kind
	// Func is the function's name; "" for an operation of a store.
	Func string
	// Key is the key of the result; zero for an operation of a store, and for a batch.
	Key Key
	// Store is the name of the store, for an operation of one: "default", or as in store=.
	Store string
	// Background says that no call waits for it. The context then has the values of that of the call that asked for it.
	Background bool
}

// Kind says what an operation is.
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

// Watch has o told of the calls of the whole process, whatever their contexts and caches, until stop is called.
func Watch(o Observer) (stop func()) { return engine.Watch(o.engine()) }

// WithObserver returns a context whose cached calls are told to o, besides those who observe ctx already.
func WithObserver(ctx context.Context, o Observer) context.Context {
	return engine.WithObserver(ctx, o.engine())
}

// Observe returns a context whose cached calls are told to f, besides those who observe ctx already. Calls to f may overlap, and
// what concerns writing to a store comes after the call returned. It is [WithObserver] for events alone.
func Observe(ctx context.Context, f func(Event)) context.Context {
	return engine.WithObserver(ctx, &engine.Observer{Event: func(_ context.Context, e engine.Event) { f(Event(e)) }})
}
