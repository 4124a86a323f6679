package closure

import (
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// allEdges are the edges between all that is reached, also those by which nothing was reached first.
func (c *Closure) Edges() map[facts.ID][]facts.Edge {
	edges := map[facts.ID][]facts.Edge{}
	for id, s := range c.reached {
		add := func(from facts.ID, e facts.Edge) {
			if _, ok := c.reached[e.To]; ok && (e.Reason != facts.ByReflection || c.reflection) {
				edges[from] = append(edges[from], e)
			}
		}
		if s.from != nil {
			add(s.from.ID, s.edge)
		}
		n := c.Node(id)
		if n == nil {
			n = &facts.Node{ID: id, Kind: facts.Outside}
		}
		for _, e := range n.Edges {
			if n.Kind != facts.Package || e.Reason != facts.RunsInit {
				add(id, e)
			}
		}
		for _, e := range c.added[id] {
			add(id, e)
		}
	}
	return edges
}
