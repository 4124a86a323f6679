package closure

import (
	"crypto/sha256"
	"maps"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// What is written to a package variable while packages are initialised comes from the init function or initialiser that
// called for it, though a helper writes it: a registry's Register is not what decides what is registered. So initialisers that
// reach a writer of a variable are writers too.

// findInitialisers collects the nodes that run at initialisation, and the edges by which they may reach writers.
func (g *Graph) findInitialisers(summaries []*facts.Summary) {
	g.initialisers = map[facts.ID]bool{}
	g.mentions = map[facts.ID][]facts.ID{}
	for _, s := range summaries {
		for _, id := range s.Initialisers {
			g.initialisers[id] = true
		}
		for _, n := range s.Nodes {
			if n.Kind != facts.Function && !g.initialisers[n.ID] {
				continue
			}
			for _, e := range n.Edges {
				if to := g.nodes[e.To]; to != nil && to.Kind == facts.Function {
					g.mentions[e.To] = append(g.mentions[e.To], n.ID)
				}
			}
		}
	}
}

// findInitialWriters finds for each variable the initialisers that reach a writer of it. What packages outside hide in their own
// variables counts too: a codec that an init function registers there is found by all who ask the package.
func (g *Graph) findInitialWriters() {
	g.initialWriters = map[facts.ID][]facts.ID{}
	for variable, writers := range g.writers {
		var start []facts.ID
		for _, w := range writers {
			start = append(start, w.node.ID)
		}
		g.initialWriters[variable] = g.initialisersReaching(start)
	}
	for hidden, writers := range g.hiddenWriters {
		g.initialWriters[hidden] = g.initialisersReaching(writers)
	}
}

// initialisersReaching are the initialisers that reach one of the nodes, in order.
func (g *Graph) initialisersReaching(nodes []facts.ID) []facts.ID {
	var found []facts.ID
	queue := nodes
	seen := map[facts.ID]bool{}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		if seen[id] {
			continue
		}
		seen[id] = true
		if g.initialisers[id] {
			found = append(found, id)
		}
		queue = append(queue, g.mentions[id]...)
	}
	slices.SortFunc(found, facts.ID.Compare)
	return found
}

// orderInitialisers makes nodes of the orders that matter: where two initialisers of a package touch one variable and one
// of them writes to it, which comes first decides what it holds. All other orders are free, and with them the place of
// declarations in files.
func (g *Graph) orderInitialisers(summaries []*facts.Summary) {
	for _, s := range summaries {
		touched := map[facts.ID][]facts.ID{}
		written := map[facts.ID]bool{}
		for _, id := range s.Initialisers {
			reads, writes := g.touches(id)
			for variable := range writes {
				written[variable] = true
				reads[variable] = true
			}
			for variable := range reads {
				touched[variable] = append(touched[variable], id)
			}
		}
		for _, variable := range slices.SortedFunc(maps.Keys(written), facts.ID.Compare) {
			if order := touched[variable]; len(order) > 1 {
				g.orders[variable] = append(g.orders[variable], g.addOrder(s.Path, variable.String(), order))
			}
		}
	}
}

// addOrder makes the node of the order in which initialisers of a package touch something.
func (g *Graph) addOrder(path, touched string, order []facts.ID) facts.ID {
	n := &facts.Node{ID: facts.ID{Package: path, Name: facts.OrderName + touched}, Kind: facts.Order}
	h := facts.Hasher{Hash: sha256.New()}
	for _, id := range order {
		h.ID(id)
		n.Parts = append(n.Parts, facts.Part{Name: "initialiser", Value: id.Name})
	}
	n.Skeleton = [sha256.Size]byte(h.Sum(nil))
	if first := g.nodes[order[0]]; first != nil {
		n.File, n.Line, n.Column = first.File, first.Line, first.Column
	}
	g.nodes[n.ID] = n
	return n.ID
}

// touches returns the variables that an initialiser reads and writes, itself or by what it calls.
func (g *Graph) touches(initialiser facts.ID) (reads, writes map[facts.ID]bool) {
	reads, writes = map[facts.ID]bool{}, map[facts.ID]bool{}
	seen := map[facts.ID]bool{initialiser: true}
	queue := []facts.ID{initialiser}
	for len(queue) > 0 {
		n := g.nodes[queue[0]]
		queue = queue[1:]
		if n == nil {
			continue
		}
		for _, w := range n.Writes {
			writes[w.To] = true
		}
		for _, e := range n.Edges {
			to := g.nodes[e.To]
			if to == nil || seen[e.To] {
				continue
			}
			seen[e.To] = true
			switch to.Kind {
			case facts.Variable:
				reads[e.To] = true
			case facts.Function, facts.Methods:
				queue = append(queue, e.To)
			}
		}
	}
	return reads, writes
}
