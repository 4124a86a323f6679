package engine

import (
	"context"
	"time"
)

// spare keeps h, which is over its age, if the function's options let it be used in need (RFC
// 5861).
func (v *visit) spare(h Held, age time.Duration, t Tier) {
	limit := v.limitOf(h.About())
	if limit <= 0 {
		return
	}
	o := &v.fn.Options
	if age <= limit+max(o.StaleWhileRevalidate, o.StaleIfError) && !v.rejected(h, t) {
		v.stale = h
	}
}

// late reports whether the spare result may be used within grace of its limit.
func (v *visit) late(grace time.Duration) bool {
	if v.stale == nil || grace <= 0 {
		return false
	}
	m := v.stale.About()
	return m.Age(v.now) <= v.limitOf(m)+grace
}

// meanwhile returns the spare result if it may be used while it is refreshed, or nil. A refresh is
// then due, if its result may be kept.
func (v *visit) meanwhile() Held {
	if !v.late(v.fn.Options.StaleWhileRevalidate) {
		return nil
	}
	v.due = v.write
	return v.use()
}

// use returns the spare result.
func (v *visit) use() Held {
	h := v.stale
	m := h.About()
	v.event.Outcome, v.event.Reason, v.event.Age, v.event.Cost = Stale, TooOld, m.Age(v.now), m.Cost
	return h
}

// revalidate makes the result anew in the background.
func (v *visit) revalidate() {
	key := v.key()
	again := &visit{
		base: unasked,
		call: v.call.Again(), hash: v.hash, fn: v.fn, state: v.state, settings: v.settings, mode: v.mode, write: v.write,
		began: v.began, now: v.now, name: key, asked: v.stale.About().Began() + 1, above: v.stale.About().Stamp, again: true,
	}
	v.state.cache.refreshes.Go(v.ctx, string(key[:]), func(ctx context.Context) error {
		again.ctx = ctx
		again.ctx, again.span = again.begin(ctx, Refreshing)
		defer again.finish()
		_, _ = again.join() // its error is the event's
		return nil
	})
}
