package engine

import (
	"iter"
	"math"
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// Functions with the same namespace, version and shape share one entry for the same inputs, but
// each has a memory tier of its own. Such functions are siblings.

// shares reports whether other functions of this process may have entries in common with f.
func (f *Function) shares() bool { return f.peers != nil && f.peers.Load() > 1 }

// relatives yields the states that other functions with the same namespace have in the cache, in
// the same scope.
func (s *State) relatives() iter.Seq[*State] {
	return func(yield func(*State) bool) {
		for _, o := range s.cache.states.all() {
			if o != s && s.fn.private == nil && o.segment == s.segment && o.scope == s.scope && !yield(o) {
				return
			}
		}
	}
}

// siblings yields those of the relatives that have the same keys.
func (s *State) siblings() iter.Seq[*State] {
	return func(yield func(*State) bool) {
		if !s.fn.shares() {
			return
		}
		for o := range s.relatives() {
			if o.prefix() == s.prefix() && !yield(o) {
				return
			}
		}
	}
}

// borrow returns the usable result that a sibling has in memory for the call, or nil.
func (v *visit) borrow() Held {
	if !v.fn.shares() {
		return nil
	}
	v.state.flights.Asks(v.hash, v.key())
	for s := range v.state.siblings() {
		h := v.adopt(s.memory.Named(v.key()))
		switch {
		case h == nil:
			continue
		case v.unsure(h.About()):
			v.doubted = h
			continue
		case v.judge(h, MemoryTier) != NoReason:
			continue
		}
		v.state.settle(v.hash, h, false)
		v.hit(h, MemoryTier)
		return h
	}
	return nil
}

// adopt returns the call's own form of a sibling's result, or nil if it has none.
func (v *visit) adopt(theirs Held) Held {
	if theirs == nil {
		return nil
	}
	ours := v.call.Blank()
	from, to := reflect.ValueOf(theirs.Value()), reflect.ValueOf(ours.Value())
	if from.Type() != to.Type() {
		return nil
	}
	to.Elem().Set(from.Elem())
	m := ours.About()
	m.inherit(v.fn, theirs.About())
	m.more.limit = v.limit(ours)
	return ours
}

// inherit makes m say what from says, but for the limit.
func (m *Meta) inherit(f *Function, from *Meta) {
	m.Stamp, m.completed, m.Cost = from.Stamp, from.completed, from.Cost
	m.SetSize(from.Size())
	d, theirs := m.detailed(f), from.detail()
	d.began, d.foreign, d.belonging, d.tags, d.name, d.from = from.Began(), !from.local(), theirs.belonging, theirs.tags, theirs.name, from
	d.followed.Store(theirs.followed.Load())
}

// yield drops h from memory, and what siblings made of it: the store has something newer.
func (s *State) yield(h Held) {
	m := h.About()
	if s.memory.Named(m.name()) == h {
		s.memory.RemoveNamed(m.name())
	}
	for o := range s.siblings() {
		o.flights.OutdateNamed(m.name(), m.Began()+1, func() { o.memory.Supersede(m.name(), m.Stamp+1) })
	}
}

// supersede drops what siblings have in memory of the result that m is about, and what they are
// about to make of it, if that is older.
func (s *State) supersede(m *Meta) {
	for o := range s.siblings() {
		o.flights.OutdateNamed(m.name(), m.Began(), func() { o.memory.Supersede(m.name(), m.Stamp) })
	}
}

// vacateSiblings drops what siblings have in memory under a name, and what they began to make of it
// before a moment.
func (s *State) vacateSiblings(name key.Key, began int64) {
	for o := range s.siblings() {
		o.flights.OutdateNamed(name, began, func() { o.memory.Supersede(name, math.MaxInt64) })
	}
}
