package closure

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// injection follows what the function's own code did not make: values from parameters and from contexts. What is called on them may be
// anything in the module that fits.
type injection struct {
	c *Closure
	// params are the parameters of each function that may hold such a value, as bits.
	params map[facts.ID]uint64
	// returned are functions that may return one, and given the parameters that may get one, whatever they are called with.
	returned map[facts.ID]bool
	given    map[facts.ID]uint64
	// globals are the package variables, shapes the signatures of function values whose parameters may hold one.
	globals map[facts.ID]bool
	shapes  signatures[facts.Shape]
	// arguments are the arguments of interface methods that may be such values.
	arguments map[argument]bool
	led       map[[2]facts.ID]bool
	queue     []facts.ID
	queued    map[facts.ID]bool
	// contexts is how many of the closure's functions that ask contexts are known.
	contexts int
}

// argument is an argument of a method.
type argument struct {
	method string
	index  int
}

func newInjection(c *Closure, root facts.Root) *injection {
	i := &injection{
		c:         c,
		params:    map[facts.ID]uint64{},
		returned:  map[facts.ID]bool{},
		given:     map[facts.ID]uint64{},
		globals:   map[facts.ID]bool{},
		shapes:    newSignatures[facts.Shape](),
		queued:    map[facts.ID]bool{},
		arguments: map[argument]bool{},
		led:       map[[2]facts.ID]bool{},
	}
	for _, p := range root.Brought {
		i.setParam(root.Func, p)
	}
	for _, f := range root.Functions { // they get the same parameters
		i.allParams(f.ID, f.Params)
	}
	return i
}

// allParams marks all parameters of a function.
func (i *injection) allParams(fn facts.ID, n int) {
	for p := range n {
		i.setParam(fn, p)
	}
}

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

// bit stands for a parameter; all beyond the 63rd share one.
func bit(param int) uint64 { return 1 << min(param, 63) }

// spread follows injected values through what is reached so far, until nothing changes.
func (i *injection) spread() {
	for ; i.contexts < len(i.c.askContexts); i.contexts++ {
		i.again(i.c.askContexts[i.contexts])
	}
	for len(i.queue) > 0 {
		id := i.queue[0]
		i.queue = i.queue[1:]
		i.queued[id] = false
		if n := i.c.Node(id); n != nil && n.Flow != nil {
			i.function(n)
		}
	}
}

// again queues a function for another look.
func (i *injection) again(id facts.ID) {
	if !i.queued[id] {
		i.queued[id] = true
		i.queue = append(i.queue, id)
	}
}

func (i *injection) againAll(nodes []*facts.Node) {
	for _, n := range nodes {
		i.again(n.ID)
	}
}

// function follows injected values through one function. It may not be reached: then what it does with them does not matter yet, and
// the closure comes back when it is.
func (i *injection) function(n *facts.Node) {
	if _, ok := i.c.reached[n.ID]; !ok {
		i.c.later[n.ID] = true
		return
	}
	f := n.Flow
	inside := taints{i.c.g.classes[n.ID], make([]bool, f.Classes)}
	i.fromInside(f, inside)
	all := taints{inside.classes, slices.Clone(inside.tainted)}
	for p, class := range f.Params {
		if i.params[n.ID]&bit(p) != 0 {
			all.mark(class)
		}
	}
	if !slices.Contains(all.tainted, true) {
		return
	}
	i.leave(n, inside)
	for _, h := range f.Globals {
		if all.has(h.Class) {
			i.setGlobal(h.ID)
		}
	}
	for _, v := range f.Values {
		if all.has(v.Class) {
			i.setParam(v.ID, 0)
		}
	}
	for k := range f.Calls {
		i.call(n, &f.Calls[k], all)
	}
}

// taints are the classes of a function's values that hold what was injected.
type taints struct {
	classes []int
	tainted []bool
}

func (t taints) mark(class int) {
	if class != facts.None {
		t.tainted[t.classes[class]] = true
	}
}

func (t taints) has(class int) bool { return class != facts.None && t.tainted[t.classes[class]] }

