package engine

import (
	"context"
	"time"
)

// LeastLook is what looking into a store may take at least.
const LeastLook = 5 * time.Millisecond * slowness

// firstLook is what it may take before anybody knows how long the function takes.
const firstLook = time.Second * slowness

// looks returns the context in which the call looks into the store. All its looks together, until
// it executes, take no longer than the function usually does, nor more than a quarter of what is
// left until the caller's deadline: so under a store that hangs a call takes twice its time.
func (v *visit) looks() (context.Context, context.CancelFunc) {
	if v.until.IsZero() {
		now := time.Now()
		v.until = now.Add(v.patience(now))
	}
	l := newLook(v.ctx, v.until)
	return l, func() { v.until = v.until.Add(l.end()) }
}

// takingOver is until when a call looks into the store that waited for another one since a moment,
// in vain. The wait counts as looking: the store may hang.
func (v *visit) takingOver(waits time.Time) time.Time {
	if waits.IsZero() {
		return waits // it has not looked yet
	}
	now := time.Now()
	p := v.patience(now)
	return now.Add(max(p-now.Sub(waits), min(p, LeastLook)))
}

// hurried reports whether the call's deadline left it less than LeastLook for a look.
func (v *visit) hurried() bool {
	deadline, ok := v.ctx.Deadline()
	return ok && time.Until(deadline) < 3*LeastLook // when it has looked for a quarter of its time
}

// patience is for how long the call looks into the store from now on.
func (v *visit) patience(now time.Time) time.Duration {
	d := firstLook
	if usual := v.fn.tally.usual(); usual > 0 {
		d = max(usual, LeastLook)
	}
	if v.settings.Patient != nil && v.settings.Patient() {
		d = v.state.cache.config.StoreTimeout
	}
	if deadline, ok := v.ctx.Deadline(); ok {
		d = min(d, deadline.Sub(now)/4)
	}
	return d
}
