package version

import (
	"slices"
	"sync"
)

// implementations finds who may stand behind an interface or a function value: class hierarchy analysis over the whole module.
type implementations struct {
	types []*Node // kind Methods, in order
	// literals are the function literals, makers the nodes that have them in their code, values the functions used as values, by signature.
	literals, makers map[Shape][]*Node
	values           map[Shape][]ID

	mu    sync.Mutex
	known map[*Interface][]*Node
}

func (g *Graph) findImplementations() {
	i := &implementations{literals: map[Shape][]*Node{}, makers: map[Shape][]*Node{}, values: map[Shape][]ID{}, known: map[*Interface][]*Node{}}
	for _, n := range g.sorted {
		if n.Kind == Methods {
			i.types = append(i.types, n)
		}
		if n.Literal != nil {
			i.literals[*n.Literal] = append(i.literals[*n.Literal], n)
		}
		if n.Flow == nil {
			continue
		}
		for _, l := range n.Flow.Literals {
			if !slices.Contains(i.makers[l.Signature], n) {
				i.makers[l.Signature] = append(i.makers[l.Signature], n)
			}
		}
		for _, v := range n.Flow.Values {
			if !slices.Contains(i.values[v.Signature], v.ID) {
				i.values[v.Signature] = append(i.values[v.Signature], v.ID)
			}
		}
	}
	g.implementations = i
}

// of returns the types that implement an interface.
func (i *implementations) of(iface *Interface) []*Node {
	i.mu.Lock()
	defer i.mu.Unlock()
	found, ok := i.known[iface]
	if ok {
		return found
	}
	for _, t := range i.types {
		if t.implements(iface) {
			found = append(found, t)
		}
	}
	i.known[iface] = found
	return found
}

// implements reports whether the type of a method node, or a pointer to it, implements an interface.
func (n *Node) implements(iface *Interface) bool {
	for _, want := range iface.Methods {
		m, ok := n.method(want.Name)
		if !ok || m.Signature != want.Signature && !n.Generic {
			return false
		}
	}
	return true
}

func (n *Node) method(name string) (Method, bool) {
	i := slices.IndexFunc(n.Set, func(m Method) bool { return m.Name == name })
	if i < 0 {
		return Method{}, false
	}
	return n.Set[i], true
}

// usual are the methods that code outside asks for when all it knows of a value is that it is something.
var usual = []string{
	"Error", "Unwrap", "Is", "As", "String", "GoString", "Format", "LogValue",
	"MarshalJSON", "MarshalText", "MarshalBinary", "MarshalCBOR", "MarshalYAML", "MarshalXML", "GobEncode", "Value",
}
