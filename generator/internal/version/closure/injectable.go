package closure

import "github.com/cachegen/cachegen/generator/internal/version/facts"

// findInjectable finds the package variables in which some function puts what it is given, when packages are initialised already: a
// default that main sets. Whoever called it may have been anyone.
func (g *Graph) findInjectable() {
	g.injectable = map[facts.ID]bool{}
	for variable, nodes := range g.assigned {
		for _, n := range nodes {
			if n.Kind == facts.Function && n.Flow != nil && g.storesParam(n, variable) && g.runsLate(n.ID) {
				g.injectable[variable] = true
			}
		}
	}
}
