package closure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// choice is everything that may stand behind an interface or function value. It has a node of its own, so that many places with one interface
// cost little.
type choice struct {
	vertex *vertex
	edges  []facts.Edge
	// marks are the parameters that may hold injected values because what stands here does, shapes the function values that are called with some.
	marks  []mark
	shapes []*shape
}

// choice returns the choice with a name. Make adds what may stand there.
func (g *Graph) choice(name string, make func(c *choice)) *choice {
	id := facts.ID{Package: "", Name: facts.ChoicePrefix + name}
	if known := g.choices[id]; known != nil {
		return known
	}
	c := &choice{vertex: g.vertex(id)}
	c.vertex.choice = true
	g.choices[id] = c
	make(c)
	return c
}

func (c *choice) add(to facts.ID) {
	c.edges = append(c.edges, facts.Edge{To: to, Reason: facts.ImplementedBy})
}

// node is the choice for code that runs together with some packages.
func (c *choice) node(peers *peers) *facts.Node {
	if known := peers.choices[c]; known != nil {
		return known
	}
	n := &facts.Node{ID: c.vertex.id, Kind: facts.Implementations}
	for _, e := range c.edges {
		if peers.have(e.To.Package) {
			n.Edges = append(n.Edges, e)
		}
	}
	peers.choices[c] = n
	return n
}

// methodOf are the implementations of a method.
func (g *Graph) methodOf(iface *facts.Interface, name string) *choice {
	return g.choice(iface.Name+"."+name, func(c *choice) {
		for _, t := range g.implementations.of(iface) {
			g.implementation(t, name, c)
		}
	})
}

// implementation adds a method of a type. What an embedded interface has for it may be anything that implements that one.
func (g *Graph) implementation(t *facts.Node, name string, c *choice) {
	m, _ := t.Method(name)
	if m.Through != nil {
		for _, t := range g.implementations.of(m.Through) {
			if m, _ := t.Method(name); m.Func != (facts.ID{}) {
				g.injectedMethod(m.Func, c)
			}
		}
	}
	if m.Func != (facts.ID{}) {
		g.injectedMethod(m.Func, c)
	}
}

// injectedMethod adds a method whose receiver was injected, and what is generated for it.
func (g *Graph) injectedMethod(method facts.ID, c *choice) {
	c.add(method)
	c.marks = append(c.marks, mark{g.vertex(method), bit(0)})
	if wrapper := method.Prefixed(facts.WrapperPrefix); g.nodes[wrapper] != nil {
		c.add(wrapper)
	}
}

// functionsOf are all function values with a signature.
func (g *Graph) functionsOf(signature facts.Shape) *choice {
	return g.choice(fmt.Sprintf("functions %x", signature), func(c *choice) {
		for _, literal := range g.implementations.literals.of(signature) {
			c.add(literal.ID)
			all := mark{function: g.vertex(literal.ID)}
			for p := range literal.Flow.Params {
				all.params |= bit(p)
			}
			c.marks = append(c.marks, all)
		}
		for _, id := range g.implementations.values.of(signature) {
			c.add(id)
			c.marks = append(c.marks, mark{g.vertex(id), bit(0)})
		}
		c.shapes = append(c.shapes, g.shape(signature))
	})
}

// methodsCalled are the names of the methods that a function outside may call on values of an interface, if they are known. The zero ID is
// what stands behind an interface or a function value: where it is the user's, values are followed there.
func (g *Graph) methodsCalled(callee facts.ID, iface *facts.Interface) (names []string, known bool) {
	if callee != (facts.ID{}) {
		names, known = stdmodel.CallsMethods(callee, iface.Name)
		if iface.Name == "error" {
			return names, known // the model has all
		}
	}
	p := g.packages[callee.Package]
	standard := p != nil && p.Standard && stdmodel.AsksTheUsual(callee.Package)
	if len(iface.Methods) == 0 && !known && (standard || callee == facts.ID{}) {
		return slices.Clone(stdmodel.UsualMethods), true
	}
	for _, m := range iface.Methods {
		names = append(names, m.Name)
	}
	return names, known || callee == facts.ID{}
}

// namedOf are the methods with names of all types that implement an interface; nil if there are no names.
func (g *Graph) namedOf(iface *facts.Interface, names []string) *choice {
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return nil
	}
	return g.choice(iface.Name+": "+strings.Join(names, ", "), func(c *choice) {
		for _, t := range g.implementations.of(iface) {
			for _, name := range names {
				g.implementation(t, name, c)
			}
		}
	})
}

// everythingOf are all types that implement an interface.
func (g *Graph) everythingOf(iface *facts.Interface) *choice {
	return g.choice(iface.Name, func(c *choice) {
		for _, t := range g.implementations.of(iface) {
			c.add(t.ID)
			c.marks = append(c.marks, g.receivers(t)...)
		}
	})
}

// userContexts are the methods of the user's own contexts: what has one may have any.
func (g *Graph) userContexts() *choice {
	methods := []string{"Deadline", "Done", "Err", "Value"}
	return g.choice("context.Context as the module has it", func(c *choice) {
		for _, t := range g.implementations.types {
			if slices.ContainsFunc(methods, func(name string) bool { _, ok := t.Method(name); return !ok }) {
				continue
			}
			for _, name := range methods {
				g.implementation(t, name, c)
			}
		}
	})
}
