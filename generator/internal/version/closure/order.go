package closure

import (
	"crypto/sha256"
	"iter"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/effects"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// orders adds the order of initialisers where it decides something: of two that are reached, one writes to memory that the other
// reads or writes. All other orders are free, and with them the place of declarations in files and packages.
func (c *Closure) orders() {
	var initialisers []*vertex
	var reached set
	for _, v := range c.order {
		if v.begins >= 0 {
			initialisers = append(initialisers, v)
			reached.add(v.begins)
		}
	}
	slices.SortFunc(initialisers, func(a, b *vertex) int { return a.begins - b.begins })
	h := facts.Hasher{Hash: sha256.New()}
	var parts []facts.Part
	for _, second := range initialisers {
		for first := range c.g.conflicts(second, reached) {
			h.ID(first.id)
			h.ID(second.id)
			parts = append(parts, facts.Part{Name: "before " + second.id.String(), Value: first.id.String()})
		}
	}
	if len(parts) == 0 {
		return
	}
	n := &facts.Node{ID: facts.ID{Package: c.root.ID.Package, Name: facts.OrderName}, Kind: facts.Order, Parts: parts}
	n.File, n.Line, n.Column = c.root.File, c.root.Line, c.root.Column
	n.Skeleton = [sha256.Size]byte(h.Sum(nil))
	c.ordered = n
	c.lead(c.root, facts.Edge{To: n.ID, Reason: facts.RunsAfter}, c.g.vertex(n.ID))
	c.drain()
}

// conflicting is what is known of an initialiser: which of those before it, by their numbers, were compared with it, and which of them conflict.
type conflicting struct{ known, yes set }

// conflicts iterates over the initialisers among some that run before one and conflict with it: one writes to what the other touches.
func (g *Graph) conflicts(second *vertex, among set) iter.Seq[*vertex] {
	row := g.conflicting[second]
	if row == nil {
		row = new(conflicting)
		g.conflicting[second] = row
	}
	return func(yield func(*vertex) bool) {
		for n := range among.all() {
			if n >= second.begins {
				return
			}
			first := g.beginning[n]
			if row.known.add(n) && g.memory.Conflict(g.footprint(first), g.footprint(second)) {
				row.yes.add(n)
			}
			if row.yes.has(n) && !yield(first) {
				return
			}
		}
	}
}

// footprint is what an initialiser and all that it calls do to memory.
func (g *Graph) footprint(initialiser *vertex) effects.Footprint {
	f, ok := g.footprints[initialiser]
	if !ok {
		if initialiser.unit != nil {
			f = g.memory.Footprint(initialiser.unit)
		}
		g.footprints[initialiser] = f
	}
	return f
}
