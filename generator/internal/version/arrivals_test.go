package version

import "slices"

// Kinds of edges, in the order in which deep would give them up if it were to be unsound.
const (
	byCall = iota
	byConversion
	byInitialiser
	byWriter
	byInjection // and by reflection
	layers
)

func layerOf(r Reason) int {
	switch r {
	case Converts, TypeArgument, HasMethod, Contains, ReturnsValue:
		return byConversion
	case RunsInit:
		return byInitialiser
	case WrittenBy:
		return byWriter
	case ImplementedBy, HandsOut, ByReflection:
		return byInjection
	}
	return byCall
}

// arrivals says of all that is reached by which kinds of edges it is at least: of all paths it is the one whose last kind comes first.
func (c *closure) arrivals() map[ID]arrival {
	edges := c.allEdges()
	found := map[ID]arrival{}
	queues := make([][]ID, layers)
	add := func(id ID, a arrival) {
		if known, ok := found[id]; !ok || a.layer < known.layer {
			found[id] = a
			queues[a.layer] = append(queues[a.layer], id)
		}
	}
	add(c.root.ID, arrival{})
	for layer := range layers {
		for i := 0; i < len(queues[layer]); i++ {
			id := queues[layer][i]
			at := found[id]
			if at.layer < layer {
				continue
			}
			for _, e := range edges[id] {
				if l := layerOf(e.Reason); l > at.layer {
					add(e.To, arrival{layer: l, gate: gate{id, e.Reason, e.To}})
				} else {
					add(e.To, at)
				}
			}
		}
	}
	for id, a := range found {
		n := c.node(id)
		if n == nil || !n.Kind.content() {
			delete(found, id)
			continue
		}
		a.hash = n.hashAs(nil)
		found[id] = a
	}
	return found
}

// allEdges are the edges between all that is reached, also those by which nothing was reached first.
func (c *closure) allEdges() map[ID][]Edge {
	edges := map[ID][]Edge{}
	for id, s := range c.reached {
		add := func(from ID, e Edge) {
			if _, ok := c.reached[e.To]; ok && (e.Reason != ByReflection || c.reflection) {
				edges[from] = append(edges[from], e)
			}
		}
		if s.from != nil {
			add(s.from.ID, s.edge)
		}
		n := c.node(id)
		if n == nil {
			n = &Node{ID: id, Kind: Outside}
		}
		for _, e := range n.Edges {
			if n.Kind != Package || !c.g.initialisers[e.To] || c.g.escapes[e.To] {
				add(id, e)
			}
		}
		for _, e := range c.added[id] {
			add(id, e)
		}
		if n.Kind != Variable && n.Kind != Outside {
			continue
		}
		for _, w := range c.g.writers[id] {
			add(id, Edge{To: w.node.ID, Reason: WrittenBy})
		}
		for _, to := range slices.Concat(c.g.initialWriters[id], c.g.orders[id]) {
			add(id, Edge{To: to, Reason: RunsInit})
		}
	}
	return edges
}
