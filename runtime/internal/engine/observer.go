package engine

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/guard"
)

// Observer is who is told of calls and of what takes time in them. Each function may be nil.
type Observer struct {
	Event func(ctx context.Context, e Event)
	Begin func(ctx context.Context, o Operation) context.Context
	End   func(ctx context.Context, o Operation, took time.Duration, err error)
}

// Kind says what an operation is.
type Kind uint8

// Kinds; package runtime documents them. Those of stores come last.
const (
	Calling Kind = iota + 1
	Executing
	Refreshing
	Auditing
	Reading
	Writing
	Looking
	Opening
	kinds
)

var kindNames = [...]string{"", "call", "execute", "refresh", "audit", "read", "write", "look", "open"}

// String returns the kind's name.
func (k Kind) String() string { return name(kindNames[:], int(k)) }

// MarshalText returns the kind's name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Operation is what begins and ends.
type Operation struct {
	Kind       Kind
	Func       string
	Key        Key
	Store      string
	Background bool
}

// everywhere are the observers of the whole process.
var everywhere struct {
	mu   sync.Mutex
	list atomic.Pointer[[]*Observer]
}

// Watch has o told of all calls of the process until stop is called.
func Watch(o *Observer) (stop func()) {
	observing.Store(true)
	change := func(edit func([]*Observer) []*Observer) {
		everywhere.mu.Lock()
		defer everywhere.mu.Unlock()
		l := edit(slices.Clone(watching()))
		everywhere.list.Store(&l)
	}
	change(func(l []*Observer) []*Observer { return append(l, o) })
	return func() {
		change(func(l []*Observer) []*Observer {
			return slices.DeleteFunc(l, func(other *Observer) bool { return other == o })
		})
	}
}

func watching() []*Observer {
	if l := everywhere.list.Load(); l != nil {
		return *l
	}
	return nil
}

// audience is who is told of a call: by its context, its cache, and in the whole process.
type audience struct {
	settings *Settings // of the context; nil: it has none
	cache    *Cache
	process  []*Observer
}

// audience returns who is told of what happens with the settings, which may be nil.
func (c *Cache) audience(s *Settings) audience { return audience{s, c, watching()} }

// all calls f for every observer.
func (a *audience) all(f func(*Observer)) {
	if a.settings != nil {
		for _, o := range a.settings.Observers {
			f(o)
		}
	}
	if o := a.cache.observer; o != nil {
		f(o)
	}
	for _, o := range a.process {
		f(o)
	}
}

// empty reports whether nobody is told of anything.
func (a *audience) empty() bool {
	return a.cache.observer == nil && len(a.process) == 0 && (a.settings == nil || len(a.settings.Observers) == 0)
}

// event tells of an event.
func (a *audience) event(ctx context.Context, e *Event) {
	a.all(func(o *Observer) {
		if o.Event != nil {
			a.cache.inform(func() { o.Event(ctx, *e) })
		}
	})
}

// span is an operation under way.
type span struct {
	audience
	op    Operation
	began time.Time
	on    []begun // in the order in which they were told
}

// begun is an observer that was told of a beginning, with the context that it made of that.
type begun struct {
	observer *Observer
	ctx      context.Context
}

// begin tells observers that an operation begins, and returns the context in which it goes on. If
// nobody listens, there is no span.
func (a *audience) begin(ctx context.Context, op Operation) (context.Context, *span) {
	if a.empty() {
		return ctx, nil
	}
	s := &span{audience: *a, op: op}
	a.all(func(o *Observer) {
		if o.Begin != nil {
			a.cache.inform(func() {
				if c := o.Begin(ctx, op); c != nil {
					ctx = c
				}
			})
		}
		if o.Begin != nil || o.End != nil {
			s.on = append(s.on, begun{o, ctx})
		}
	})
	if s.on == nil {
		return ctx, nil
	}
	s.began = time.Now()
	return ctx, s
}

// end tells that the operation ended. It is fine for a span that is nil.
func (s *span) end(err error) {
	if s == nil {
		return
	}
	took := time.Since(s.began)
	for _, b := range slices.Backward(s.on) {
		if b.observer.End != nil {
			s.cache.inform(func() { b.observer.End(b.ctx, s.op, took, err) })
		}
	}
}

// inform calls an observer. A panic of it is logged: it must not fail the call.
func (c *Cache) inform(call func()) {
	if err := guard.Run("an observer", call); err != nil {
		c.faults.log("observer", err)
	}
}

// listens reports whether anybody is told of events, or of beginnings and ends if those matter.
func (a *audience) listens(of func(*Observer) bool) (yes bool) {
	a.all(func(o *Observer) { yes = yes || of(o) })
	return yes
}

func wantsEvents(o *Observer) bool { return o.Event != nil }
func wantsSpans(o *Observer) bool  { return o.Begin != nil || o.End != nil }
