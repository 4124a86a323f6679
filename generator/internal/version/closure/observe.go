package closure

import (
	"github.com/cachegen/cachegen/generator/internal/version/effects"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// observer finds who writes to the memory that a closure reads: rules 3 and 4.
type observer struct {
	c    *Closure
	view *effects.View
	// grew says that more is seen since writers were looked for; seen are those that were found.
	grew bool
	seen map[facts.ID]bool
	// started are the declarations that initialisers may run, starters finds these.
	started  map[facts.ID]bool
	starters starters
}

func newObserver(c *Closure) *observer {
	return &observer{
		c: c, view: c.g.memory.View(), seen: map[facts.ID]bool{}, started: c.started(),
		starters: starters{c, map[facts.ID]bool{}, map[string]bool{}},
	}
}

// reads adds what a declaration reads.
func (o *observer) reads(id facts.ID) { o.grew = o.view.Add(id) || o.grew }

// writers adds the declarations that write to what is read, and the initialisers that may run them.
func (o *observer) writers() {
	if !o.grew {
		return
	}
	o.grew = false
	for _, id := range o.c.g.writers {
		if o.seen[id] || !o.c.together(id.Package) {
			continue
		}
		variable, ok := o.view.Sees(id, o.started[id])
		if !ok {
			continue
		}
		o.seen[id] = true
		from := o.c.Node(variable)
		if from == nil || !o.c.Reaches(variable) {
			from = o.c.root
		}
		o.c.follow(from, facts.Edge{To: id, Reason: facts.WrittenBy})
		for _, init := range o.starters.of(id) {
			o.c.follow(from, facts.Edge{To: init, Reason: facts.RunsInit})
		}
	}
}
