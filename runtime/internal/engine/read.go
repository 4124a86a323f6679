package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/clock"
	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/store"
)

// found returns the usable result out of memory or the store, or nil, with the reason in the event.
func (v *visit) found() Held {
	if v.blind {
		return nil
	}
	if h := v.recall(); h != nil {
		return h
	}
	if v.targeted() {
		return v.atTarget()
	}
	if h := v.borrow(); h != nil {
		return h
	}
	if !v.state.stored() {
		return nil
	}
	h, why := v.fetch()
	if h == nil {
		v.event.Reason = v.why(why)
		return nil
	}
	v.hit(h, v.source(h))
	return h
}

// source says where h, which fetch returned, is from.
func (v *visit) source(h Held) Tier {
	if h == v.doubted || h.About().local() {
		return MemoryTier
	}
	return StoreTier
}

// recall returns the usable result in memory, or nil, with the reason in the event. It begins a
// look.
func (v *visit) recall() Held {
	v.event.Reason, v.finding = NeverSeen, finding{}
	if v.targeted() {
		return nil
	}
	h := v.state.memory.Get(v.hash)
	if h == nil || !v.call.Holds(h) {
		return nil
	}
	if v.unsure(h.About()) {
		v.doubted = h
		return nil
	}
	if why := v.judge(h, MemoryTier); why != NoReason {
		v.event.Reason = why
		return nil
	}
	v.hit(h, MemoryTier)
	return h
}

// unsure reports whether the store may have something else by now than what is in memory: nobody
// followed its changes all the time, or a mark is not known.
func (v *visit) unsure(m *Meta) bool {
	return v.state.stored() && m.detail().table != nil && !m.allows()
}

// hit notes that h is used.
func (v *visit) hit(h Held, t Tier) {
	m := h.About()
	v.event.Outcome, v.event.Reason = Hit, NoReason
	v.event.Tier, v.event.Age, v.event.Cost = t, m.Age(v.now), m.Cost
}

// why returns the reason to give where a store has nothing better to say than memory.
func (v *visit) why(store Reason) Reason {
	switch {
	case store != NeverSeen:
		return store
	case v.event.Reason != NeverSeen:
		return v.event.Reason
	case v.observed() && v.superseded():
		return OtherVersion
	}
	return NeverSeen
}

// fetch returns the usable result in the store, which it puts into memory, or why there is none.
func (v *visit) fetch() (Held, Reason) {
	item, err := v.load()
	expected := v.awaited(item, err)
	switch {
	case expected == nil && v.confirms(item, err):
		return v.confirmed()
	case v.doubted != nil && answered(err): // or a call that gets no answer would use it all the same
		v.state.memory.RemoveEntry(v.hash, v.doubted)
	}
	if expected != nil {
		return v.expected(expected)
	}
	if errors.Is(err, store.ErrCorrupt) {
		v.fault(Corrupt, err)
		if v.write {
			v.mend() // nobody knows the stamp of what is there, so no result may replace it
		}
		return nil, Corrupt
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, NeverSeen
	}
	if err != nil {
		if v.ctx.Err() == nil {
			v.fault(StoreFailed, err)
		}
		return nil, StoreFailed
	}
	h, why := v.unpack(item)
	if why == NoReason {
		why = v.judge(h, StoreTier)
	}
	if why == FromFuture && v.write {
		v.mend() // else it would outlive what is written now
	}
	if why == NoReason || h != nil && v.stale == h { // memory is where the next call finds what is stale too
		v.state.settle(v.hash, h, false)
	}
	if why != NoReason {
		return nil, why
	}
	return h, NoReason
}

// confirmed returns the result in memory that the store has too, or why it can't be used.
func (v *visit) confirmed() (Held, Reason) {
	if why := v.judge(v.doubted, MemoryTier); why != NoReason {
		return nil, why
	}
	v.doubted.About().follow(v.session)
	v.state.settle(v.hash, v.doubted, false) // it may be a sibling's
	return v.doubted, NoReason
}

