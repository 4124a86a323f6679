package closure

import (
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/effects"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// LateWriter is a node that writes to a variable and can run after initialisation, or nil.
func (c *Closure) LateWriter(variable facts.ID) *facts.Node {
	for _, id := range c.g.memory.WritersOf(variable) {
		n := c.g.nodes[id]
		if n != nil && n.Kind == facts.Function && !n.Reviewed && c.g.runsLate(n.ID) && c.g.together(n.ID.Package, c.root.ID.Package) {
			return n
		}
	}
	return nil
}

// ProgramWriter is an initialiser of another package, a program's own, that writes to a variable, or nil.
func (c *Closure) ProgramWriter(variable facts.ID) *facts.Node {
	for _, id := range c.g.memory.WritersOf(variable) {
		for _, init := range c.initialisersOf(id) {
			p := init.place
			if p != nil && p.info.Program && init.id.Package != c.root.ID.Package && !init.node.Reviewed && !isPart(init.id) {
				return init.node
			}
		}
	}
	return nil
}

// initialisersOf are those that may run a declaration, in the order in which they run.
func (c *Closure) initialisersOf(id facts.ID) []*vertex {
	c.g.walking.Lock()
	defer c.g.walking.Unlock()
	return c.peers.initialisersOf(c.g.memory.Unit(id), new(effects.Walk))
}

// runsLate reports whether a function can run when packages are initialised already: not if all that lead to it are initialisers.
func (g *Graph) runsLate(fn facts.ID) bool {
	seen := map[facts.ID]bool{}
	var visit func(id facts.ID) bool
	visit = func(id facts.ID) bool {
		if n := g.nodes[id]; seen[id] || n == nil || n.Kind == facts.Init || n.Kind == facts.Variable {
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

// isPart reports whether a node is a part of main.
func isPart(id facts.ID) bool { return strings.HasPrefix(id.Name, facts.PartPrefix) }
