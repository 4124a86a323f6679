package closure

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// implementations finds who may stand behind an interface or a function value: class hierarchy analysis over the whole module.
type implementations struct {
	types []*facts.Node // kind Methods, in order
	// literals are the function literals, makers the nodes that have them in their code, values the functions used as values.
	literals, makers signatures[*facts.Node]
	values           signatures[facts.ID]

	known map[string][]*facts.Node // by interface
}

func (g *Graph) findImplementations() {
	i := &implementations{
		literals: newSignatures[*facts.Node](), makers: newSignatures[*facts.Node](), values: newSignatures[facts.ID](),
		known: map[string][]*facts.Node{},
	}
	for _, n := range g.sorted {
		if n.Kind == facts.Methods {
			i.types = append(i.types, n)
		}
		if n.Literal != nil {
			i.literals.add(*n.Literal, n)
		}
		if n.Flow == nil {
			continue
		}
		for _, l := range n.Flow.Literals {
			i.makers.add(l.Signature, n)
		}
		for _, v := range n.Flow.Values {
			i.values.add(v.Signature, v.ID)
		}
	}
	g.implementations = i
}

// of returns the types that implement an interface.
func (i *implementations) of(iface *facts.Interface) []*facts.Node {
	key := iface.Identity()
	found, ok := i.known[key]
	if ok {
		return found
	}
	for _, t := range i.types {
		if t.Implements(iface) {
			found = append(found, t)
		}
	}
	i.known[key] = found
	return found
}

// HasData reports whether some type of the user's has methods of these names, and values that can be told apart behind an interface.
func (c *Closure) HasData(names []string) bool {
	return slices.ContainsFunc(c.g.implementations.types, func(t *facts.Node) bool { return t.Data && t.Has(names) })
}
