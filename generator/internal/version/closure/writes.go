package closure

import (
	"bytes"
	"cmp"
	"go/token"
	"maps"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// effects is what functions do to memory that their callers have, once calls are followed.
type effects struct {
	g *Graph
	// writes has for each function the origins that it writes to, with how.
	writes map[facts.ID]map[facts.Origin]cause
	// params are those of the origins that are parameters, in order; missing where that has to be found anew.
	params map[facts.ID][]facts.Origin
	// returns has for each function the parameters and variables that its results may point to.
	returns map[facts.ID]facts.Value
	changed bool
	// results are what the calls of the function that is looked at may return.
	results map[*facts.MemoryCall]facts.Value
}

// cause is a write or a call that leads to one.
type cause struct {
	node *facts.Node
	edge facts.Edge
	// through is the function that is called, and what of it is written; the zero ID for a direct write.
	through facts.ID
	origin  facts.Origin
}

// findEffects follows calls until nothing changes.
func (g *Graph) findEffects() {
	e := &effects{g: g, writes: map[facts.ID]map[facts.Origin]cause{}, params: map[facts.ID][]facts.Origin{}, returns: map[facts.ID]facts.Value{}}
	var nodes []*facts.Node
	for _, n := range g.sorted {
		if n.Memory != nil {
			nodes = append(nodes, n)
		}
	}
	e.follow(nodes)
	g.effects = e
	for _, n := range nodes {
		for _, origin := range sortedOrigins(e.writes[n.ID]) {
			p := g.packages[origin.ID.Package]
			if origin.Kind == facts.FromVariable && p != nil && p.Local && !g.isWriter(origin.ID, n) {
				c := e.writes[n.ID][origin]
				g.addWriter(origin.ID, writer{n, facts.Edge{To: origin.ID, Reason: facts.WrittenBy, Line: c.edge.Line, Column: c.edge.Column}})
			}
		}
	}
}

// follow looks at functions until nothing changes; at callers again when more is known of a callee.
func (e *effects) follow(nodes []*facts.Node) {
	queued := make(map[*facts.Node]bool, len(nodes))
	queue := e.calleesFirst(nodes)
	for _, n := range nodes {
		queued[n] = true
	}
	callers := e.callers(nodes)
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		queued[n] = false
		e.changed = false
		e.function(n)
		if !e.changed {
			continue
		}
		for _, caller := range callers[n.ID] {
			if !queued[caller] {
				queued[caller] = true
				queue = append(queue, caller)
			}
		}
	}
}

// calleesFirst orders functions after those that they call, as far as calls go in no circle: then most are looked at once.
func (e *effects) calleesFirst(nodes []*facts.Node) []*facts.Node {
	order := make([]*facts.Node, 0, len(nodes))
	visited := make(map[*facts.Node]bool, len(nodes))
	var visit func(n *facts.Node)
	visit = func(n *facts.Node) {
		if n == nil || n.Memory == nil || visited[n] {
			return
		}
		visited[n] = true
		for i := range n.Memory.Calls {
			visit(e.g.nodes[n.Memory.Calls[i].Callee])
		}
		order = append(order, n)
	}
	for _, n := range nodes {
		visit(n)
	}
	return order
}

// callers are the functions that may call each function.
func (e *effects) callers(nodes []*facts.Node) map[facts.ID][]*facts.Node {
	callers := map[facts.ID][]*facts.Node{}
	for _, n := range nodes {
		seen := map[facts.ID]bool{}
		add := func(callee facts.ID) {
			if callee != (facts.ID{}) && !seen[callee] {
				seen[callee] = true
				callers[callee] = append(callers[callee], n)
			}
		}
		for i := range n.Memory.Calls {
			call := &n.Memory.Calls[i]
			add(call.Callee)
			if call.Interface != nil {
				for _, t := range e.g.implementations.of(call.Interface) {
					m, _ := t.Method(call.Method)
					add(m.Func)
				}
			}
			for _, asked := range call.Asked {
				if t := e.g.nodes[asked.Type]; t != nil {
					for _, m := range t.Set {
						add(m.Func)
					}
				}
			}
		}
		add(n.ID)
	}
	return callers
}

func (g *Graph) isWriter(variable facts.ID, n *facts.Node) bool {
	return slices.ContainsFunc(g.writers[variable], func(w writer) bool { return w.node == n })
}

func sortedOrigins(m map[facts.Origin]cause) []facts.Origin {
	return slices.SortedFunc(maps.Keys(m), func(a, b facts.Origin) int {
		depth := func(o facts.Origin) int {
			if o.Deep {
				return 1
			}
			return 0
		}
		return cmp.Or(a.ID.Compare(b.ID), cmp.Compare(a.Index, b.Index), cmp.Compare(depth(a), depth(b)), bytes.Compare(a.Memory[:], b.Memory[:]))
	})
}