// awaited returns the change under way that counts instead of what the store answered, or nil. If
// the store gave no answer, nobody knows whether a change will replace what it has.
func (v *visit) awaited(item store.Item, err error) *change {
	if !answered(err) {
		return nil
	}
	for _, c := range slices.Backward(v.pending) {
		if v.state.cache.awaits(c, item.Stamp) {
			return c
		}
	}
	return nil
}

// expected returns the usable result that is about to be written, or why there is none.
func (v *visit) expected(c *change) (Held, Reason) {
	h := c.held
	if h != nil && !v.call.Holds(h) {
		h = v.adopt(h)
	}
	v.latest = max(v.latest, c.stamp)
	if h == nil {
		return nil, Forgotten
	}
	if why := v.judge(h, MemoryTier); why != NoReason {
		return nil, why
	}
	v.state.settle(v.hash, h, false)
	return h, NoReason
}

// confirms reports whether what is in memory is what the store has, was yet to have, or would have
// if it could be asked. That it could not be asked says nothing if the call had hardly any time, and
// the store is there.
func (v *visit) confirms(item store.Item, err error) bool {
	if v.doubted == nil {
		return false
	}
	m, unsaved := v.doubted.About(), v.unsaved == v.doubted
	switch {
	case err == nil:
		return item.Stamp == m.Stamp || unsaved && v.state.cache.supersedes(m, item.Stamp)
	case errors.Is(err, store.ErrNotFound):
		return unsaved
	}
	return m.detail().loose && !(errors.Is(err, errNoAnswer) && v.hurried() && v.state.tier.table().Follows())
}

// awaits reports whether a change that is under way is to be believed instead of an item in the
// store with a stamp.
func (c *Cache) awaits(p *change, there int64) bool {
	switch {
	case p.unkept != nil:
		return p.stamp > there || c.supersedes(p.unkept, there)
	case p.imposes:
		return p.stamp > there
	}
	return c.supersedes(p.held.About(), there)
}

// supersedes reports whether a result that is not in the store yet is to be used instead of an item
// there with a stamp, 0 for none. That of others was there when the execution began: else they
// removed or wrote something since, whatever clocks say.
func (c *Cache) supersedes(m *Meta, there int64) bool {
	if began, own := c.own.of(there); own {
		return began < m.Began()
	}
	return there < m.Stamp && (there == 0 || there == m.detail().base)
}

// unpack returns the result in an item, or why there is none.
func (v *visit) unpack(item store.Item) (Held, Reason) {
	clock := v.state.cache.clock
	if clock.Damaged(item.Stamp) {
		return nil, FromFuture
	}
	v.latest = max(v.latest, item.Stamp)
	v.state.flights.Found(v.hash, item.Stamp)
	e, err := entry.Brief(item.Value)
	if err == nil && e.Key != v.key() {
		err = errForeign
	}
	if err == nil && e.Tombstone {
		return nil, Forgotten
	}
	var h Held
	if err == nil {
		h, err = v.open(&e, item.Stamp)
	}
	if err != nil {
		v.fault(Corrupt, err)
		return nil, Corrupt
	}
	return h, NoReason
}

var errForeign = errors.New("cache: the entry is another key's")

// load reads the item under the call's key.
func (v *visit) load() (item store.Item, err error) {
	if p := v.loaded; p != nil {
		v.loaded = nil
		item, err = p.item, p.err
	} else {
		item, err = v.read(v.ask())
	}
	switch {
	case !answered(err):
		v.session, v.base = 0, unasked
	default:
		v.base = item.Stamp
	}
	return item, err
}