// fromInside marks the classes of values that do not come from parameters.
func (i *injection) fromInside(f *facts.Flow, inside taints) {
	for _, class := range f.FromContext {
		inside.mark(class)
	}
	for _, h := range f.Globals {
		if i.globals[h.ID] {
			inside.mark(h.Class)
		}
	}
	for _, l := range f.Literals {
		if i.shapes.has(l.Signature) {
			inside.mark(l.Class)
		}
	}
	for k := range f.Calls {
		call := &f.Calls[k]
		if i.returned[call.Callee] {
			inside.mark(call.Results)
		}
		for a, class := range call.Args {
			if i.given[call.Callee]&bit(a) != 0 {
				inside.mark(class)
			}
		}
	}
}

// leave notes what a function hands out that it did not get.
func (i *injection) leave(n *facts.Node, inside taints) {
	if inside.has(n.Flow.Returns) && !i.returned[n.ID] {
		i.returned[n.ID] = true
		i.againAll(i.c.g.callers[n.ID])
	}
	for p, class := range n.Flow.Params {
		if inside.has(class) && i.given[n.ID]&bit(p) == 0 {
			i.given[n.ID] |= bit(p)
			i.againAll(i.c.g.callers[n.ID])
		}
	}
}

func (i *injection) setParam(fn facts.ID, param int) {
	if i.params[fn]&bit(param) == 0 {
		i.params[fn] |= bit(param)
		i.again(fn)
	}
}

func (i *injection) setGlobal(v facts.ID) {
	if !i.globals[v] {
		i.globals[v] = true
		i.againAll(i.c.g.holders[v])
	}
}

func (i *injection) setShape(s facts.Shape) {
	if known := i.shapes[s.Arity()]; !slices.ContainsFunc(known, func(one signed[facts.Shape]) bool { return one.signature == s }) {
		i.shapes.add(s, s)
		i.againAll(i.c.g.implementations.makers.of(s))
	}
}

// call follows injected values into a call, and to what may be called if the callee itself is one.
func (i *injection) call(n *facts.Node, call *facts.Call, injected taints) {
	is := injected.has
	at := facts.Edge{Reason: facts.ImplementedBy, Line: call.Line, Column: call.Column}
	switch {
	case call.Interface != nil:
		i.interfaceCall(n, call, at, is)
	case call.Callee == facts.ID{}:
		i.functionValue(n, call, at, is)
	default:
		for a, class := range call.Args {
			if is(class) {
				i.setParam(call.Callee, a)
			}
		}
	}
	for a := range call.Opaque {
		if is(call.Args[a]) {
			i.exposed(n, call.Callee, &call.Opaque[a], at)
		}
	}
}

// interfaceCall follows a call through an interface. If its value was injected, all implementations are reached; if only
// arguments were, those that are reached anyway get them.
func (i *injection) interfaceCall(n *facts.Node, call *facts.Call, at facts.Edge, is func(int) bool) {
	if is(call.Receiver) {
		i.method(n, at, call.Interface, call.Method)
	}
	for a, class := range call.Args {
		if given := (argument{call.Interface.Name + "." + call.Method, a}); is(class) && !i.arguments[given] {
			i.arguments[given] = true
			for _, t := range i.c.g.implementations.of(call.Interface) {
				m, _ := t.Method(call.Method)
				i.setParam(m.Func, a+1)
			}
		}
	}
}

// functionValue follows the call of a function value.
func (i *injection) functionValue(n *facts.Node, call *facts.Call, at facts.Edge, is func(int) bool) {
	if is(call.Receiver) {
		i.functions(n, at, call.Signature)
	}
	if !slices.ContainsFunc(call.Args, is) {
		return
	}
	i.setShape(call.Signature)
	for _, id := range i.c.g.implementations.values.of(call.Signature) {
		for a, class := range call.Args {
			if is(class) {
				i.setParam(id, a)
				i.setParam(id, a+1) // a method has its receiver in front
			}
		}
	}
}