func (e *effects) function(n *facts.Node) {
	m := n.Memory
	e.results = make(map[*facts.MemoryCall]facts.Value, len(m.Calls))
	for _, w := range m.Writes {
		e.wrote(n, w.To, w.Memory, cause{node: n, edge: facts.Edge{Line: w.Line, Column: w.Column}})
	}
	for i := range m.Calls {
		e.call(n, &m.Calls[i])
	}
	result := facts.Value{Own: slices.Clone(e.resolve(m, m.Results.Own)), Deep: slices.Clone(e.resolve(m, m.Results.Deep))}
	// What variables hold wanders through results all over a program. A function that returns the variable's own memory is worth
	// following, as an accessor; what lies deeper is not.
	result.Own = slices.DeleteFunc(result.Own, func(o facts.Origin) bool { return o.Kind == facts.FromVariable && (o.Deep || !e.g.isReference(o.ID)) })
	result.Deep = slices.DeleteFunc(result.Deep, func(o facts.Origin) bool { return o.Kind == facts.FromVariable })
	known := e.returns[n.ID]
	if known.Merge(result) {
		e.returns[n.ID] = known
		e.changed = true
	}
}

// wrote notes that a function writes to origins.
func (e *effects) wrote(n *facts.Node, to []facts.Origin, memory facts.Shape, c cause) {
	e.wroteTo(n, e.resolve(n.Memory, to), memory, c)
}

// wroteTo notes that a function writes to origins, none of which is a result.
func (e *effects) wroteTo(n *facts.Node, to []facts.Origin, memory facts.Shape, c cause) {
	for _, o := range to {
		if o.Kind == facts.FromParam {
			if o.Index < len(n.Memory.Params) && !n.Memory.Params[o.Index].Has(memory) {
				continue
			}
			o.Memory = memory
		}
		written := e.writes[n.ID]
		if written == nil {
			written = map[facts.Origin]cause{}
			e.writes[n.ID] = written
		}
		if _, known := written[o]; !known {
			written[o] = c
			e.changed = true
			delete(e.params, n.ID)
		}
	}
}

// written are the parameters that a function writes to, in order.
func (e *effects) written(function facts.ID) []facts.Origin {
	params, known := e.params[function]
	if !known {
		params = slices.DeleteFunc(sortedOrigins(e.writes[function]), func(o facts.Origin) bool { return o.Kind != facts.FromParam })
		e.params[function] = params
	}
	return params
}

// resolve replaces the results of calls by what they may point to. A circle of calls ends where it began. The origins are not to be changed.
func (e *effects) resolve(m *facts.Memory, origins []facts.Origin) []facts.Origin {
	isResult := func(o facts.Origin) bool { return o.Kind == facts.FromResult }
	if !slices.ContainsFunc(origins, isResult) {
		return origins
	}
	var resolved []facts.Origin
	visited := make([]bool, 2*len(m.Calls))
	var visit func(o facts.Origin)
	visit = func(o facts.Origin) {
		if !isResult(o) {
			facts.Merge(&resolved, []facts.Origin{o})
			return
		}
		result := e.result(&m.Calls[o.Index])
		list, i := result.Own, 2*o.Index
		if o.Deep {
			list, i = result.Deep, i+1
		}
		if visited[i] {
			return
		}
		visited[i] = true
		for _, from := range list {
			visit(from)
		}
	}
	for _, o := range origins {
		visit(o)
	}
	return resolved
}

// result is what a call may return, in terms of the caller.
func (e *effects) result(call *facts.MemoryCall) facts.Value {
	v, ok := e.results[call]
	if !ok {
		v = e.resultOf(call)
		e.results[call] = v
	}
	return v
}

func (e *effects) resultOf(call *facts.MemoryCall) facts.Value {
	var v facts.Value
	if n := e.g.nodes[call.Callee]; n != nil && n.Memory != nil {
		returns := e.returns[call.Callee]
		for _, o := range returns.Own {
			facts.Merge(&v.Own, substitute(o, call))
		}
		for _, o := range returns.Deep {
			facts.Merge(&v.Deep, substitute(o, call))
		}
		v.Deep = append(v.Deep, variablesBehind(v.Own)...)
		return v
	}
	if call.Distinct {
		return v
	}
	isVariable := func(o facts.Origin) bool { return o.Kind == facts.FromVariable }
	for _, a := range call.Args {
		if !call.Fresh {
			facts.Merge(&v.Own, slices.DeleteFunc(slices.Clone(a.Own), isVariable))
		}
		facts.Merge(&v.Deep, slices.DeleteFunc(slices.Clone(a.Deep), isVariable))
	}
	return v
}

