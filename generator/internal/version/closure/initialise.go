package closure

import (
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// What is written while a program begins comes from the init function, the initialiser of a variable or the statement of main that called for
// it, though a helper writes it: a registry's Register is not what decides what is registered.

// findInitialisers numbers all that runs when a program begins, in the order in which it runs, and finds the edges by which it may reach
// what writes.
func (g *Graph) findInitialisers(summaries []*facts.Summary) {
	g.begins = map[facts.ID]int{}
	g.mentions = map[facts.ID][]facts.ID{}
	byPath := map[string]*facts.Summary{}
	for _, s := range summaries {
		byPath[s.Path] = s
	}
	for _, path := range g.packageOrder(byPath) {
		for _, id := range byPath[path].Order {
			g.begins[id] = len(g.begins)
		}
	}
	for _, n := range g.sorted {
		if isPartOfMain(n.ID) { // which comes last
			g.begins[n.ID] = len(g.begins)
		}
		switch n.Kind {
		case facts.Function, facts.Init, facts.Variable, facts.Methods, facts.Asked:
			for _, e := range n.Edges {
				if e.Reason != facts.RunsAfter {
					g.mentions[e.To] = append(g.mentions[e.To], n.ID)
				}
			}
		}
	}
}

// isPartOfMain reports whether a node is a part of a main function.
func isPartOfMain(id facts.ID) bool { return strings.HasPrefix(id.Name, facts.PartPrefix) }

// packageOrder is the order in which packages are initialised: of those whose imports are, always the first by path.
func (g *Graph) packageOrder(byPath map[string]*facts.Summary) []string {
	var waiting []string
	for path := range byPath {
		waiting = append(waiting, path)
	}
	slices.Sort(waiting)
	var order []string
	done := map[string]bool{}
	ready := func(path string) bool {
		p := g.packages[path]
		return p == nil || !slices.ContainsFunc(p.Imports, func(imported string) bool { return byPath[imported] != nil && !done[imported] })
	}
	for len(waiting) > 0 {
		i := max(slices.IndexFunc(waiting, ready), 0) // imports go in no circle
		done[waiting[i]] = true
		order = append(order, waiting[i])
		waiting = slices.Delete(waiting, i, i+1)
	}
	return order
}
