package engine

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/internal/lease"
)

// fill returns the call's result out of the tiers, or makes it, and then keeps it. f is its flight,
// nil if nobody can join.
func (v *visit) fill(ctx context.Context, f *sharedRun) (h Held, made bool, err error) {
	if h := v.found(); h != nil {
		return h, false, nil
	}
	if h := v.meanwhile(); h != nil {
		return h, false, nil
	}
	if h := v.remembered(); h != nil {
		return h.held, false, h.err
	}
	if v.fn.Options.Serialize {
		return v.serialized(ctx, f)
	}
	return v.unserialized(ctx, f)
}

// execute runs the function and keeps its result.
func (v *visit) execute(ctx context.Context, f *sharedRun) (Held, error) {
	if err := v.unrecorded(); err != nil {
		return nil, err
	}
	p := v.prepare()
	clock := v.state.cache.clock
	began, start := clock.Begin()
	stamp := v.after(began)
	h, err := v.invoke(v.recording(ctx))
	end := clock.Now()
	cost := end.Sub(start)
	v.executed(cost, err)
	if h != nil {
		m := h.About()
		m.made(v.fn, began, stamp, end, cost)
	}
	switch {
	case v.ended(ctx, err):
		v.endTurn(lease.Abandoned)
	case err != nil:
		return v.failed(stamp, h, p, err)
	case h != nil && (v.write || v.state.flights.Wanted(f)):
		v.keep(h, p)
	}
	return h, err
}

// after returns the stamp for the result of an execution that begins at a moment: it is after all
// that the call found. One that is made anew on demand replaces what others are making.
func (v *visit) after(began int64) int64 {
	clock := v.state.cache.clock
	stamp := began
	if v.latest >= began {
		stamp = clock.Since(v.latest)
	}
	if v.mode == Refresh {
		stamp = max(stamp, clock.AboveSeen(v.latest))
	}
	return stamp
}

// executed notes an execution.
func (v *visit) executed(cost time.Duration, err error) {
	v.event.Outcome, v.event.Cost, v.event.Err = Miss, cost, err
	if v.asked > 0 {
		v.event.Outcome = Refreshed
	}
	v.fn.tally.spent.Add(int64(cost))
	if err != nil {
		v.fn.tally.failed.Add(1)
		return
	}
	v.fn.tally.took(cost)
}

// errLeft is what an execution came to that did not return.
var errLeft = errors.New("cache: the function panicked or called Goexit")

// invoke calls the function, and tells that it is executed.
func (v *visit) invoke(ctx context.Context) (h Held, err error) {
	ctx, span := v.begin(ctx, Executing)
	err = errLeft
	defer func() {
		if err == errLeft {
			v.left()
		}
		span.end(err)
	}()
	h, err = v.call.Execute(ctx)
	if h == nil && err == nil && v.call.Moved() {
		v.event.Reason = InputsChanged
	}
	return h, err
}

// left notes an execution that did not return.
func (v *visit) left() {
	v.event.Outcome, v.event.Err = cmp.Or(v.event.Outcome, Miss), errLeft
	if v.event.Outcome != Bypassed {
		v.fn.tally.failed.Add(1)
	}
}

// prepared is what is to be known about a result before its execution begins.
type prepared struct {
	belonging
	tags []string
	base int64 // the stamp of what the store had, 0 for nothing, unasked if it did not say
	ok   bool
}

// unasked is the stamp of what nobody asked the store about.
const unasked = -1

func (v *visit) prepare() prepared {
	if v.fn.Hooks.Tags == nil && v.run() == "" && !v.state.stored() {
		return prepared{ok: true} // it belongs to nothing
	}
	p := prepared{base: v.base}
	ctx, cancel := v.looks()
	defer cancel()
	if p.tags, p.ok = v.tags(); p.ok {
		p.belonging = v.belonging(v.state.table(ctx), p.tags)
		p.know(ctx)
	}
	return p
}

