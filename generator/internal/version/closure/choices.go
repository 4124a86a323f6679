package closure

import (
	"fmt"
	"slices"
	"strings"

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
}

// method reaches the implementations of a method.
func (i *injection) method(n *facts.Node, at facts.Edge, iface *facts.Interface, name string) {
	i.choose(n, at, iface.Name+"."+name, func(add func(facts.ID)) {
		for _, t := range i.c.g.implementations.of(iface) {
			i.implementation(t, name, add)
		}
	})
}

// implementation reaches a method of a type. What an embedded interface has for it may be anything that implements that one.
func (i *injection) implementation(t *facts.Node, name string, add func(facts.ID)) {
	m, _ := t.Method(name)
	if m.Through != nil {
		for _, t := range i.c.g.implementations.of(m.Through) {
			if m, _ := t.Method(name); m.Func != (facts.ID{}) {
				i.reach(m.Func, add)
			}
		}
	}
	if m.Func != (facts.ID{}) {
		i.reach(m.Func, add)
	}
}

// reach reaches a method whose receiver was injected, and what is generated for it.
func (i *injection) reach(method facts.ID, add func(facts.ID)) {
	add(method)
	i.setParam(method, 0)
	if wrapper := method.Prefixed(facts.WrapperPrefix); i.c.g.nodes[wrapper] != nil {
		add(wrapper)
	}
}

// functions reaches every function value with a signature.
func (i *injection) functions(n *facts.Node, at facts.Edge, signature facts.Shape) {
	i.choose(n, at, fmt.Sprintf("functions %x", signature), func(add func(facts.ID)) {
		for _, literal := range i.c.g.implementations.literals.of(signature) {
			add(literal.ID)
			i.allParams(literal.ID, len(literal.Flow.Params))
		}
		for _, id := range i.c.g.implementations.values.of(signature) {
			add(id)
			i.setParam(id, 0)
		}
		i.setShape(signature)
	})
}

// exposed reaches what code outside can call through an injected value: what the model says of a function, or anything.
func (i *injection) exposed(n *facts.Node, callee facts.ID, x *facts.Exposure, at facts.Edge) {
	at.Reason = facts.HandsOut
	for _, iface := range x.Interfaces {
		if names, known := i.methodsCalled(callee, iface); known {
			i.named(n, at, iface, names)
		} else {
			i.everything(n, at, iface)
		}
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

// methodsCalled are the names of the methods that a function outside may call on values of an interface, if they are known. The zero ID is
// what stands behind an interface or a function value: where it is the user's, values are followed there.
func (i *injection) methodsCalled(callee facts.ID, iface *facts.Interface) (names []string, known bool) {
	if callee != (facts.ID{}) {
		names, known = stdmodel.CallsMethods(callee, iface.Name)
		if iface.Name == "error" {
			return names, known // the model has all
		}
	}
	p := i.c.g.packages[callee.Package]
	standard := p != nil && p.Standard && stdmodel.AsksTheUsual(callee.Package)
	if len(iface.Methods) == 0 && !known && (standard || callee == facts.ID{}) {
		return slices.Clone(stdmodel.UsualMethods), true
	}
	for _, m := range iface.Methods {
		names = append(names, m.Name)
	}
	return names, known || callee == facts.ID{}
}

// named reaches the methods with names of all types that implement an interface.
func (i *injection) named(n *facts.Node, at facts.Edge, iface *facts.Interface, names []string) {
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return
	}
	i.choose(n, at, iface.Name+": "+strings.Join(names, ", "), func(add func(facts.ID)) {
		for _, t := range i.c.g.implementations.of(iface) {
			for _, name := range names {
				i.implementation(t, name, add)
			}
		}
	})
}

// everything reaches all types that implement an interface.
func (i *injection) everything(n *facts.Node, at facts.Edge, iface *facts.Interface) {
	i.choose(n, at, iface.Name, func(add func(facts.ID)) {
		for _, t := range i.c.g.implementations.of(iface) {
			add(t.ID)
			i.receivers(t)
		}
	})
}

// receivers marks the receivers of a type's methods.
func (i *injection) receivers(t *facts.Node) {
	for _, m := range t.Set {
		if m.Func != (facts.ID{}) {
			i.setParam(m.Func, 0)
		}
	}
}

// userContexts reaches the user's own contexts: what has one may have any.
func (i *injection) userContexts(n *facts.Node) {
	methods := []string{"Deadline", "Done", "Err", "Value"}
	i.choose(n, facts.Edge{Reason: facts.ImplementedBy}, "context.Context", func(add func(facts.ID)) {
		for _, t := range i.c.g.implementations.types {
			if slices.ContainsFunc(methods, func(name string) bool { _, ok := t.Method(name); return !ok }) {
				continue
			}
			for _, name := range methods {
				i.implementation(t, name, add)
			}
		}
	})
}