// ask returns the name under which the store is about to be asked.
func (v *visit) ask() string {
	v.state.flights.Asks(v.hash, v.key())
	v.entered = v.state.cache.clock.Stamp()
	v.question = question{session: v.state.tier.table().Session(), pending: v.state.cache.pending.of(v.key())}
	if v.doubted != nil && !v.doubted.About().stored() {
		v.unsaved = v.doubted
	}
	return v.state.name(v.key())
}

// read returns the item under a name.
func (s *State) read(ctx context.Context, name string) (store.Item, error) {
	return s.tier.item(ctx, reading, name)
}

// discard removes the item under a name.
func (v *visit) discard(ctx context.Context, name string) {
	err := v.state.tier.do(ctx, writing, func(ctx context.Context, s store.Store) error { return s.Delete(ctx, name) })
	if err != nil {
		v.fault(StoreFailed, err)
	}
}

// mend has a removal replace what is damaged in the store. What began before can't come back then.
func (v *visit) mend() {
	ctx, cancel := v.looks()
	defer cancel()
	stamp, err := v.bury(ctx)
	if err != nil {
		v.fault(StoreFailed, err)
		return
	}
	v.latest, v.base = max(v.latest, stamp), stamp
}

// open returns the result in e.
func (v *visit) open(e *entry.Entry, stamp int64) (Held, error) {
	h := v.call.Blank()
	if err := v.state.decode(e, h); err != nil {
		return nil, err
	}
	m := h.About()
	m.Stamp, m.completed, m.Cost = stamp, clock.MomentOf(v.state.cache.clock.Time(e.Completed)), e.Cost
	d := m.detailed(v.fn)
	d.began, d.foreign = v.entered, true
	d.belonging, d.tags, d.name = v.belonging(v.state.tier.table(), e.Tags), e.Tags, e.Key
	d.as(e.Began, e.Marks)
	d.saved.Store(true)
	m.follow(v.session)
	if v.fn.tally.usual() == 0 {
		v.fn.tally.took(e.Cost)
	}
	d.limit = v.limit(h)
	m.SetSize(weigh(h))
	return h, nil
}

// judge says why h, which was found, may not be used, or NoReason. One that is only too old is
// remembered if it would do in need.
func (v *visit) judge(h Held, t Tier) Reason {
	m := h.About()
	v.now = v.state.cache.clock.Now() // the call may have waited
	v.latest = max(v.latest, m.Stamp)
	age := m.Age(v.now)
	switch {
	case v.predates(m):
		return TooOld
	case !v.current(m):
		return Forgotten
	case v.mode != Frozen && age < -clock.Tolerance:
		return FromFuture
	case v.mode != Frozen && v.tooOld(m, age):
		v.spare(h, age, t)
		return TooOld
	case v.rejected(h, t):
		return Rejected
	}
	return NoReason
}

// predates reports whether a result was there when the call, or what it is for, asked for another
// one.
func (v *visit) predates(m *Meta) bool {
	if v.asked == 0 {
		return false
	}
	if m.local() {
		return m.Began() < v.asked
	}
	if began, own := v.state.cache.own.of(m.Stamp); own { // a stamp may be later than the execution
		return began < v.asked
	}
	return m.Stamp <= v.above
}

// tooOld reports whether the age of a result is past its limit.
func (v *visit) tooOld(m *Meta, age time.Duration) bool {
	limit := v.limitOf(m)
	if limit == 0 || v.state.cache.config.Recorder != nil || limit > 0 && age <= limit {
		return false
	}
	// What was in flight when the call began satisfies any age.
	return !m.local() || !m.completed.After(v.began)
}

// limitOf returns the age until which the call may use a result.
func (v *visit) limitOf(m *Meta) time.Duration {
	s, limit := v.settings, m.limit()
	switch {
	case !s.HasMaxAge:
		return limit
	case s.MaxAge <= 0:
		return NoReuse
	case v.fn.Hooks.MaxAge != nil && limit != 0:
		return min(limit, s.MaxAge) // what the value says can only be shortened; NoReuse is the least
	}
	return s.MaxAge
}