// isReference reports whether a variable is a pointer, map or slice itself, not a struct that holds some.
func (g *Graph) isReference(variable facts.ID) bool {
	n := g.nodes[variable]
	return n != nil && n.Reference
}

// variablesBehind are the deeper memories of variables.
func variablesBehind(own []facts.Origin) []facts.Origin {
	var deep []facts.Origin
	for _, o := range own {
		if o.Kind == facts.FromVariable {
			o.Deep = true
			deep = append(deep, o)
		}
	}
	return deep
}

// substitute replaces a callee's parameter by the argument.
func substitute(o facts.Origin, call *facts.MemoryCall) []facts.Origin {
	if o.Kind != facts.FromParam {
		return []facts.Origin{o}
	}
	if o.Index >= len(call.Args) {
		return nil
	}
	if o.Deep {
		return call.Args[o.Index].Deep
	}
	return call.Args[o.Index].Own
}

func (e *effects) call(n *facts.Node, call *facts.MemoryCall) {
	edge := facts.Edge{Line: call.Line, Column: call.Column}
	for k, i := range call.Writes {
		if i < len(call.Args) {
			e.wrote(n, call.Args[i].Own, call.Memories[k], cause{node: n, edge: edge, through: call.Callee})
		}
	}
	if call.Callee != (facts.ID{}) {
		e.through(n, call, edge, call.Callee)
	}
	if call.Interface != nil {
		for _, t := range e.g.implementations.of(call.Interface) {
			if m, ok := t.Method(call.Method); ok && m.Func != (facts.ID{}) {
				e.through(n, call, edge, m.Func)
			}
		}
	}
	for _, asked := range call.Asked {
		e.asked(n, call, edge, asked)
	}
}

// through notes what a function that is called writes to.
func (e *effects) through(n *facts.Node, call *facts.MemoryCall, edge facts.Edge, callee facts.ID) {
	var param facts.Origin
	var to []facts.Origin
	for _, o := range e.written(callee) {
		// What differs in the memory alone comes in a row and is written to the same.
		if o.Index != param.Index || o.Deep != param.Deep || param.Kind == 0 {
			param, to = o, e.resolve(n.Memory, substitute(o, call))
		}
		e.wroteTo(n, to, o.Memory, cause{node: n, edge: edge, through: callee, origin: o})
	}
}

// asked notes what methods write to that code outside calls on an argument.
func (e *effects) asked(n *facts.Node, call *facts.MemoryCall, edge facts.Edge, asked facts.Asked) {
	t := e.g.nodes[asked.Type]
	if t == nil || asked.Arg >= len(call.Args) {
		return
	}
	for _, m := range t.Set {
		_, wanted := asked.Interface.Method(m.Name)
		if !wanted && (len(asked.Interface.Methods) > 0 || !stdmodel.IsUsualMethod(m.Name)) {
			continue
		}
		for _, o := range e.written(m.Func) {
			if o.Index == 0 {
				e.wrote(n, call.Args[asked.Arg].All(), o.Memory, cause{node: n, edge: edge, through: m.Func, origin: o})
			}
		}
	}
}

// Write is a write through a parameter of a function.
type Write struct {
	// Param is the parameter, the receiver being 0.
	Param int
	// Through are the functions that are called on the way, in order; Pos is where the last of them writes.
	Through []facts.ID
	Pos     token.Position
}

// maxChain bounds what is told of a chain of calls.
const maxChain = 100

// ParameterWrites are the parameters that a function writes through, each once, with how.
func (c *Closure) ParameterWrites(fn facts.ID) []Write {
	var found []Write
	told := map[int]bool{}
	for _, origin := range sortedOrigins(c.g.effects.writes[fn]) {
		if origin.Kind == facts.FromParam && !told[origin.Index] {
			told[origin.Index] = true
			found = append(found, c.g.effects.explain(fn, origin))
		}
	}
	return found
}

// explain follows a write through calls.
func (e *effects) explain(fn facts.ID, origin facts.Origin) Write {
	w := Write{Param: origin.Index}
	for range maxChain {
		c, ok := e.writes[fn][origin]
		if !ok {
			break
		}
		w.Pos = c.node.At(c.edge)
		if c.through == (facts.ID{}) {
			break
		}
		w.Through = append(w.Through, c.through)
		fn, origin = c.through, c.origin
	}
	return w
}
