package engine

import (
	"context"
	"math"

	"github.com/cachegen/cachegen/runtime/internal/marks"
)

// What results belong to has names, under which it is marked: from then on what began before is unusable.

func (s scope) namespaceMark(namespace string) string {
	return marks.Namespace(s.project, s.domain, namespace)
}

func (s scope) tagMark(tag string) string { return marks.Tag(s.project, s.domain, tag) }

func (s scope) runMark(run string) string { return marks.Run(s.project, s.domain, run) }

// belonging is what a result belongs to, as far as others can make it unusable by that.
type belonging struct {
	table *marks.Table // nil: nothing can
	marks []*marks.Mark
	loose bool // whether a result may be used while its store can't say if it was marked
}

// belonging returns what a result of the call with the tags belongs to. Executions ask before they begin, lest they miss a mark.
func (v *visit) belonging(ctx context.Context, tags []string) belonging {
	b := belonging{table: v.state.table(ctx), loose: true}
	in := v.state.scope
	if v.state.stored() {
		b.marks = append(b.marks, b.table.Mark(in.namespaceMark(v.fn.Namespace())))
	}
	for _, tag := range tags {
		b.marks, b.loose = append(b.marks, b.table.Mark(in.tagMark(tag))), false
	}
	if run := v.run(); run != "" {
		b.marks, b.loose = append(b.marks, b.table.Mark(in.runMark(run))), false
	}
	if b.marks == nil {
		return belonging{}
	}
	return b
}

// allows reports whether what began at the stamp is usable as far as is known.
func (b *belonging) allows(began int64) bool { return b.table == nil || b.table.Allows(began, b.marks) }

// marked reports whether what began at the stamp is certain to be unusable.
func (b *belonging) marked(began int64) bool {
	for i := range b.marks {
		if stamp := marks.Newest(b.marks[i : i+1]); stamp != math.MaxInt64 && began <= stamp { // else it is unknown
			return true
		}
	}
	return false
}

// forgotten reports whether what an execution came to is known to have been made unusable before the call began to wait for it.
func (v *visit) forgotten(m *Meta) bool {
	for i := range m.marks {
		if stamp := marks.Newest(m.marks[i : i+1]); m.Began <= stamp && stamp < v.entered {
			return true
		}
	}
	return false
}

// current reports whether a result that was found may be used as far as what it belongs to goes.
func (v *visit) current(m *Meta) bool {
	if m.allows(m.Began) {
		return true
	}
	if v.state.cache.closed.Load() {
		return !m.marked(m.Began)
	}
	ok, err := m.table.Check(v.ctx, m.Began, m.marks)
	if err != nil && v.ctx.Err() == nil {
		v.fault(StoreFailed, err)
	}
	return ok || err != nil && m.loose
}

// run returns the name of the run that the call's result belongs to, "" for none.
func (v *visit) run() string {
	if !v.fn.Options.PerRun {
		return ""
	}
	return v.settings.Run
}
