package closure

import (
	"fmt"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// flow is a function's [facts.Flow] with all that it names found, and each class by the number that it has once classes are united.
type flow struct {
	classes     int
	params      []int
	returns     int
	fromContext []int
	globals     []holder // package variables
	values      []holder // functions that are used as values
	literals    []maker
	calls       []call
}

// holder is a variable or function with the class of what it holds.
type holder struct {
	of    *vertex
	class int
}

// maker is a function literal with the class of what it is called with.
type maker struct {
	shape *shape
	class int
}

// call is a call with what may be reached by it.
type call struct {
	callee  *vertex // nil if it is dynamic
	args    []int
	results int
	// receiver is the class of the interface or function value of a dynamic call, reached what is called if that was injected.
	receiver int
	reached  *lead
	// arguments are those of a method of an interface, shape is the signature of a function value.
	arguments []*argument
	shape     *shape
	// exposed is for code outside: what it can call through each argument.
	exposed []exposed
}

// exposed is what whoever gets a value can call through it: choices, and methods of known types.
type exposed struct {
	leads []*lead
	marks []mark
}

// lead is an edge from a function to a choice. All of one function to one choice have the same number.
type lead struct {
	number int
	to     *choice
	edge   facts.Edge
}

// argument is an argument of a method of an interface, marks the parameters of the methods that may stand behind it.
type argument struct {
	number int
	marks  []mark
}

// mark says that parameters of a function, as bits, may hold injected values.
type mark struct {
	function *vertex
	params   uint64
}

// shape is the signature of functions, by what fits it.
type shape struct {
	number    int
	signature facts.Shape
	// makers are the functions with literals that fit, fitting the shapes of these; values the functions that are used as values and fit.
	makers, values []*vertex
	fitting        []*shape
}

func (g *Graph) flowOf(v *vertex) *flow {
	from, classes := v.node.Flow, g.classes[v.id]
	of := func(class int) int {
		if class == facts.None {
			return facts.None
		}
		return classes[class]
	}
	all := func(list []int) []int {
		found := make([]int, len(list))
		for i, class := range list {
			found[i] = of(class)
		}
		return found
	}
	holders := func(list []facts.Held) []holder {
		found := make([]holder, len(list))
		for i, h := range list {
			found[i] = holder{g.vertex(h.ID), of(h.Class)}
		}
		return found
	}
	f := &flow{
		classes: from.Classes, params: all(from.Params), returns: of(from.Returns), fromContext: all(from.FromContext),
		globals: holders(from.Globals), values: holders(from.Values), calls: make([]call, len(from.Calls)),
	}
	for _, l := range from.Literals {
		f.literals = append(f.literals, maker{g.shape(l.Signature), of(l.Class)})
	}
	r := resolver{g, map[*choice]int{}}
	for i := range from.Calls {
		from := &from.Calls[i]
		c := &f.calls[i]
		c.args, c.results, c.receiver = all(from.Args), of(from.Results), of(from.Receiver)
		r.call(c, from)
	}
	return f
}

// resolver finds what calls of a function may reach.
type resolver struct {
	g     *Graph
	leads map[*choice]int
}

func (r resolver) call(c *call, from *facts.Call) {
	at := facts.Edge{Reason: facts.ImplementedBy, Line: from.Line, Column: from.Column}
	switch {
	case from.Interface != nil:
		c.reached = r.lead(at, r.g.methodOf(from.Interface, from.Method))
		for a := range from.Args {
			c.arguments = append(c.arguments, r.g.argument(from.Interface, from.Method, a))
		}
	case from.Callee == facts.ID{}:
		c.reached = r.lead(at, r.g.functionsOf(from.Signature))
		c.shape = r.g.shape(from.Signature)
	default:
		c.callee = r.g.vertex(from.Callee)
	}
	at.Reason = facts.HandsOut
	for a := range from.Opaque {
		c.exposed = append(c.exposed, r.exposed(from.Callee, &from.Opaque[a], at))
	}
}

// lead is the edge to a choice; nil if there is none to make.
func (r resolver) lead(at facts.Edge, to *choice) *lead {
	if to == nil {
		return nil
	}
	n, ok := r.leads[to]
	if !ok {
		n = r.g.leads
		r.g.leads++
		r.leads[to] = n
	}
	at.To = to.vertex.id
	return &lead{n, to, at}
}

// exposed is what code outside can call through an injected value: what the model says of a function, or anything.
func (r resolver) exposed(callee facts.ID, x *facts.Exposure, at facts.Edge) exposed {
	var e exposed
	add := func(c *choice) {
		if l := r.lead(at, c); l != nil {
			e.leads = append(e.leads, l)
		}
	}
	for _, iface := range x.Interfaces {
		if names, known := r.g.methodsCalled(callee, iface); known {
			add(r.g.namedOf(iface, names))
		} else {
			add(r.g.everythingOf(iface))
		}
	}
	for _, signature := range x.Functions {
		add(r.g.functionsOf(signature))
	}
	for _, id := range x.Types {
		if t := r.g.nodes[id]; t != nil {
			e.marks = append(e.marks, r.g.receivers(t)...)
		}
	}
	return e
}

// receivers marks the receivers of a type's methods.
func (g *Graph) receivers(t *facts.Node) []mark {
	var marks []mark
	for _, m := range t.Set {
		if m.Func != (facts.ID{}) {
			marks = append(marks, mark{g.vertex(m.Func), bit(0)})
		}
	}
	return marks
}

func (g *Graph) argument(iface *facts.Interface, method string, index int) *argument {
	key := fmt.Sprint(iface.Name, ".", method, " ", index)
	if known := g.arguments[key]; known != nil {
		return known
	}
	a := &argument{number: len(g.arguments)}
	g.arguments[key] = a
	for _, t := range g.implementations.of(iface) {
		if m, _ := t.Method(method); m.Func != (facts.ID{}) {
			a.marks = append(a.marks, mark{g.vertex(m.Func), bit(index + 1)})
		}
	}
	return a
}

func (g *Graph) shape(signature facts.Shape) *shape {
	if known := g.shapes[signature]; known != nil {
		return known
	}
	s := &shape{number: len(g.shapes), signature: signature}
	g.shapes[signature] = s
	for _, n := range g.implementations.makers.of(signature) {
		s.makers = append(s.makers, g.vertex(n.ID))
	}
	for _, id := range g.implementations.values.of(signature) {
		s.values = append(s.values, g.vertex(id))
	}
	for _, one := range g.implementations.makers[signature.Arity()] {
		if one.signature.Fits(signature) {
			s.fitting = append(s.fitting, g.shape(one.signature))
		}
	}
	slices.SortFunc(s.fitting, func(a, b *shape) int { return a.number - b.number })
	s.fitting = slices.Compact(s.fitting)
	return s
}
