package engine

import (
	"context"
	"slices"
	"weak"

	"github.com/cachegen/cachegen/runtime/internal/marks"
)

// A result belongs to its namespace, its tags and its run. Each of these has a name under which it
// is marked. A mark makes everything unusable that began before it.

func (s scope) namespaceMark(namespace string) string {
	return marks.Namespace(s.project, s.domain, namespace)
}

func (s scope) tagMark(tag string) string { return marks.Tag(s.project, s.domain, tag) }

func (s scope) runMark(run string) string { return marks.Run(s.project, s.domain, run) }

// belonging is what a result belongs to, as far as others can make it unusable by that.
type belonging struct {
	table *marks.Table // nil: nothing can
	marks []marks.Held
	began int64 // when its execution did, by the clock of whoever made it, for people
	loose bool  // whether a result may be used while its store can't say if it was marked
}

// ownMark is the mark of a state's namespace in a table. It goes away when nothing else refers to
// it.
type ownMark struct {
	table *marks.Table
	mark  weak.Pointer[marks.Mark]
}

// mark returns the mark of the state's namespace in a table, without looking for its name each
// time.
func (s *State) mark(t *marks.Table) *marks.Mark {
	if own := s.own.Load(); own != nil && own.table == t {
		if m := own.mark.Value(); m != nil {
			return m
		}
	}
	m := t.Mark(s.scope.namespaceMark(s.fn.Namespace()))
	s.own.Store(&ownMark{t, weak.Make(m)})
	return m
}

// belonging returns what a result of the call with the tags belongs to, as marks in the table. An
// execution asks before it begins, so that it misses no mark.
func (v *visit) belonging(table *marks.Table, tags []string) belonging {
	b := belonging{table: table, loose: true}
	in := v.state.scope
	if v.state.stored() {
		b.marks = append(b.marks, v.state.mark(b.table).Hold())
	}
	for _, tag := range tags {
		b.marks, b.loose = append(b.marks, b.table.Mark(in.tagMark(tag)).Hold()), false
	}
	if run := v.run(); run != "" {
		b.marks, b.loose = append(b.marks, b.table.Mark(in.runMark(run)).Hold()), false
	}
	if b.marks == nil {
		return belonging{}
	}
	return b
}

// allows reports whether the result is usable as far as is known: no mark is in the way, and the
// store would have told by now if it had something else.
func (m *Meta) allows() bool {
	d := m.more
	return d.table == nil || d.table.Allows(d.marks) && d.table.Session() == d.followed.Load()
}

// know asks the store for the marks that are not known.
func (b *belonging) know(ctx context.Context) {
	if !slices.ContainsFunc(b.marks, func(h marks.Held) bool { return !h.Sure() }) {
		return
	}
	list := make([]*marks.Mark, len(b.marks))
	for i, m := range b.marks {
		list[i] = m.Mark
	}
	editions, err := b.table.Know(ctx, list)
	if err != nil {
		return // what was known last is what is to be there later on, too
	}
	for i := range b.marks {
		b.marks[i].Known = editions[i]
	}
}

// editions are those of its marks as they were known.
func (b *belonging) editions() []int64 {
	l := make([]int64, len(b.marks))
	for i, m := range b.marks {
		l[i] = m.Known
	}
	return l
}

// as says when its execution began, elsewhere, and what the editions of its marks were then.
func (b *belonging) as(began int64, editions []int64) {
	b.began = began
	for i := range b.marks {
		b.marks[i].Known = marks.Never
		if i < len(editions) {
			b.marks[i].Known = editions[i]
		}
	}
}

// marked reports whether the result is unusable as far as this process knew last.
func (b *belonging) marked() bool { return slices.ContainsFunc(b.marks, marks.Held.Marked) }

// forgotten reports whether the result of an execution was made unusable before the call began to
// wait for it, as far as the store can say.
func (v *visit) forgotten(m *Meta) bool {
	d := m.detail()
	if d.table == nil || d.table.Allows(d.marks) {
		return false
	}
	if !v.state.cache.closed.Load() {
		ctx, cancel := v.looks()
		defer cancel()
		if ok, err := d.table.Check(ctx, d.marks); ok || err != nil {
			return false
		}
	}
	return slices.ContainsFunc(d.marks, func(h marks.Held) bool { return h.MarkedBefore(v.entered) })
}

// current reports whether a result that was found may be used as far as what it belongs to goes.
func (v *visit) current(m *Meta) bool {
	if m.allows() {
		return true
	}
	ctx, cancel := v.looks()
	defer cancel()
	d := m.detail()
	ok, err := d.table.Check(ctx, d.marks)
	if err != nil && v.ctx.Err() == nil {
		v.fault(StoreFailed, err)
	}
	return ok || err != nil && v.trusts(m) && !v.state.cache.closed.Load()
}

// trusts reports whether a result may be used while the store can't say what was marked. Results of
// other processes may not: for all that this process knows, they were made unusable before it
// learned of the marks.
func (v *visit) trusts(m *Meta) bool {
	d := m.detail()
	unheard := func(h marks.Held) bool { return !h.Heard() }
	return d.loose && !d.marked() && (m.local() || !slices.ContainsFunc(d.marks, unheard))
}

// run returns the name of the run that the call's result belongs to, "" for none.
func (v *visit) run() string {
	if !v.fn.Options.PerRun {
		return ""
	}
	return v.settings.Run
}
