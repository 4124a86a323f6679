package effects

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Once it is known where memory comes from, what is read and written of it is passed on from callees to callers. That changes nothing of the
// former, so each operation is evaluated once.

// operand is what an operation is about: its base, or arguments by the numbering of summaries, and what stands for those that it does not have.
type operand struct {
	base, rest owners
	args       []owners
	// passed is what was passed on of each parameter, seen the edition of the callee's summary at that time.
	passed []passed
	seen   int
}

// owners are the entities whose memory may be read and written, which others know: parameters, package variables, and what nobody knows. What a body
// allocated is read as the memory of those who may know it.
type owners struct{ read, written []int }

// passed is what a callee reads and writes of a parameter.
type passed struct{ read, sunk, real, spare, sure locations }

// effect is what one part of a body does to memory that others know.
type effect struct {
	// reads and writes are those of memory of which nobody knows whose it is, readThrough and through those through the body's package variables, by
	// their place in its list.
	reads, writes        locations
	readThrough, through []locations
	// sunk and sunkThrough are reads that decide nothing but what is written here.
	sunk        locations
	sunkThrough []locations
}

// paramWrites are the locations that are written in memory of a parameter. Those in spare are beyond the length of a slice, unless it was cut; those
// in sure are written by the code itself and what it calls statically, and may have another cause among the others.
type paramWrites struct {
	real, spare, sure locations
	causes            []caused
}

// caused are the locations that are written for a cause, without those that were before.
type caused struct {
	locations locations
	cause     Cause
}

// because is the cause of writing to a location: a sure one if there is one.
func (p *Program) because(w *paramWrites, l int32) (Cause, bool) {
	sure := p.sets.has(w.sure, l)
	for i := range w.causes {
		if w.causes[i].cause.Sure == sure && p.sets.has(w.causes[i].locations, l) {
			return w.causes[i].cause, true
		}
	}
	return Cause{}, false
}

// Cause says how a write comes about: by an operation at a place of the body, which is that of Outside if that is set, or by what Through, which it calls there, writes to its own parameter.
// Sure says that there is no dynamic call on the way, and no code outside that may do it or not.
type Cause struct {
	Line, Column int
	Outside      facts.ID
	Through      string
	Param        int
	Deep         bool
	Sure         bool
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
		return operand{base: a.owners(a.eval(o.Base))}
	case facts.OpInvoke:
		return a.argumentOwners(a.args(o))
	case facts.OpCreate:
		if c := a.p.bodies[o.Callee]; c != nil {
			return a.argumentOwners(a.captured(c, o))
		}
	}
	return operand{}
}

func (a *analysis) argumentOwners(x *args) operand {
	found := operand{args: make([]owners, len(x.known))}
	for k := range found.args {
		found.args[k] = a.owners(x.at(k))
	}
	found.rest = a.owners(x.at(len(x.known)))
	return found
}

func (a *analysis) owners(set bitset) owners {
	var found owners
	var read bitset
	for e := range set.all() {
		if a.isAlloc(e) {
			read.addAll(a.attached[e])
		} else {
			read.add(e)
			found.written = append(found.written, e)
		}
	}
	found.read = slices.Collect(read.all())
	return found
}

// of is what a callee's parameter stands for.
func (o *operand) of(k int) *owners {
	if k < len(o.args) {
		return &o.args[k]
	}
	return &o.rest
}

func (a *analysis) accessBy(i int, first bool) {
	o := &a.Ops[i]
	a.at = o
	operand := &a.operands[i]
	at := Cause{Line: o.Line, Column: o.Column, Outside: o.Outside, Sure: o.Kind == facts.OpStore && !o.May}
	switch o.Kind {
	case facts.OpLoad:
		if first {
			a.load(&operand.base, a.ops[i], o.Sunk)
		}
	case facts.OpStore:
		if first {
			a.store(&operand.base, a.ops[i], o.Spare, at)
		}
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
			a.accessAll(operand, at)
		}
	}
}

// accessAll is for code that is not there: it reads and writes all that it gets.
func (a *analysis) accessAll(to *operand, at Cause) {
	everything := a.p.sets.ofAll(numbers{a.p.location(facts.Anything)})
	for k := range to.args {
		a.store(&to.args[k], everything, false, at)
		a.load(&to.args[k], everything, false)
	}
}

