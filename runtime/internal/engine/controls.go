package engine

import (
	"cmp"
	"context"
	"errors"
	"runtime"

	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/store"
)

// ErrUnkeyed says that arguments have no key.
var ErrUnkeyed = errors.New("cache: the arguments have no key")

// ErrReadOnly says that the mode lets nothing be written.
var ErrReadOnly = errors.New("cache: the mode writes nothing")

// ErrClosed says that the cache was closed: nobody would learn of what was put or forgotten.
var ErrClosed = errors.New("cache: closed")

// Lookup returns the result that the call would find, whatever its mode.
func (f *Function) Lookup(ctx context.Context, hash uint64, c Call) (Held, Entry, bool) {
	v := f.visit(ctx, hash, c)
	v.mode, v.asked = Use, 0
	v.state.flights.Begin(v.hash)
	defer v.state.flights.End(v.hash)
	h := v.found()
	if h == nil {
		return nil, Entry{}, false
	}
	return h, v.entry(h.About(), v.event.Tier), true
}

// Put makes h the result for the call, as if an execution had just begun and ended.
func (f *Function) Put(ctx context.Context, hash uint64, c Call, h Held) error {
	v := f.visit(ctx, hash, c)
	cache := v.state.cache
	if err := cache.refusal(); err != nil {
		return err
	}
	if !v.write {
		return ErrReadOnly
	}
	m := h.About()
	m.made(f, cache.clock.Stamp(), cache.clock.AboveSeen(v.known()), cache.clock.Now(), 0)
	if !v.describe(h, v.prepare()) {
		return ErrUnkeyed
	}
	if v.state.stored() {
		defer cache.pending.begin(v.key(), &change{held: h, stamp: m.Stamp, imposes: true})()
	}
	v.state.flights.Outdate(v.hash, m.Began(), func() {
		v.state.forget(v.hash)
		v.state.memory.Insert(v.hash, h)
	})
	v.state.room.Trim()
	v.state.supersede(m)
	if v.targeted() {
		return v.leave(ctx, h, true)
	}
	if !v.state.stored() {
		return nil
	}
	e, err := v.enveloped(h, c.Inputs(f.Options.KeepInputs))
	if err != nil {
		return err
	}
	session := v.state.tier.table().Session()
	stamp, err := v.impose(ctx, &e, m.Stamp)
	if err != nil {
		v.outdate() // it may be there or not
		return err
	}
	m.keptInStore()
	m.follow(session)
	if stamp != m.Stamp {
		v.outdate() // the store has it with a later stamp than memory
	}
	return v.state.announce(ctx)
}

// Forget makes the result for the call unusable, and what executions under way come to.
func (f *Function) Forget(ctx context.Context, hash uint64, c Call) error {
	v := f.visit(ctx, hash, c)
	cache := v.state.cache
	if err := cache.refusal(); err != nil {
		return err
	}
	over := cache.clock.OverSeen(v.known())
	if v.state.stored() {
		defer cache.pending.begin(v.key(), &change{stamp: over, imposes: true})()
	}
	v.outdate()
	if v.targeted() {
		return v.vacate(ctx)
	}
	if !v.state.stored() {
		return nil
	}
	e := v.envelope()
	e.Began, e.Completed, e.Tombstone = cache.nanos(), cache.nanos(), true
	stamp, err := v.impose(ctx, &e, over)
	if err != nil {
		return err
	}
	if stamp != over {
		v.outdate() // somebody may have read meanwhile what the store had
	}
	return v.state.announce(ctx)
}

// known is the latest stamp that this process has under the call's key, in memory or on its way to
// the store.
func (v *visit) known() (stamp int64) {
	if h := v.state.memory.Get(v.hash); h != nil && v.call.Holds(h) {
		stamp = h.About().Stamp
	}
	if v.state.stored() {
		for _, c := range v.state.cache.pending.of(v.key()) {
			stamp = max(stamp, c.stamp)
		}
	}
	return stamp
}

// outdate makes sure that memory has nothing of the call that began before now, nor keeps what of
// it is being made or read.
func (v *visit) outdate() { v.outdateAfter(func() {}) }

// outdateAfter is outdate which calls first before that, and nothing becomes the entry in between.
func (v *visit) outdateAfter(first func()) {
	now := v.state.cache.clock.Stamp()
	v.state.flights.Outdate(v.hash, now, func() {
		first()
		v.state.forget(v.hash)
	})
	if v.fn.shares() {
		v.state.vacateSiblings(v.key(), now)
	}
}

