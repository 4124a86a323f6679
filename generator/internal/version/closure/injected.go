package closure

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// injection follows what the function's own code did not make: values from parameters and from contexts. What is called on them may be
// anything in the module that fits. Sets are by the numbers of what is in them.
type injection struct {
	c *Closure
	// params are the parameters of each function, once there is such a value, and returned the
	// functions that may return one.
	params   []params
	returned set
	// globals are the package variables that may hold one, shapes the signatures of function values whose parameters may, and fitting the signatures of
	// literals that may be called so.
	globals, shapes, fitting set
	// arguments are the arguments of interface methods that may be such values, led the edges that were made.
	arguments, led set
	// later are functions that are looked at when they are reached.
	later  set
	queue  []*vertex
	queued set
	// contexts is how many of the closure's functions that ask contexts are known.
	contexts int
	// inside and all are what [injection.function] marks.
	inside, all taints
}

// params are parameters of a function as bits: those that may hold an injected value, and those
// that get one whatever they are called with.
type params struct{ hold, get uint64 }

func newInjection(c *Closure, root facts.Root) *injection {
	i := &injection{c: c}
	for _, p := range root.Brought {
		i.mark(mark{c.g.vertex(root.Func), bit(p)})
	}
	for _, f := range root.Functions { // they get the same parameters
		for p := range f.Params {
			i.mark(mark{c.g.vertex(f.ID), bit(p)})
		}
	}
	return i
}

// bit stands for a parameter; all beyond the 63rd share one.
func bit(param int) uint64 { return 1 << min(param, 63) }

// paramsOf are the parameters of a function. Most versions follow no value and need no list.
func (i *injection) paramsOf(v *vertex) *params {
	if n := max(v.number+1, len(i.c.g.vertices)); v.number >= len(i.params) {
		i.params = append(i.params, make([]params, n-len(i.params))...)
	}
	return &i.params[v.number]
}

// spread follows injected values through what is reached so far, until nothing changes.
func (i *injection) spread() {
	for ; i.contexts < len(i.c.askContexts); i.contexts++ {
		i.again(i.c.askContexts[i.contexts])
	}
	for len(i.queue) > 0 {
		v := i.queue[0]
		i.queue = i.queue[1:]
		i.queued.remove(v.number)
		if v.node.Flow != nil {
			i.function(v)
		}
	}
}

// again queues a function for another look.
func (i *injection) again(v *vertex) {
	if i.queued.add(v.number) {
		i.queue = append(i.queue, v)
	}
}

func (i *injection) againAll(nodes []*facts.Node) {
	for _, n := range nodes {
		i.again(i.c.g.vertex(n.ID))
	}
}

// taints are the classes of a function's values that hold what was injected.
type taints []bool

func (t taints) mark(class int) {
	if class != facts.None {
		t[class] = true
	}
}

func (t taints) has(class int) bool { return class != facts.None && t[class] }

// function follows injected values through one function. It may not be reached: then what it does with them does not matter yet, and
// the closure comes back when it is.
func (i *injection) function(v *vertex) {
	if !i.c.has(v) {
		i.later.add(v.number)
		return
	}
	f := v.flow
	i.inside = append(i.inside[:0], make(taints, f.classes)...)
	inside := i.inside
	i.fromInside(f, inside)
	i.all = append(i.all[:0], inside...)
	all := i.all
	if hold := i.paramsOf(v).hold; hold != 0 {
		for p, class := range f.params {
			if hold&bit(p) != 0 {
				all.mark(class)
			}
		}
	}
	if !slices.Contains(all, true) {
		return
	}
	i.leave(v, inside)
	for _, h := range f.globals {
		if all.has(h.class) {
			i.setGlobal(h.of)
		}
	}
	for _, h := range f.values {
		if all.has(h.class) {
			i.mark(mark{h.of, bit(0)})
		}
	}
	for k := range f.calls {
		i.call(v, &f.calls[k], all)
	}
}

// fromInside marks the classes of values that do not come from parameters.
func (i *injection) fromInside(f *flow, inside taints) {
	for _, class := range f.fromContext {
		inside.mark(class)
	}
	for _, h := range f.globals {
		if i.globals.has(h.of.number) {
			inside.mark(h.class)
		}
	}
	for _, l := range f.literals {
		if i.fitting.has(l.shape.number) {
			inside.mark(l.class)
		}
	}
	for k := range f.calls {
		call := &f.calls[k]
		if call.callee == nil {
			continue
		}
		if i.returned.has(call.callee.number) {
			inside.mark(call.results)
		}
		get := i.paramsOf(call.callee).get
		for a := 0; get != 0 && a < len(call.args); a++ {
			if get&bit(a) != 0 {
				inside.mark(call.args[a])
			}
		}
	}
}

// leave notes what a function hands out that it did not get.
func (i *injection) leave(v *vertex, inside taints) {
	if inside.has(v.flow.returns) && i.returned.add(v.number) {
		i.againAll(i.c.g.callers[v.id])
	}
	for p, class := range v.flow.params {
		if known := i.paramsOf(v); inside.has(class) && known.get&bit(p) == 0 {
			known.get |= bit(p)
			i.againAll(i.c.g.callers[v.id])
		}
	}
}

// mark notes that parameters of a function may hold injected values.
func (i *injection) mark(m mark) {
	if known := i.paramsOf(m.function); m.params&^known.hold != 0 {
		known.hold |= m.params
		i.again(m.function)
	}
}

func (i *injection) markAll(marks []mark) {
	for _, m := range marks {
		i.mark(m)
	}
}

func (i *injection) setGlobal(v *vertex) {
	if i.globals.add(v.number) {
		i.againAll(i.c.g.holders[v.id])
	}
}

func (i *injection) setShape(s *shape) {
	if i.shapes.add(s.number) {
		for _, fitting := range s.fitting {
			i.fitting.add(fitting.number)
		}
		for _, v := range s.makers {
			i.again(v)
		}
	}
}

// call follows injected values into a call, and to what may be called if the callee itself is one.
func (i *injection) call(v *vertex, call *call, injected taints) {
	if call.reached != nil && injected.has(call.receiver) {
		i.lead(v.node, call.reached)
	}
	for a, class := range call.args {
		if injected.has(class) {
			i.argument(call, a)
		}
	}
	for a := range call.exposed {
		if !injected.has(call.args[a]) {
			continue
		}
		for _, l := range call.exposed[a].leads {
			i.lead(v.node, l)
		}
		i.markAll(call.exposed[a].marks)
	}
}

// argument follows an injected argument. That of a method of an interface reaches those implementations that are reached anyway.
func (i *injection) argument(call *call, a int) {
	switch {
	case call.callee != nil:
		i.mark(mark{call.callee, bit(a)})
	case call.shape == nil:
		if to := call.arguments[a]; i.arguments.add(to.number) {
			i.markAll(to.marks)
		}
	default:
		i.setShape(call.shape)
		for _, v := range call.shape.values {
			i.mark(mark{v, bit(a) | bit(a+1)}) // a method has its receiver in front
		}
	}
}

// lead leads to a choice.
func (i *injection) lead(from *facts.Node, l *lead) {
	if !i.led.add(l.number) {
		return
	}
	if i.c.choose(l.to) {
		i.markAll(l.to.marks)
		for _, s := range l.to.shapes {
			i.setShape(s)
		}
	}
	i.c.lead(from, l.edge, l.to.vertex)
}
