package engine

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// audience returns who is told of the call.
func (v *visit) audience() audience { return v.state.cache.audience(v.settings) }

// observed reports whether anybody wants to know what becomes of the call.
func (v *visit) observed() bool {
	a := v.audience()
	return a.listens(wantsEvents)
}

// start tells that the call began, which leaves the short way.
func (v *visit) start() {
	v.ctx, v.span = v.begin(v.ctx, Calling)
}

// begin tells that an operation begins that is for the call.
func (v *visit) begin(ctx context.Context, k Kind) (context.Context, *span) {
	a := v.audience()
	if !a.listens(wantsSpans) {
		return ctx, nil
	}
	return a.begin(ctx, Operation{Kind: k, Func: v.fn.Name, Key: v.identity(), Background: v.again})
}

// finish counts what became of the call, and tells observers.
func (v *visit) finish() {
	e := &v.event
	if e.Outcome != 0 {
		v.fn.tally.count(e)
		v.send(*e)
	}
	v.span.end(e.Err)
}

// send tells observers of an event.
func (v *visit) send(e Event) {
	if !v.observed() {
		return
	}
	e.Func, e.Key, e.Age = v.fn.Name, v.identity(), max(e.Age, 0)
	if e.Outcome != Fault {
		e.Duration = max(v.state.cache.clock.Now().Sub(v.began), 0)
	}
	a := v.audience()
	a.event(v.ctx, &e)
}

// identity returns the call's key for observers. It keeps nothing of the call alive.
func (v *visit) identity() Key {
	if v.call == nil {
		return Key{}
	}
	return Key{name: v.key()}
}

// fault tells of something that went wrong and does not fail the call.
func (v *visit) fault(why Reason, err error) { v.faultOf(why.String(), why, err) }

// faultOf is fault for what has a kind of its own in logs.
func (v *visit) faultOf(kind string, why Reason, err error) {
	e := Event{Outcome: Fault, Reason: why, Err: err}
	v.fn.tally.count(&e)
	if _, ok := errors.AsType[hasty](err); !ok {
		v.state.cache.faults.log(kind, err, "func", v.fn.Name)
	}
	v.send(e)
}

// key returns the call's key in stores.
func (v *visit) key() key.Key {
	if v.name == (key.Key{}) {
		v.name = v.call.Key(v.state.prefix())
	}
	return v.name
}

// entry returns what users see of a result.
func (v *visit) entry(m *Meta, t Tier) Entry {
	completed := m.completed.Time()
	return Entry{
		Namespace: v.fn.Namespace(), Version: v.fn.Version, Key: v.key().String(), Began: completed.Add(-m.Cost), Completed: completed,
		Cost: m.Cost, Tier: t, Tags: m.detail().tags,
	}
}

// faults logs what goes wrong: each kind at once, and then no more than once a minute.
type faults struct {
	to   *slog.Logger // nil: the default one, at the time
	mu   sync.Mutex
	last map[string]time.Time
	more map[string]int
}

// logger is where what goes wrong is told.
func (f *faults) logger() *slog.Logger {
	if f.to != nil {
		return f.to
	}
	return slog.Default()
}

func (f *faults) log(kind string, err error, args ...any) {
	skipped, ok := f.due(kind)
	if !ok {
		return
	}
	args = append([]any{"kind", kind, "err", err}, args...)
	if skipped > 0 {
		args = append(args, "unlogged", skipped)
	}
	f.logger().Warn("cachegen: a fault of the cache", args...)
}

// due reports whether to log a fault of the kind now, and how many faults were not logged since the
// last one that was.
func (f *faults) due(kind string) (skipped int, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if last, seen := f.last[kind]; seen && now.Sub(last) < time.Minute {
		f.more[kind]++
		return 0, false
	}
	if f.last == nil {
		f.last, f.more = map[string]time.Time{}, map[string]int{}
	}
	skipped = f.more[kind]
	f.last[kind], f.more[kind] = now, 0
	return skipped, true
}
