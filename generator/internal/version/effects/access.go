package effects

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Once it is known where memory comes from, what is read and written of it is passed on from callees to callers. That changes nothing of the
// former, so each operation is evaluated once.

// operand is what an operation is about, by entities: its base, or arguments.
type operand struct {
	base bitset
	args *args
	// seen is the edition of the callee's summary that was passed on last.
	seen int
}

// access passes on what operations of a body read and write, and reports whether its summary grew.
func (b *body) access(p *Program) bool {
	a := analysis{body: b, p: p}
	first := b.operands == nil
	if first {
		b.reach = nil
		b.operands = make([]operand, len(b.Ops))
		for i := range b.Ops {
			a.at = &b.Ops[i]
			b.operands[i] = a.operand(a.at)
		}
		b.reach, b.published = nil, nil
		a.grew = true
	}
	for i := range b.Ops {
		a.accessBy(i, first)
	}
	if a.grew {
		b.sum.edition++
	}
	return a.grew
}

func (a *analysis) operand(o *facts.Op) operand {
	switch o.Kind {
	case facts.OpLoad, facts.OpStore:
		return operand{base: a.eval(o.Base)}
	case facts.OpInvoke:
		return operand{args: a.args(o)}
	case facts.OpCreate:
		if c := a.p.bodies[o.Callee]; c != nil {
			return operand{args: a.captured(c, o)}
		}
	}
	return operand{}
}

func (a *analysis) accessBy(i int, first bool) {
	o := &a.Ops[i]
	a.at = o
	operand := &a.operands[i]
	at := Cause{Line: o.Line, Column: o.Column, Outside: o.Outside}
	switch o.Kind {
	case facts.OpLoad:
		if first {
			a.load(operand.base, a.ops[i])
		}
	case facts.OpStore:
		if !first {
			return
		}
		a.store(operand.base, a.ops[i], o.Spare, at)
	case facts.OpCreate:
		if c := a.p.bodies[o.Callee]; c != nil {
			a.pass(&c.sum, operand, 2*(len(c.Params)-c.Free), c.Name, func(int) bool { return true })
		}
	case facts.OpInvoke:
		cut := func(k int) bool { return k/2 >= len(o.Args) || o.Args[k/2].Cut || k%2 == 1 }
		if o.Callee == "" {
			a.pass(&a.p.keys[o.Key].sum, operand, 0, o.Key, cut)
		} else if c := a.p.bodies[o.Callee]; c != nil {
			a.pass(&c.sum, operand, 0, c.Name, cut)
		} else if first {
			at.Through = o.Callee
			a.accessAll(operand.args, at)
		}
	}
}

// accessAll is for code that is not there: it reads and writes all that it gets.
func (a *analysis) accessAll(x *args, at Cause) {
	var everything bitset
	everything.add(int(a.p.location(facts.Anything)))
	for _, set := range x.known {
		a.store(set, everything, false, at)
		a.load(set, everything)
	}
}

// pass passes on what a callee reads and writes of its parameters from a number on.
func (a *analysis) pass(s *summary, to *operand, first int, through string, cut func(k int) bool) {
	if to.seen == s.edition {
		return
	}
	to.seen = s.edition
	x := to.args
	for k := first; k < len(s.reads); k++ {
		a.load(x.at(k), s.reads[k])
	}
	for k := first; k < len(s.writes); k++ {
		w := s.writes[k]
		if w == nil {
			continue
		}
		cause := Cause{Line: a.at.Line, Column: a.at.Column, Through: through, Param: k / 2, Deep: k%2 == 1}
		a.store(x.at(k), w.real, false, cause)
		a.store(x.at(k), w.spare, !cut(k), cause)
	}
}

// mergeAccess adds what another body reads and writes.
func (s *summary) mergeAccess(t *summary) bool {
	grew := false
	for k, w := range t.writes {
		if w == nil {
			continue
		}
		for k >= len(s.writes) {
			s.writes = append(s.writes, nil)
		}
		if s.writes[k] == nil {
			s.writes[k] = &paramWrites{}
		}
		grew = s.writes[k].real.addAll(w.real) || grew
		grew = s.writes[k].spare.addAll(w.spare) || grew
	}
	for k, locations := range t.reads {
		if k >= len(s.reads) {
			s.reads = append(s.reads, slices.Repeat([]bitset{nil}, k+1-len(s.reads))...)
		}
		grew = s.reads[k].addAll(locations) || grew
	}
	if grew {
		s.edition++
	}
	return grew
}
