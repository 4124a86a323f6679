package engine

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/memory"
)

// Way is the short way of hits: straight to a function's memory in one cache and scope, without a
// [visit]. A function has one way for calls whose context says nothing of caching. Settings in a
// context keep the ways that were made under them.
type Way struct {
	fn       *Function
	state    *State
	settings *Settings // under which it was made; nil: none
	epoch    int64     // of the file of settings
}

// waysKept is how many ways the settings of a context keep. If more functions are called under one
// context, some of their ways are made again.
const waysKept = 4

// controls are the settings in a context, and the ways that were made under them.
type controls struct {
	Settings
	ways [waysKept]atomic.Pointer[Way]
}

// Hit returns the header of the entry in memory under the hash, and the way by which it was found.
// It returns nil if there is none, or if the call has to take the long way. It counts nothing: the
// caller compares the key first, and then asks Usable.
func (f *Function) Hit(ctx context.Context, hash uint64) (*memory.Header, *Way) {
	w := f.way.Load()
	if controlled.Load() {
		w = f.wayIn(ctx)
	}
	if w == nil || w.barred() {
		return nil, nil
	}
	return w.state.memory.Find(hash), w
}

// barred reports whether hits must take the long way instead: the settings have changed since the
// way was made, or hits are audited.
func (w *Way) barred() bool {
	return controlled.Load() && (w.epoch != live.epoch.Load() || draw(w.state.cache.share(w.fn)))
}

// wayIn returns the function's way for the context, nil if there is none.
func (f *Function) wayIn(ctx context.Context) *Way {
	if controlled.Load() {
		if c, _ := ctx.Value(settingsKey{}).(*controls); c != nil {
			return c.way(f)
		}
	}
	return f.way.Load()
}

// way returns f's way under the settings, nil if it has none.
func (c *controls) way(f *Function) *Way {
	kept := &c.ways[f.number%waysKept]
	if w := kept.Load(); w != nil && w.fn == f && w.epoch == live.epoch.Load() {
		w.state.touch()
		return w
	}
	return c.find(f, kept)
}

// find makes the way to f's memory, if hits may take it and there is such a memory, and keeps it.
//
//go:noinline
func (c *controls) find(f *Function, kept *atomic.Pointer[Way]) *Way {
	s := &c.Settings
	if f.aged(s).HasMaxAge || f.longWay() || f.private != nil { // the latter would keep what goes with its receiver
		return nil
	}
	cache := s.cache()
	if cache.config.Now != nil { // ages that Usable tells are those of the process's clock
		return nil
	}
	mode, ceiling := cache.mode(f)
	if s.Mode != 0 {
		mode = s.Mode
	}
	if mode, _ = mode.under(ceiling); mode != Use && mode != ReadOnly {
		return nil
	}
	state := cache.states.at(address{cache, f, cache.scope(s)})
	if state == nil {
		return nil
	}
	w := &Way{f, state, s, live.epoch.Load()}
	kept.Store(w)
	return w
}

// pave has hits of calls without settings take the short way, if they may.
func (v *visit) pave() {
	if !v.short || v.settings.HasMaxAge || v.state.cache.config.Now != nil {
		return
	}
	if w := v.fn.way.Load(); w == nil || w.state != v.state || w.epoch != live.epoch.Load() {
		v.fn.way.Store(&Way{fn: v.fn, state: v.state, epoch: live.epoch.Load()})
	}
}

// Usable reports whether a result that Hit returned is young enough to be used. If so, it counts
// the hit.
func (f *Function) Usable(m *Meta) bool {
	if limit := m.limit(); limit != 0 && (limit < 0 || f.ages.Of(m.completed) > limit) {
		return false
	}
	if m.more != &f.common && !m.allows() {
		return false
	}
	m.Touch()
	f.tally.hits.add(m.Cost)
	return true
}

// Observed reports whether anybody is told of hits by the way.
func (w *Way) Observed() bool {
	if !observing.Load() {
		return false
	}
	a := w.audience()
	return !a.empty()
}

func (w *Way) audience() audience { return w.state.cache.audience(w.settings) }

// Tell tells observers of a hit. It allocates nothing.
func (w *Way) Tell(ctx context.Context, h Held) {
	m := h.About()
	e := Event{Func: w.fn.Name, Key: Key{state: w.state, held: h}, Outcome: Hit, Tier: MemoryTier, Cost: m.Cost}
	if m.limit() > 0 { // else nobody needed a clock
		e.Age = max(m.Age(time.Now()), 0)
	}
	a := w.audience()
	a.event(ctx, &e)
}
