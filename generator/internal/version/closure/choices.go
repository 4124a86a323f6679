package closure

import (
	"fmt"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// choose leads from a place to everything that may stand behind an interface or function value there. What that is has a node of its own,
// so that many places with one interface cost little.
func (i *injection) choose(n *facts.Node, at facts.Edge, name string, members func(add func(facts.ID))) {
	at.To = facts.ID{Package: "", Name: facts.ChoicePrefix + name}
	pair := [2]facts.ID{n.ID, at.To}
	if i.led[pair] {
		return
	}
	i.led[pair] = true
	first := len(i.c.choices) == 0
	if i.c.choices[at.To] == nil {
		choice := &facts.Node{ID: at.To, Kind: facts.Implementations}
		members(func(to facts.ID) {
			if i.c.together(to.Package) {
				choice.Edges = append(choice.Edges, facts.Edge{To: to, Reason: facts.ImplementedBy})
			}
		})
		i.c.choices[at.To] = choice
	}
	i.c.lead(n, at)
	if first {
		i.errors(n, at)
	}
}

// errors reaches the errors of the module: those that an injected value returns were not necessarily made where it is called.
func (i *injection) errors(n *facts.Node, at facts.Edge) {
	at.Reason = facts.HandsOut
	i.choose(n, at, "error", func(add func(facts.ID)) {
		for _, t := range i.c.g.implementations.types {
			if m, ok := t.Method("Error"); ok && m.Func != (facts.ID{}) {
				add(m.Func)
			}
		}
	})
}

// method reaches the implementations of a method.
func (i *injection) method(n *facts.Node, at facts.Edge, iface *facts.Interface, name string) {
	i.choose(n, at, iface.Name+"."+name, func(add func(facts.ID)) {
		for _, t := range i.c.g.implementations.of(iface) {
			if m, _ := t.Method(name); m.Func != (facts.ID{}) {
				add(m.Func)
				i.setParam(m.Func, 0)
			}
		}
	})
}

// functions reaches every function value with a signature.
func (i *injection) functions(n *facts.Node, at facts.Edge, signature facts.Shape) {
	i.choose(n, at, fmt.Sprintf("functions %x", signature), func(add func(facts.ID)) {
		for _, literal := range i.c.g.implementations.literals[signature] {
			add(literal.ID)
			for p := range literal.Flow.Params {
				i.setParam(literal.ID, p)
			}
		}
		for _, id := range i.c.g.implementations.values[signature] {
			add(id)
			i.setParam(id, 0)
		}
		i.setShape(signature)
	})
}

// exposed reaches what code outside can call through an injected value.
func (i *injection) exposed(n *facts.Node, x *facts.Exposure, at facts.Edge) {
	at.Reason = facts.HandsOut
	for _, iface := range x.Interfaces {
		if len(iface.Methods) == 0 {
			i.anything(n, at)
			continue
		}
		i.choose(n, at, iface.Name, func(add func(facts.ID)) {
			for _, t := range i.c.g.implementations.of(iface) {
				add(t.ID)
				i.receivers(t)
			}
		})
	}
	for _, signature := range x.Functions {
		i.functions(n, at, signature)
	}
	for _, id := range x.Types {
		if t := i.c.g.nodes[id]; t != nil {
			i.receivers(t)
		}
	}
}

// receivers marks the receivers of a type's methods.
func (i *injection) receivers(t *facts.Node) {
	for _, m := range t.Set {
		if m.Func != (facts.ID{}) {
			i.setParam(m.Func, 0)
		}
	}
}

// anything reaches what is usually called on values of which nothing is known.
func (i *injection) anything(n *facts.Node, at facts.Edge) {
	i.choose(n, at, "any", func(add func(facts.ID)) {
		for _, t := range i.c.g.implementations.types {
			for _, m := range t.Set {
				if m.Func != (facts.ID{}) && stdmodel.IsUsualMethod(m.Name) {
					add(m.Func)
					i.setParam(m.Func, 0)
				}
			}
		}
	})
}
