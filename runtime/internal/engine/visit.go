package engine

import (
	"context"
	"errors"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/internal/lease"
)

// ErrFrozen is the error of a call in mode Frozen that has no entry.
var ErrFrozen = errors.New("cache: no entry, and the mode is frozen")

// visit is a call on its way through the tiers.
type visit struct {
	ctx      context.Context
	call     Call
	hash     uint64
	fn       *Function
	state    *State
	settings *Settings // which nobody may change
	began    time.Time // the call
	now      time.Time // when something found was last judged
	latest   int64     // the latest stamp of what was found
	mode     Mode
	write    bool            // whether results may be written
	again    bool            // whether it makes anew in the background what is stale
	blind    bool            // whether nothing that is there can be trusted
	asked    int64           // results that this process began before are not read
	above    int64           // nor are those of others with lesser stamps, if asked is not 0
	entered  int64           // when it last entered a flight, or began to ask a store
	short    bool            // whether hits can take the short way
	finding                  // of the present look
	question                 // that the store was asked last
	due      bool            // whether the stale result that was used is to be made anew, and may be kept
	place    *place          // where the result lives, if it has a target
	base     int64           // the stamp of what the store had for it then, 0 for nothing, or unasked
	until    time.Time       // when it looks into the store no longer; zero before it does
	written  <-chan struct{} // closed when what was executed is stored, or will not be; nil if nothing is to be stored
	turn     *lease.Turn     // the right to execute alone, if there is one
	name     key.Key
	event    Event
	span     *span // that of the call; nil where nobody listens
}

// finding is what a look found that is no answer by itself. Each look begins without, because the
// call may have waited since the last one, and somebody may have removed what it found.
type finding struct {
	doubted Held // a result in memory that the store may have replaced
	stale   Held // a result that is too old, but would do
}

// question is what was known when the store was asked about the call.
type question struct {
	unsaved Held      // what was doubted, if it was not in the store then
	pending []*change // what was about to be written
	session uint64    // of the table; 0 if the store gave no answer
	loaded  *loaded   // the answer, if it was read already
}

// visit returns the visit of a call whose context is ctx.
func (f *Function) visit(ctx context.Context, hash uint64, c Call) *visit {
	s := settingsOf(ctx)
	cache := s.cache() // which reads the file of settings, when it is the first
	s = f.aged(s)
	v := &visit{ctx: ctx, call: c, hash: hash, fn: f, settings: s, base: unasked}
	v.began = cache.clock.Now()
	v.now = v.began
	mode, ceiling := cache.mode(f)
	if s.Mode != 0 {
		mode = s.Mode
	}
	v.mode, v.write = mode.under(ceiling)
	switch {
	case v.mode != Refresh:
	case s.Mode == Refresh:
		v.asked, v.above = s.Asked.in(cache)
	default:
		v.asked, v.above = cache.made.began, cache.made.over
	}
	v.state = cache.state(f, cache.scope(s))
	switch {
	case f.outdated(): // what the version names is other code's, or keys and copies leave something out
		v.distrust(CodeChanged)
	case v.state.tier != nil && cache.closed.Load(): // nobody tells what others forgot
		v.distrust(StoreFailed)
	}
	v.short = s.Cache == nil && !s.Scoped && !f.longWay()
	if f.Options.Target != "" && c != nil {
		v.locate()
	}
	return v
}

// Do returns the result for the call. The result is from memory or a store, shared with a call in
// flight, or executed in this goroutine.
func (f *Function) Do(ctx context.Context, hash uint64, c Call) (Held, error) {
	v := f.visit(ctx, hash, c)
	v.start()
	defer v.finish()
	switch {
	case f.Options.Disabled || v.mode == Bypass:
		return v.bypass()
	case v.mode == Frozen:
		return v.frozen()
	}
	v.pave()
	h, err := v.serve()
	v.await()
	if v.due {
		v.revalidate()
	}
	v.audited(h)
	return h, err
}

// serve returns the result for the call from wherever it is to be had.
func (v *visit) serve() (Held, error) {
	if h := v.recall(); h != nil {
		return h, nil
	}
	if h := v.meanwhile(); h != nil {
		return h, nil
	}
	if v.fn.Options.NoJoin {
		return v.alone(v.ctx)
	}
	return v.join()
}

// bypass calls the function as if there were no cache.
func (v *visit) bypass() (Held, error) {
	if err := v.unrecorded(); err != nil {
		return nil, err
	}
	v.event.Outcome = Bypassed
	h, err := v.invoke(v.ctx)
	v.event.Err = err
	return h, err
}

// frozen returns what is there and executes nothing.
func (v *visit) frozen() (Held, error) {
	v.state.flights.Begin(v.hash)
	defer v.state.flights.End(v.hash)
	if h := v.found(); h != nil {
		return h, nil
	}
	if err := v.missing(); err != nil {
		return nil, err
	}
	return v.bypass()
}

// missing returns the error of a call that would have to execute, where nothing may execute. If the
// function has no error result, it panics in test binaries; elsewhere the call executes after all.
func (v *visit) missing() error {
	if !v.fn.Options.Infallible {
		v.event.Outcome = Miss
		v.event.Err = v.unfrozen()
		return v.event.Err
	}
	if inTest() {
		panic(v.unfrozen())
	}
	return nil
}
