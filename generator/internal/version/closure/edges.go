package closure

import (
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Edges are the edges between all that is reached, also those by which nothing was reached first.
func (c *Closure) Edges() map[facts.ID][]facts.Edge {
	reached := make(map[facts.ID]bool, len(c.order))
	for _, v := range c.order {
		reached[v.id] = true
	}
	edges := map[facts.ID][]facts.Edge{}
	add := func(from facts.ID, e facts.Edge) {
		if reached[e.To] && (e.Reason != facts.ByReflection || c.reflection) {
			edges[from] = append(edges[from], e)
		}
	}
	for i, v := range c.order {
		if s := c.steps[i]; s.from != nil {
			add(s.from.ID, *s.edge)
		}
		n := c.node(v)
		for _, e := range n.Edges {
			if n.Kind != facts.Package || e.Reason != facts.RunsInit {
				add(v.id, e)
			}
		}
	}
	for _, s := range c.added {
		add(s.from.ID, *s.edge)
	}
	return edges
}