// impose writes an entry to the store whatever that has, and returns the stamp which that took.
func (v *visit) impose(ctx context.Context, e *entry.Entry, over int64) (stamp int64, err error) {
	b, err := e.Encode()
	if err != nil {
		return 0, err
	}
	return ask(ctx, v.state.tier, writing, func(ctx context.Context, st store.Store) (int64, error) {
		return v.state.cache.clock.Impose(ctx, st, v.state.name(e.Key), over, func(stamp int64) (store.Item, error) {
			return store.Item{Value: b, Stamp: stamp}, nil
		})
	})
}

// Key returns the call's key in hexadecimal digits.
func (f *Function) Key(ctx context.Context, c Call) string { return f.visit(ctx, 0, c).key().String() }

// Clear makes all results of the function's namespace in the context's scope unusable, and what
// executions under way come to.
func (f *Function) Clear(ctx context.Context) error {
	if f.Options.Target != "" {
		return ErrTarget
	}
	s := f.visit(ctx, 0, nil).state
	if err := s.cache.refusal(); err != nil {
		return err
	}
	now, mark := s.cache.clock.Stamp(), s.scope.namespaceMark(f.Namespace())
	if s.stored() {
		defer runtime.KeepAlive(s.tier.table().Raise(mark)) // before anything newer is outdated
	}
	s.flights.OutdateAll(now, s.forgetAll)
	for o := range s.relatives() {
		o.flights.OutdateAll(now, o.forgetAll)
	}
	if !s.stored() {
		return nil
	}
	t, err := s.tier.follow(ctx)
	if err != nil {
		return err
	}
	return t.Set(ctx, mark)
}

// Unkeyed notes a call without a key, because of err if it is not nil. It returns an error if
// nothing may be executed.
func (f *Function) Unkeyed(ctx context.Context, why Reason, err error) error {
	v := f.visit(ctx, 0, nil)
	defer v.finish()
	v.event = Event{Outcome: Bypassed, Reason: cmp.Or(v.event.Reason, why), Err: err}
	if v.mode == Frozen && !f.Options.Disabled {
		if failure := v.missing(); failure != nil {
			return failure
		}
	}
	if failure := v.unrecorded(); failure != nil {
		return failure
	}
	if why == NoRun {
		f.warn.Do(func() {
			v.state.cache.faults.logger().Warn("cachegen: per=run without WithRun: not cached", "func", f.Name)
		})
	}
	return nil
}

// Unkept tells that a result can't be kept.
func (f *Function) Unkept(ctx context.Context, err error) { f.visit(ctx, 0, nil).fault(Unkept, err) }

// ForgetTags makes all results in the context's scope unusable that belong to one of the tags.
func ForgetTags(ctx context.Context, tags ...string) error {
	return forget(ctx, func(f *Function) bool { return f.Hooks.Tags != nil }, scope.tagMark, tags)
}

// ForgetRun makes all results in the context's scope unusable that belong to the run.
func ForgetRun(ctx context.Context, run string) error {
	return forget(ctx, func(f *Function) bool { return f.Options.PerRun }, scope.runMark, []string{run})
}

// forget marks what names stand for. Functions that results may belong to it have their executions
// run on for those who wait only.
func forget(ctx context.Context, concerns func(*Function) bool, mark func(scope, string) string, names []string) error {
	settings := SettingsOf(ctx)
	c := settings.cache()
	in := c.scope(&settings)
	marked := make([]string, len(names))
	for i, name := range names {
		marked[i] = mark(in, name)
	}
	if err := c.refusal(); err != nil {
		return err
	}
	now := c.clock.Stamp()
	var errs []error
	for _, t := range c.tiers.all() {
		defer runtime.KeepAlive(t.table().Raise(marked...)) // before anything newer is outdated
	}
	errs = append(errs, c.marks.Set(ctx, marked...))
	for _, s := range c.states.all() {
		if concerns(s.fn) && s.scope == in {
			s.flights.OutdateAll(now, func() {})
		}
	}
	for _, t := range c.tiers.all() {
		table, err := t.follow(ctx)
		if err == nil {
			err = table.Set(ctx, marked...)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
