package effects

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// look is what an operation was looked at with: as long as that is all there is, another look finds nothing new.
type look struct{ body, program, callee int }

// analysis is one look at a body.
type analysis struct {
	*body
	p    *Program
	at   *facts.Op
	grew bool // the summary
}

// analyse looks at a body until nothing changes, and reports whether its summary did.
func (b *body) analyse(p *Program) bool {
	grew := !b.sum.known
	b.sum.known = true
	if b.looked == nil {
		b.looked = make([]look, len(b.Ops))
	}
	a := analysis{body: b, p: p}
	for {
		b.reach = nil
		before := look{body: b.version, program: p.version}
		for i := range b.Ops {
			now := before
			now.callee = a.calleeVersion(&b.Ops[i])
			if b.looked[i] != now {
				a.op(i)
				b.looked[i] = now
			}
		}
		grew = a.returns() || grew
		grew = a.grew || grew
		a.grew = false
		if b.version == before.body {
			break
		}
	}
	if grew {
		b.sum.version++
	}
	return grew
}

// calleeVersion is that of the summary of what an operation calls, or captures.
func (a *analysis) calleeVersion(o *facts.Op) int {
	if o.Kind != facts.OpInvoke && o.Kind != facts.OpCreate {
		return 1
	}
	s := a.p.summaryOf(o)
	if s == nil {
		return 1
	}
	return 2 + s.version
}

// summaryOf is the summary of what an operation calls; nil if it is not there.
func (p *Program) summaryOf(o *facts.Op) *summary {
	if o.Callee == "" {
		return &p.keys[o.Key].sum
	}
	if c := p.bodies[o.Callee]; c != nil {
		return &c.sum
	}
	return nil
}

func (a *analysis) op(i int) {
	o := &a.Ops[i]
	a.at = o
	switch o.Kind {
	case facts.OpStore:
		if len(o.Value) > 0 {
			a.into(a.eval(o.Base), a.eval(o.Value))
		}
	case facts.OpKeep:
		if !a.p.recovers && a.panics(o) {
			return // nobody sees it
		}
		a.into(a.eval(o.Base), a.eval(o.Value))
	case facts.OpLeak:
		a.into(bitset{1}, a.eval(o.Base))
	case facts.OpMake:
		a.make(o)
	case facts.OpCreate:
		if c := a.p.bodies[o.Callee]; c != nil {
			a.create(c, o)
		}
	case facts.OpInvoke:
		a.invoke(o)
	}
}

// own is the memory that the results of a call have of their own.
func (a *analysis) own(result int) int { return a.fresh + result }

func (a *analysis) addResult(result int, s bitset) {
	if result > 0 && a.results[result].addAll(s) {
		a.version++
	}
}

// make makes the results of a call outside.
func (a *analysis) make(o *facts.Op) {
	for _, result := range []int{o.Result, o.Error} {
		if result == 0 {
			continue
		}
		a.addResult(result, a.eval(o.Base))
		if o.Frozen {
			continue
		}
		var own bitset
		own.add(a.own(result))
		a.addResult(result, own)
		if len(o.Value) > 0 {
			a.into(own, a.eval(o.Value))
		}
	}
}

// into notes that memory of base holds val from now on.
func (a *analysis) into(base, val bitset) {
	if val.empty() {
		return
	}
	var owners bitset // others know what they have
	for e := range base.all() {
		if !a.isAlloc(e) {
			owners.add(e)
			continue
		}
		if a.content[e].addAll(val) {
			a.version++
		}
		owners.addAll(a.attached[e])
	}
	if owners.empty() {
		return
	}
	all := slices.Clone(val) // with what can be reached from there
	all.addAll(a.behind(val))
	for owner := range owners.all() {
		a.publish(owner, all)
	}
}

// publish notes that memory which others know leads to all of a set.
func (a *analysis) publish(owner int, all bitset) {
	for owner >= len(a.published) {
		a.published = append(a.published, nil)
	}
	for e := range all.without(a.published[owner]) {
		switch {
		case e == owner:
		case a.isAlloc(e):
			if a.attached[e].add(owner) {
				a.version++
			}
		default:
			a.bind(owner, e)
		}
	}
	a.published[owner].addAll(all)
}

// bind notes that memory of owner, which is a parameter, a variable or unknown, leads to memory of e, which is one of these too.
func (a *analysis) bind(owner, e int) {
	if i, ok := a.param(owner); ok {
		if a.content[1+2*i].add(e) {
			a.version++
			a.grew = a.note(a.sum.contentOf(i), e) || a.grew
		}
		return
	}
	g, isGlobal := a.globalOf(owner)
	if isGlobal {
		g = a.p.behind(g)
		owner = a.globalEntity(g)
	}
	if owner == e {
		return
	}
	if j, ok := a.param(e); ok { // callers do it with what they pass
		if isGlobal && owner != 0 {
			if a.content[1+2*j].add(owner) {
				a.version++
			}
			a.grew = a.note(a.sum.contentOf(j), owner) || a.grew
			a.grew = a.sum.heldBy(e-1, a.p.find(g)) || a.grew
		} else if a.sum.kept.add(e - 1) {
			a.grew = true
		}
		return
	}
	h, isOther := a.globalOf(e)
	switch {
	case isGlobal && isOther:
		a.p.unite(g, h)
	case isGlobal:
		a.p.leak(g)
	case isOther:
		a.p.leak(h)
	}
}

// note adds an entity to an origin, in the terms of callers.
func (a *analysis) note(o *origin, e int) bool {
	if g, ok := a.globalOf(e); ok {
		if a.p.isHidden(g) {
			return o.globals.add(g)
		}
		if g = a.p.find(g); !a.p.leaky[g] {
			return o.globals.add(g)
		}
		e = 0
	}
	if e == 0 {
		grew := !o.unknown
		o.unknown = true
		return grew
	}
	return o.params.add(e - 1)
}

// returns notes what the results may be, and what new memory among them holds.
func (a *analysis) returns() bool {
	grew := a.returned(&a.sum.results, a.Returns)
	return a.returned(&a.sum.errors, a.Errors) || grew
}

func (a *analysis) returned(to *returned, from []facts.Source) bool {
	grew := false
	direct := a.eval(from)
	note := func(o *origin, set bitset) {
		for e := range set.all() {
			if !a.isAlloc(e) {
				grew = a.note(o, e) || grew
				continue
			}
			for owner := range a.attached[e].all() { // known elsewhere too
				grew = a.note(o, owner) || grew
			}
		}
	}
	note(&to.direct, direct)
	note(&to.held, a.behind(direct))
	return grew
}
