package effects

import (
	"slices"

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

// summary is what callers need to know of a body, or of several.
type summary struct {
	// writes are those to memory of parameters: 2*i is the own memory of parameter i, 2*i+1 deeper memory.
	writes []*paramWrites
	// reads are those of memory of parameters, numbered in the same way.
	reads []locations
	// sunk are those reads of it that decide nothing but what is written, numbered in the same way.
	sunk []locations
	// content is what is stored in the memory of a parameter, kept the parameters that unknown code gets.
	content []*origin
	kept    bitset
	// holders are the variables whose memory leads to memory of a parameter, numbered as writes are.
	holders []numbers
	// returns is what results may be, held what memory that was made for them may hold.
	returns, held origin
	params        int // without what was captured; of several, the least
	known         bool
	// edition counts how often reads or writes grew, version how often anything else did.
	edition, version int
}

// origin is where memory comes from, in terms of a callee: 2*i and 2*i+1 are parameters' memory.
type origin struct {
	params  bitset
	globals numbers
	unknown bool
}

func (o *origin) merge(q *origin) bool {
	grew := o.params.addAll(q.params)
	grew = o.globals.addAll(q.globals) || grew
	if q.unknown && !o.unknown {
		o.unknown, grew = true, true
	}
	return grew
}

func (p *Program) addBody(b *facts.Body, n *numbering) {
	w := &body{Body: b, numbering: n, entityOf: map[int32]int{}, effects: make([]effect, max(len(b.Units), 1))}
	w.allocs = 1 + 2*len(b.Params)
	w.fresh = w.allocs + b.Allocs
	results := 0
	w.ops = make([]locations, len(b.Ops))
	for i := range b.Ops {
		results = max(results, b.Ops[i].Result)
		w.ops[i] = p.sets.ofAll(n.of(b.Ops[i].Locations))
	}
	for _, s := range b.Returns {
		if s.Kind() == facts.ResultSource {
			results = max(results, s.Number())
		}
	}
	w.firstGlobal = w.fresh + results + 1
	w.content = make([]bitset, w.firstGlobal)
	w.attached = make([]bitset, w.firstGlobal)
	w.results = make([]bitset, results+1)
	w.sum.params = len(b.Params) - b.Free
	p.bodies[b.Name] = w
	p.order = append(p.order, w)
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

// look is what an operation was looked at with: as long as that is all there is, another look finds nothing new.
type look struct{ body, program, callee int }

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

// analysis is one look at a body.
type analysis struct {
	*body
	p    *Program
	at   *facts.Op
	grew bool // the summary
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

func (a *analysis) make(o *facts.Op) {
	a.addResult(o.Result, a.eval(o.Base))
	if o.Frozen {
		return
	}
	var own bitset
	own.add(a.own(o.Result))
	a.addResult(o.Result, own)
	if len(o.Value) > 0 {
		a.into(own, a.eval(o.Value))
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

// heldBy notes that memory of a variable leads to memory of a parameter, and reports whether that is new.
func (s *summary) heldBy(k int, g int32) bool {
	for k >= len(s.holders) {
		s.holders = append(s.holders, nil)
	}
	return s.holders[k].add(g)
}

// hold lets variables lead to what is passed, as a callee says of its parameters from a number on.
func (a *analysis) hold(s *summary, x *args, first int) {
	for k := first; k < len(s.holders); k++ {
		var owners bitset
		for _, g := range s.holders[k] {
			owners.add(a.globalEntity(g))
		}
		if !owners.empty() {
			a.into(owners, x.at(k))
		}
	}
}

// contentOf is what is stored in the memory of a parameter, to add to.
func (s *summary) contentOf(param int) *origin {
	for param >= len(s.content) {
		s.content = append(s.content, nil)
	}
	if s.content[param] == nil {
		s.content[param] = &origin{}
	}
	return s.content[param]
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
	grew := false
	direct := a.eval(a.Returns)
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
	note(&a.sum.returns, direct)
	note(&a.sum.held, a.behind(direct))
	return grew
}

func (a *analysis) invoke(o *facts.Op) {
	if o.Callee != "" {
		if c := a.p.bodies[o.Callee]; c != nil {
			a.apply(&c.sum, o)
		} else {
			a.missing(o)
		}
		return
	}
	a.apply(&a.p.keys[o.Key].sum, o)
}

// missing is a call of code that is not there: it may do anything to what it gets.
func (a *analysis) missing(o *facts.Op) {
	for _, arg := range o.Args {
		a.into(bitset{1}, a.eval(arg.Value))
	}
	if o.Result > 0 {
		a.addResult(o.Result, bitset{1})
	}
}

// args are the entities of what is passed, by the numbering of summaries, as far as they were asked for.
type args struct {
	a     *analysis
	op    *facts.Op
	known []bitset
	asked []bool
	free  bitset
}

func (a *analysis) args(o *facts.Op) *args {
	x := &args{a: a, op: o, known: make([]bitset, 2*len(o.Args)), asked: make([]bool, 2*len(o.Args)+1)}
	return x
}

// at is what a callee's parameter stands for; what it captured is behind the function value.
func (x *args) at(k int) bitset {
	if k < len(x.known) {
		if !x.asked[k] {
			x.asked[k] = true
			if k%2 == 0 {
				x.known[k] = x.a.eval(x.op.Args[k/2].Value)
			} else {
				x.known[k] = x.a.behind(x.at(k - 1))
			}
		}
		return x.known[k]
	}
	if len(x.op.Base) > 0 {
		if last := len(x.known); !x.asked[last] {
			x.asked[last] = true
			x.free = x.a.behind(x.a.eval(x.op.Base))
		}
		return x.free
	}
	if x.op.Callee != "" {
		return nil
	}
	return bitset{1}
}

// origin translates what a callee says.
func (x *args) origin(o *origin) bitset {
	var found bitset
	for k := range o.params.all() {
		found.addAll(x.at(k))
	}
	for _, g := range o.globals {
		found.add(x.a.globalEntity(g))
	}
	if o.unknown {
		found.add(0)
	}
	return found
}

// apply does to arguments what a callee does to its parameters.
func (a *analysis) apply(s *summary, o *facts.Op) {
	x := a.args(o)
	for i, c := range s.content {
		if c != nil {
			to := x.at(2 * i)
			to = slices.Clone(to)
			to.addAll(x.at(2*i + 1))
			a.into(to, x.origin(c))
		}
	}
	for k := range s.kept.all() {
		a.into(bitset{1}, x.at(k))
	}
	a.hold(s, x, 0)
	if o.Result > 0 {
		result := x.origin(&s.returns)
		result.add(a.own(o.Result))
		a.addResult(o.Result, result)
		var own bitset
		own.add(a.own(o.Result))
		a.into(own, x.origin(&s.held))
	}
}

// create makes a function value. Whoever calls it passes the arguments; what it does to what it captured, it does from here on.
func (a *analysis) create(c *body, o *facts.Op) {
	params := len(c.Params) - c.Free
	x := a.captured(c, o)
	s := &c.sum
	for i := params; i < len(s.content); i++ {
		if s.content[i] != nil {
			to := slices.Clone(x.at(2 * i))
			to.addAll(x.at(2*i + 1))
			val := x.origin(s.content[i])
			for k := range s.content[i].params.all() {
				if k < 2*params {
					val.add(0) // whatever it is called with
				}
			}
			a.into(to, val)
		}
	}
	for k := range s.kept.all() {
		a.into(bitset{1}, x.at(k))
	}
	a.hold(s, x, 2*params)
}

// captured are what a literal captured, as arguments.
func (a *analysis) captured(c *body, o *facts.Op) *args {
	params := len(c.Params) - c.Free
	x := &args{a: a, op: o, known: make([]bitset, 2*len(c.Params)), asked: slices.Repeat([]bool{true}, 2*len(c.Params)+1)}
	for i, arg := range o.Args {
		v := a.eval(arg.Value)
		if k := 2 * (params + i); k+1 < len(x.known) {
			x.known[k], x.known[k+1] = v, a.behind(v)
		}
	}
	return x
}

// merge adds what another body does. Captured variables of several have nothing to do with each other, and are behind the function value all the same.
func (s *summary) merge(_ *Program, t *summary) bool {
	grew := !s.known
	s.known = true
	for i, c := range t.content {
		if c == nil {
			continue
		}
		grew = s.contentOf(i).merge(c) || grew
	}
	grew = s.kept.addAll(t.kept) || grew
	for k, held := range t.holders {
		for _, g := range held {
			grew = s.heldBy(k, g) || grew
		}
	}
	grew = s.held.merge(&t.held) || grew
	grew = s.returns.merge(&t.returns) || grew
	if grew {
		s.version++
	}
	return grew
}
