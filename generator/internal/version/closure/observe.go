package closure

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/effects"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// observer finds who writes to the memory that a closure reads: rules 3 and 4.
type observer struct {
	c    *Closure
	view *effects.View
	// grew says that more is seen since writers were looked for; seen are those that were found.
	grew bool
	seen set
	// sinks are the declarations of which some reads decide nothing but what they write, as long as nobody sees what they write.
	sinks []*effects.Unit
	// callers are those of writers, as far as they were followed.
	callers effects.Walk
}

func newObserver(c *Closure) *observer { return &observer{c: c, view: c.g.memory.View()} }

// reads adds what a declaration reads.
func (o *observer) reads(v *vertex) {
	if v.unit != nil {
		o.grew = o.view.Add(v.unit) || o.grew
		if v.unit.HasSunk() {
			o.sinks = append(o.sinks, v.unit)
			o.grew = true
		}
	}
}

// writers adds the declarations that write to what is read, and the initialisers that may run them.
func (o *observer) writers() {
	if !o.grew {
		return
	}
	o.grew = false
	for o.revealed() {
	}
	for _, w := range o.c.peers.writers {
		if o.seen.has(w.number) {
			continue
		}
		variable, ok := o.view.Sees(w.unit, o.c.peers.stages[w.unit.Number])
		if !ok {
			continue
		}
		o.seen.add(w.number)
		from := o.c.root
		if n := o.c.Node(variable); n != nil && o.c.has(o.c.g.vertex(variable)) {
			from = n
		}
		o.c.follow(from, &facts.Edge{To: w.id, Reason: facts.WrittenBy}, w)
		for _, init := range o.c.peers.initialisersOf(w.unit, &o.callers) {
			o.c.follow(from, &facts.Edge{To: init.id, Reason: facts.RunsInit}, init)
		}
	}
}

// revealed adds what declarations read that write to what is read, and reports whether more is seen.
func (o *observer) revealed() bool {
	grew := false
	o.sinks = slices.DeleteFunc(o.sinks, func(u *effects.Unit) bool {
		_, ok := o.view.Sees(u, effects.Initialising)
		ok = ok || o.view.SeesLogged(u)
		grew = ok && o.view.AddSunk(u) || grew
		return ok
	})
	return grew
}

// findWriters finds the declarations that write to memory that others know.
func (p *peers) findWriters() {
	for _, u := range p.g.writers {
		if p.have(u.ID.Package) {
			p.writers = append(p.writers, p.g.vertex(u.ID))
		}
	}
}

// findStages finds when declarations may run.
func (p *peers) findStages() {
	p.stages = make([]effects.Stage, len(p.g.memory.Units()))
	var begin, initialise []*effects.Unit
	for _, u := range p.g.memory.Units() {
		if _, ok := p.g.begins[u.ID]; ok && p.have(u.ID.Package) {
			begin = append(begin, u)
			if !isPartOfMain(u.ID) {
				initialise = append(initialise, u)
			}
		}
	}
	new(effects.Walk).Down(begin, func(u *effects.Unit) { p.stages[u.Number] = effects.Started })
	new(effects.Walk).Down(initialise, func(u *effects.Unit) { p.stages[u.Number] = effects.Initialising })
}

// initialisersOf are those that may run a declaration, in the order in which they run, without those that were found before.
func (p *peers) initialisersOf(u *effects.Unit, callers *effects.Walk) []*vertex {
	var found []*vertex
	callers.Up([]*effects.Unit{u}, func(u *effects.Unit) (called bool) {
		v := p.g.vertex(u.ID)
		if v.begins < 0 {
			return true
		}
		if p.have(u.ID.Package) { // and nobody calls it
			found = append(found, v)
		}
		return false
	})
	slices.SortFunc(found, func(a, b *vertex) int { return a.begins - b.begins })
	return found
}
