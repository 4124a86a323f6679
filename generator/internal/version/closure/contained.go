package closure

import (
	"maps"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// An init function whose only effect is on package variables matters to those who reach the variables, and to them as a writer. One that
// calls for effects elsewhere matters to all who reach its package, and to those who reach what it calls: a codec or driver
// that it registers there. Telling them apart keeps registries of whole programs out of functions that don't ask them.

// findEscapes finds the init functions with effects that are not on package variables. In which order those of a package run decides for
// all whom the effects reach.
func (g *Graph) findEscapes(summaries []*facts.Summary) {
	g.escapes = map[facts.ID]bool{}
	for _, id := range slices.SortedFunc(maps.Keys(g.initialisers), facts.ID.Compare) {
		n := g.nodes[id]
		if n == nil || n.Kind != facts.Init {
			continue
		}
		outside, unknown := g.effectsOutside(n)
		g.escapes[id] = unknown
		for _, called := range outside {
			g.escapes[id] = true
			hidden := facts.ID{Package: called.Package, Name: facts.PackageName}
			if !slices.Contains(g.hiddenWriters[hidden], id) {
				g.hiddenWriters[hidden] = append(g.hiddenWriters[hidden], id)
			}
		}
	}
	for _, s := range summaries {
		escaping := slices.DeleteFunc(slices.Clone(s.Initialisers), func(id facts.ID) bool { return !g.escapes[id] })
		if len(escaping) < 2 {
			continue
		}
		order := g.addOrder(s.Path, "effects", escaping)
		affected := []facts.ID{{Package: s.Path, Name: facts.PackageName}}
		for hidden, writers := range g.hiddenWriters {
			if slices.ContainsFunc(escaping, func(id facts.ID) bool { return slices.Contains(writers, id) }) {
				affected = append(affected, hidden)
			}
		}
		for _, id := range affected {
			g.orders[id] = append(g.orders[id], order)
		}
	}
}

// effectsOutside are the functions outside that a node calls for their effects, itself or by what it calls, and that may remember what they
// are called with. If it calls function values, more may happen that is unknown.
func (g *Graph) effectsOutside(n *facts.Node) (found []facts.ID, unknown bool) {
	seen := map[facts.ID]bool{n.ID: true}
	queue := []*facts.Node{n}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, id := range n.Performs {
			if g.remembers(id) {
				found = append(found, id)
			}
		}
		unknown = unknown || n.Flow != nil && slices.ContainsFunc(n.Flow.Calls, func(c facts.Call) bool { return c.Callee == facts.ID{} && c.Interface == nil })
		for _, e := range n.Edges {
			if to := g.nodes[e.To]; to != nil && to.Kind == facts.Function && e.Reason == facts.Calls && !seen[e.To] {
				seen[e.To] = true
				queue = append(queue, to)
			}
		}
	}
	return found, unknown
}

// remembers reports whether a function outside may keep what it is called with, or change what others see. Of the standard library this is
// known; of other modules nothing is.
func (g *Graph) remembers(id facts.ID) bool {
	p := g.packages[id.Package]
	if p == nil || !p.Standard {
		return p != nil && !p.Local
	}
	return stdmodel.Remembers(id)
}