// pass passes on what a callee reads and writes of its parameters from a number on, as far as that is new.
func (a *analysis) pass(s *summary, to *operand, first int, through string, cut func(k int) bool) {
	if to.seen == s.edition {
		return
	}
	to.seen = s.edition
	reads, sunk, writes := len(s.reads), len(s.sunk), len(s.writes) // of a function that calls itself they may grow
	for len(to.passed) < max(reads, sunk, writes) {
		to.passed = append(to.passed, passed{})
	}
	for k := first; k < reads; k++ {
		if before := &to.passed[k].read; *before != s.reads[k] {
			*before = s.reads[k]
			a.load(to.of(k), s.reads[k], a.at.Sunk)
		}
	}
	for k := first; k < sunk; k++ {
		if before := &to.passed[k].sunk; *before != s.sunk[k] {
			*before = s.sunk[k]
			a.load(to.of(k), s.sunk[k], true)
		}
	}
	for k := first; k < writes; k++ {
		w, before := s.writes[k], &to.passed[k]
		if w == nil || before.real == w.real && before.spare == w.spare && before.sure == w.sure {
			continue
		}
		before.real, before.spare, before.sure = w.real, w.spare, w.sure
		cause := Cause{Line: a.at.Line, Column: a.at.Column, Through: through, Param: k / 2, Deep: k%2 == 1}
		surely := cause
		surely.Sure = true
		a.store(to.of(k), w.sure, false, surely)
		a.store(to.of(k), w.real, false, cause)
		a.store(to.of(k), w.spare, !cut(k), cause)
	}
}

// mergeAccess adds what another body reads and writes.
func (s *summary) mergeAccess(p *Program, t *summary) bool {
	grew := false
	for k, w := range t.writes {
		if w == nil {
			continue
		}
		have := s.writesOf(k)
		grew = p.sets.add(&have.real, w.real) || grew
		grew = p.sets.add(&have.spare, w.spare) || grew
	}
	for k, read := range t.reads {
		grew = p.sets.add(numbered(&s.reads, k), read) || grew
	}
	for k, read := range t.sunk {
		grew = p.sets.add(numbered(&s.sunk, k), read) || grew
	}
	if grew {
		s.edition++
	}
	return grew
}

// writesOf are the writes to memory of a parameter, by its number in summaries, to add to.
func (s *summary) writesOf(k int) *paramWrites {
	for k >= len(s.writes) {
		s.writes = append(s.writes, nil)
	}
	if s.writes[k] == nil {
		s.writes[k] = &paramWrites{}
	}
	return s.writes[k]
}

// numbered is the set with a number in a list, to add to.
func numbered(list *[]locations, k int) *locations {
	for k >= len(*list) {
		*list = append(*list, 0)
	}
	return &(*list)[k]
}

// load notes that locations of memory are read that others know, too.
func (a *analysis) load(from *owners, read locations, sunk bool) {
	if read == 0 {
		return
	}
	effect := &a.effects[a.at.Unit]
	ofParams, unknown, through := &a.sum.reads, &effect.reads, &effect.readThrough
	if sunk {
		ofParams, unknown, through = &a.sum.sunk, &effect.sunk, &effect.sunkThrough
	}
	for _, e := range from.read {
		if i, ok := a.param(e); ok {
			a.grew = a.p.sets.add(numbered(ofParams, 2*i+(e-1)%2), read) || a.grew
		} else if e == 0 {
			a.p.sets.add(unknown, read)
		} else {
			a.p.sets.add(numbered(through, e-a.firstGlobal), read)
		}
	}
}

// store notes that locations of memory are written to. Memory that the body made itself does not count: who finds it finds where it
// was published, and so the body.
func (a *analysis) store(to *owners, written locations, spare bool, cause Cause) {
	if written == 0 {
		return
	}
	effect := &a.effects[a.at.Unit]
	for _, e := range to.written {
		if i, ok := a.param(e); ok {
			a.storeParam(i, (e-1)%2, written, spare, cause)
		} else if e == 0 {
			a.p.sets.add(&effect.writes, written)
		} else {
			a.p.sets.add(numbered(&effect.through, e-a.firstGlobal), written)
		}
	}
}

func (a *analysis) storeParam(i, depth int, written locations, spare bool, cause Cause) {
	w := a.sum.writesOf(2*i + depth)
	if spare {
		a.grew = a.p.sets.add(&w.spare, written) || a.grew
		return
	}
	old := w.real
	grew := a.p.sets.add(&w.real, written)
	if cause.Sure {
		old = w.sure
		grew = a.p.sets.add(&w.sure, written)
	}
	if grew {
		a.grew = true
		w.causes = append(w.causes, caused{a.p.sets.minus(written, old), cause})
	}
}
