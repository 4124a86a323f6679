package engine

import (
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// observed reports whether anybody wants to know what becomes of the call.
func (v *visit) observed() bool {
	return v.settings.Observe != nil || v.state.cache.config.Observe != nil
}

// tell tells observers of the call.
func (v *visit) tell() {
	if v.event.Outcome != 0 {
		v.send(v.event)
	}
}

func (v *visit) send(e Event) {
	e.Func = v.fn.Name
	if v.call != nil {
		e.Key = v.key().String()
	}
	e.Age = max(e.Age, 0)
	v.inform(v.settings.Observe, e)
	v.inform(v.state.cache.config.Observe, e)
}

// inform tells an observer, if there is one. A panic of it is logged: it must not fail the call.
func (v *visit) inform(observe func(Event), e Event) {
	if observe == nil {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			v.state.cache.faults.log("observer", fmt.Errorf("cache: an observer panicked: %v", p), "func", e.Func)
		}
	}()
	observe(e)
}

// fault tells of something that went wrong and does not fail the call.
func (v *visit) fault(why Reason, err error) { v.faultOf(why.String(), why, err) }

// faultOf is fault for what has a kind of its own in logs.
func (v *visit) faultOf(kind string, why Reason, err error) {
	v.fn.tally.calls[Fault].Add(1)
	v.state.cache.faults.log(kind, err, "func", v.fn.Name)
	if v.observed() {
		v.send(Event{Outcome: Fault, Reason: why, Err: err})
	}
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
	return Entry{
		Namespace: v.fn.Namespace(), Version: v.fn.Version, Key: v.key().String(), Began: m.Completed.Add(-m.Cost), Completed: m.Completed,
		Cost: m.Cost, Tier: t, Tags: m.Tags,
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

// due reports whether a fault of the kind is to be logged now, and how many were not since the last one that was.
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
