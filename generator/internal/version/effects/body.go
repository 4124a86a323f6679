package effects

import (
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// body is a function while the program is joined. What it works on are entities: memory that it can name.
type body struct {
	*facts.Body
	numbering *numbering
	// keys are those by which it is called, callers the bodies that call it by name.
	keys    []string
	callers []*body
	index   int

	// entities: 0 is unknown; then come the own and the deeper memory of each parameter, allocations, the memory that results have of their own, and package variables.
	allocs, fresh, firstGlobal int
	globals                    []int32
	entityOf                   map[int32]int
	// content is what memory of an entity holds, by entity; for parameters both memories are one. attached are the entities in whose memory an
	// allocation is known. results are those of calls.
	content, attached, results []bitset
	reach                      []bitset // cached
	// published are the entities that memory of others is known to lead to, by whose memory it is.
	published []bitset
	ops       []locations
	operands  []operand // of the operations, once all else is known
	// version counts how often content, attached or results grew, looked is what each operation was looked at with last.
	version int
	looked  []look
	sum     summary
	effects []effect // by group of units
}

func (p *Program) addBody(b *facts.Body, n *numbering) {
	w := &body{Body: b, numbering: n, entityOf: map[int32]int{}, effects: make([]effect, max(len(b.Units), 1))}
	w.allocs = 1 + 2*len(b.Params)
	w.fresh = w.allocs + b.Allocs
	w.ops = make([]locations, len(b.Ops))
	for i := range b.Ops {
		w.ops[i] = p.sets.ofAll(n.of(b.Ops[i].Locations))
	}
	results := resultsIn(b)
	w.firstGlobal = w.fresh + results + 1
	w.content = make([]bitset, w.firstGlobal)
	w.attached = make([]bitset, w.firstGlobal)
	w.results = make([]bitset, results+1)
	w.sum.params = len(b.Params) - b.Free
	p.bodies[b.Name] = w
	p.order = append(p.order, w)
}

// resultsIn is the highest number of a result that a body mentions.
func resultsIn(b *facts.Body) int {
	n := 0
	mention := func(from []facts.Source) {
		for _, s := range from {
			if s.Kind() == facts.ResultSource {
				n = max(n, s.Number())
			}
		}
	}
	for i := range b.Ops {
		o := &b.Ops[i]
		n = max(n, o.Result, o.Error)
		mention(o.Base)
		mention(o.Value)
		for _, a := range o.Args {
			mention(a.Value)
		}
	}
	mention(b.Returns)
	mention(b.Errors)
	return n
}

// globalEntity is the entity of a package variable: that of its class, or unknown if unknown code has memory of the class.
func (a *analysis) globalEntity(g int32) int {
	if a.p.isHidden(g) {
		// What unknown code has of a module outside it may do to it, and still that module's state is its own.
	} else if g = a.p.find(g); a.p.leaky[g] {
		return 0
	}
	b := a.body
	e, ok := b.entityOf[g]
	if !ok {
		e = b.firstGlobal + len(b.globals)
		b.globals = append(b.globals, g)
		b.entityOf[g] = e
	}
	return e
}

// isAlloc reports whether an entity is memory that the body made, or its callees for it.
func (b *body) isAlloc(e int) bool { return e >= b.allocs && e < b.firstGlobal }

// param is the number of the parameter that an entity belongs to.
func (b *body) param(e int) (int, bool) { return (e - 1) / 2, e > 0 && e < b.allocs }

func (b *body) globalOf(e int) (int32, bool) {
	if e < b.firstGlobal {
		return 0, false
	}
	return b.globals[e-b.firstGlobal], true
}

// eval finds the entities that sources stand for.
func (a *analysis) eval(from []facts.Source) bitset {
	var found bitset
	for _, s := range from {
		e := 0
		switch s.Kind() {
		case facts.ParamSource:
			e = 1 + 2*s.Number()
		case facts.AllocSource:
			e = a.allocs + s.Number()
		case facts.GlobalSource:
			g := a.numbering.globals[s.Number()]
			if s.Deep() && a.p.inert[g] {
				continue
			}
			e = a.globalEntity(g)
		case facts.ResultSource:
			if s.Deep() {
				found.addAll(a.behind(a.results[s.Number()]))
			} else {
				found.addAll(a.results[s.Number()])
			}
			continue
		}
		if s.Deep() {
			a.addBehind(&found, e)
		} else {
			found.add(e)
		}
	}
	return found
}

// behind is what can be loaded from memory of entities, at any depth.
func (a *analysis) behind(set bitset) bitset {
	var found bitset
	for e := range set.all() {
		a.addBehind(&found, e)
	}
	return found
}

func (a *analysis) addBehind(to *bitset, e int) {
	b := a.body
	if e >= b.firstGlobal || e == 0 {
		a.eachHeld(e, func(n int) { to.add(n) })
		return
	}
	if e < len(b.reach) && b.reach[e] != nil {
		to.addAll(b.reach[e])
		return
	}
	found := bitset{}
	queue := a.p.queue[:0]
	add := func(n int) {
		if found.add(n) {
			queue = append(queue, n)
		}
	}
	a.eachHeld(e, add)
	for len(queue) > 0 {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		a.eachHeld(n, add)
	}
	a.p.queue = queue
	if b.reach == nil {
		b.reach = make([]bitset, b.firstGlobal)
	}
	b.reach[e] = found
	to.addAll(found)
}

// eachHeld calls f for what memory of an entity holds directly.
func (a *analysis) eachHeld(e int, f func(int)) {
	b := a.body
	if i, ok := b.param(e); ok {
		for n := range b.content[1+2*i].all() {
			f(n)
		}
		f(2 + 2*i)
		return
	}
	if b.isAlloc(e) {
		for n := range b.content[e].all() {
			f(n)
		}
		for n := range b.attached[e].all() { // others may have put there what they have
			if i, ok := b.param(n); ok {
				n = 2 + 2*i
			}
			f(n)
		}
		return
	}
	if g, ok := b.globalOf(e); ok {
		e = a.globalEntity(a.p.behind(g))
	}
	f(e)
}