// keep puts a result into memory and, in the background, into the store.
func (v *visit) keep(h Held, p prepared) {
	if v.targeted() {
		if v.describe(h, p) && !v.unwanted(h) {
			v.deliver(h)
		}
		return
	}
	if !v.unwanted(h) && v.describe(h, p) {
		switch {
		case !h.About().detail().marked():
			v.store(h)
		case v.mode == Refresh:
			v.replaceUnkept(h) // it is forgotten already, but what there was may not be for a moment
		}
	}
	v.endTurn(lease.Unstored) // if save didn't take it
}

// store puts h into memory and, in the background, into the store.
func (v *visit) store(h Held) {
	stored, done := v.state.stored(), func() {}
	var name key.Key
	if stored {
		name = v.key()
	}
	settled := v.state.settleAfter(v.hash, h, true, func() { // so nothing comes between what it outdoes and itself
		if stored {
			v.outdo(h.About())
			done = v.state.cache.pending.begin(name, &change{held: h, stamp: h.About().Stamp})
		}
	})
	switch {
	case settled && stored:
		v.save(h, done)
	case !settled && v.mode == Refresh:
		v.replaceUnkept(h)
	}
}

// replaceUnkept writes to the store what was made anew on demand and memory can't keep: what there is
// by now, or is about to be written, may be older all the same, so nobody gets that meanwhile.
func (v *visit) replaceUnkept(h Held) {
	if !v.state.stored() {
		v.outdate()
		return
	}
	name, done := v.key(), func() {}
	v.outdateAfter(func() {
		v.outdo(h.About())
		done = v.state.cache.pending.begin(name, &change{stamp: h.About().Stamp, imposes: true, unkept: h.About()})
	})
	v.save(h, func() {
		v.outdate() // others may have read something
		done()
	})
}

// outdo makes sure that a result is after what began before it in this process, and ended sooner.
func (v *visit) outdo(m *Meta) {
	if old := v.state.memory.Get(v.hash); old != nil && v.call.Holds(old) && v.state.cache.executed(old.About()) < m.Began() {
		m.outstrip(v.fn, old.About().Stamp+1)
	}
	for _, p := range v.state.cache.pending.of(v.key()) {
		if p.held != nil && p.held.About().Began() < m.Began() {
			m.outstrip(v.fn, p.stamp+1)
		}
	}
}

// executed is when the execution of a result in memory began, if this process executed it; else it
// began before.
func (c *Cache) executed(m *Meta) int64 {
	if began, own := c.own.of(m.Stamp); own {
		return began // which was read from the store since, perhaps
	}
	return m.Began()
}

// describe completes what is known about a result that was made here, and reports whether it can be
// kept.
func (v *visit) describe(h Held, p prepared) bool {
	m := h.About()
	m.belong(v.fn, p)
	m.follow(v.session)
	if limit := v.limit(h); limit != m.limit() {
		m.detailed(v.fn).limit = limit
	}
	if v.state.stored() || v.fn.shares() {
		d := m.detailed(v.fn)
		d.name = v.key()
		d.base = p.base
	}
	m.SetSize(weigh(h))
	return p.ok
}

// belong says what the result belongs to, as it was when its execution began.
func (m *Meta) belong(f *Function, p prepared) {
	if p.table == nil && p.tags == nil {
		return
	}
	d := m.detailed(f)
	d.belonging, d.tags = p.belonging, p.tags
	d.belonging.began = d.began
}

// settle makes h the entry in memory unless something newer was written or removed while h was
// made, or else found, and reports whether nothing was.
func (s *State) settle(hash uint64, h Held, made bool) bool {
	return s.settleAfter(hash, h, made, func() {})
}

// settleAfter is settle which calls first before h is there, and no call of it or settle under the
// hash comes between.
func (s *State) settleAfter(hash uint64, h Held, made bool, first func()) bool {
	m := h.About()
	insert := func() {
		first()
		s.memory.Insert(hash, h)
		if !s.follows(m) {
			s.memory.Remove(hash)
		}
		if s.failures != nil {
			s.failures.RemoveOlder(hash, m.Stamp)
		}
	}
	if !s.flights.Settle(hash, m.Began(), s.cache.clock.Stamp(), made, insert) {
		return false
	}
	s.room.Trim()
	s.supersede(m)
	return true
}
