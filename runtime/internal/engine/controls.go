package engine

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"runtime"
	"time"
)

// ErrUnkeyed says that arguments have no key.
var ErrUnkeyed = errors.New("cache: the arguments have no key")

// ErrReadOnly says that the mode lets nothing be written.
var ErrReadOnly = errors.New("cache: the mode writes nothing")

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
	if !v.write {
		return ErrReadOnly
	}
	m := h.About()
	m.Began, m.Completed = stamp(), time.Now()
	if !v.describe(h, v.prepare(ctx)) {
		return ErrUnkeyed
	}
	if v.state.stored() {
		defer v.state.cache.pending.begin(v.key(), &change{h, m.Began})()
	}
	v.state.flights.Outdate(v.hash, m.Began, func() {
		v.state.forget(v.hash)
		v.state.memory.Insert(v.hash, h)
	})
	v.state.room.Trim()
	v.state.supersede(m.name, m.Began)
	if v.targeted() {
		return v.leave(ctx, h, true)
	}
	if !v.state.stored() {
		return nil
	}
	if err := v.put(ctx, h, c.Inputs(f.Options.KeepInputs)); err != nil {
		return err
	}
	return v.state.announce(ctx)
}

// Forget makes the result for the call unusable, and what executions under way come to.
func (f *Function) Forget(ctx context.Context, hash uint64, c Call) error {
	v := f.visit(ctx, hash, c)
	now := stamp()
	if v.state.stored() {
		defer v.state.cache.pending.begin(v.key(), &change{nil, now})()
	}
	v.state.flights.Outdate(v.hash, now, func() { v.state.forget(v.hash) })
	if f.shares() {
		v.state.supersede(v.key(), now)
	}
	if v.targeted() {
		return v.vacate(ctx)
	}
	if !v.state.stored() {
		return nil
	}
	e := v.envelope()
	e.Began, e.Completed, e.Tombstone = now, time.Now().UnixNano(), true
	if _, err := v.state.putEntry(ctx, v.state.name(e.Key), &e); err != nil {
		return err
	}
	return v.state.announce(ctx)
}

// Key returns the call's key in hexadecimal digits.
func (f *Function) Key(ctx context.Context, c Call) string { return f.visit(ctx, 0, c).key().String() }

// Clear makes all results of the function's namespace in the context's scope unusable, and what executions under way come to.
func (f *Function) Clear(ctx context.Context) error {
	if f.Options.Target != "" {
		return ErrTarget
	}
	s := f.visit(ctx, 0, nil).state
	now, mark := stamp(), s.scope.namespaceMark(f.Namespace())
	if s.stored() {
		defer runtime.KeepAlive(s.tier.table().Raise(now, mark)) // before anything newer is outdated
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
	return t.Set(ctx, now, mark)
}

// Unkeyed notes a call without a key, because of err if it is not nil. It returns an error if nothing may be executed.
func (f *Function) Unkeyed(ctx context.Context, why Reason, err error) error {
	v := f.visit(ctx, 0, nil)
	if v.observed() {
		defer v.tell()
	}
	v.event = Event{Outcome: Bypassed, Reason: cmp.Or(v.event.Reason, why), Err: err}
	if v.mode == Frozen && !f.Options.Disabled {
		if failure := v.missing(); failure != nil {
			return failure
		}
	}
	f.tally.calls[Bypassed].Add(1)
	if why == NoRun {
		f.warn.Do(func() {
			slog.Default().Warn("cachegen: per=run without WithRun: not cached", "func", f.Name)
		})
	}
	return nil
}

// ForgetTags makes all results in the context's scope unusable that belong to one of the tags.
func ForgetTags(ctx context.Context, tags ...string) error {
	return forget(ctx, func(f *Function) bool { return f.Hooks.Tags != nil }, scope.tagMark, tags)
}

// ForgetRun makes all results in the context's scope unusable that belong to the run.
func ForgetRun(ctx context.Context, run string) error {
	return forget(ctx, func(f *Function) bool { return f.Options.PerRun }, scope.runMark, []string{run})
}

// forget marks what names stand for. Functions that results may belong to it have their executions run on for those who wait only.
func forget(ctx context.Context, concerns func(*Function) bool, mark func(scope, string) string, names []string) error {
	settings := SettingsOf(ctx)
	c := settings.cache()
	in := c.scope(&settings)
	marked := make([]string, len(names))
	for i, name := range names {
		marked[i] = mark(in, name)
	}
	now := stamp()
	var errs []error
	for _, t := range c.tiers.all() {
		defer runtime.KeepAlive(t.table().Raise(now, marked...)) // before anything newer is outdated
	}
	errs = append(errs, c.marks.Set(ctx, now, marked...))
	for _, s := range c.states.all() {
		if concerns(s.fn) && s.scope == in {
			s.flights.OutdateAll(now, func() {})
		}
	}
	for _, t := range c.tiers.all() {
		table, err := t.follow(ctx)
		if err == nil {
			err = table.Set(ctx, now, marked...)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
