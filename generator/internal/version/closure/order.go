package closure

import (
	"crypto/sha256"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/effects"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// order adds the order of initialisers where it decides something: of two that are reached, one writes to memory that the other
// reads or writes. All other orders are free, and with them the place of declarations in files and packages.
func (c *Closure) order() {
	var initialisers []facts.ID
	for id := range c.reached {
		if _, ok := c.g.begins[id]; ok {
			initialisers = append(initialisers, id)
		}
	}
	slices.SortFunc(initialisers, func(a, b facts.ID) int { return c.g.begins[a] - c.g.begins[b] })
	footprints := make([]*effects.Footprint, len(initialisers))
	for i, id := range initialisers {
		footprints[i] = c.g.footprint(id)
	}
	h := facts.Hasher{Hash: sha256.New()}
	var parts []facts.Part
	for _, pair := range c.g.memory.Conflicts(footprints) {
		first, second := initialisers[pair[0]], initialisers[pair[1]]
		h.ID(first)
		h.ID(second)
		parts = append(parts, facts.Part{Name: "before " + second.String(), Value: first.String()})
	}
	if len(parts) == 0 {
		return
	}
	n := &facts.Node{ID: facts.ID{Package: c.root.ID.Package, Name: facts.OrderName}, Kind: facts.Order, Parts: parts}
	n.File, n.Line, n.Column = c.root.File, c.root.Line, c.root.Column
	n.Skeleton = [sha256.Size]byte(h.Sum(nil))
	c.choices[n.ID] = n
	c.lead(c.root, facts.Edge{To: n.ID, Reason: facts.RunsAfter})
	c.drain()
}

// footprint is what an initialiser and all that it calls do to memory.
func (g *Graph) footprint(initialiser facts.ID) *effects.Footprint {
	if known, ok := g.footprints.Load(initialiser); ok {
		return known.(*effects.Footprint)
	}
	f := g.memory.Footprint(initialiser)
	g.footprints.Store(initialiser, f)
	return f
}
