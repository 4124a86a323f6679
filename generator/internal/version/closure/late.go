package closure

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// LateWriter is a node that writes to a variable and can run after initialisation, or nil.
func (c *Closure) LateWriter(variable facts.ID) *facts.Node {
	for _, w := range c.g.writers[variable] {
		n := w.node
		if n.Kind == facts.Function && !n.Reviewed && c.g.runsLate(n.ID) && c.together(n.ID.Package) {
			return n
		}
	}
	return nil
}

// ProgramWriter is an initialiser of another package, a program's own, that writes to a variable, or nil.
func (c *Closure) ProgramWriter(variable facts.ID) *facts.Node {
	for _, init := range c.g.initialWriters[variable] {
		p, w := c.g.packages[init.Package], c.g.nodes[init]
		if p != nil && p.Program && init.Package != c.root.ID.Package && !w.Reviewed && c.together(init.Package) {
			return w
		}
	}
	return nil
}

// runsLate reports whether a function can run when packages are initialised already: not if all that lead to it are initialisers.
func (g *Graph) runsLate(fn facts.ID) bool {
	seen := map[facts.ID]bool{}
	var visit func(id facts.ID) bool
	visit = func(id facts.ID) bool {
		if seen[id] || g.initialisers[id] {
			return false
		}
		seen[id] = true
		if len(g.mentions[id]) == 0 {
			return true // exported, a method, or main
		}
		return slices.ContainsFunc(g.mentions[id], visit)
	}
	return visit(fn)
}
