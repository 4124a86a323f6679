package version

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
)

// effects is what functions do to memory that their callers have, once calls are followed.
type effects struct {
	g *Graph
	// writes has for each function the origins that it writes to, with how.
	writes map[ID]map[Origin]cause
	// params are those of the origins that are parameters, in order; missing where that has to be found anew.
	params map[ID][]Origin
	// returns has for each function the parameters and variables that its results may point to.
	returns map[ID]Value
	changed bool
	// results are what the calls of the function that is looked at may return.
	results map[*MemoryCall]Value
}

// cause is a write or a call that leads to one.
type cause struct {
	node *Node
	edge Edge
	// through is the function that is called, and what of it is written; the zero ID for a direct write.
	through ID
	origin  Origin
}

// findEffects follows calls until nothing changes.
func (g *Graph) findEffects() {
	e := &effects{g: g, writes: map[ID]map[Origin]cause{}, params: map[ID][]Origin{}, returns: map[ID]Value{}}
	var nodes []*Node
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
			if origin.Kind == FromVariable && p != nil && p.local && !g.isWriter(origin.ID, n) {
				c := e.writes[n.ID][origin]
				g.addWriter(origin.ID, writer{n, Edge{To: origin.ID, Reason: WrittenBy, Line: c.edge.Line, Column: c.edge.Column}})
			}
		}
	}
}

// follow looks at functions until nothing changes; at callers again when more is known of a callee.
func (e *effects) follow(nodes []*Node) {
	queued := make(map[*Node]bool, len(nodes))
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
func (e *effects) calleesFirst(nodes []*Node) []*Node {
	order := make([]*Node, 0, len(nodes))
	visited := make(map[*Node]bool, len(nodes))
	var visit func(n *Node)
	visit = func(n *Node) {
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
func (e *effects) callers(nodes []*Node) map[ID][]*Node {
	callers := map[ID][]*Node{}
	for _, n := range nodes {
		seen := map[ID]bool{}
		add := func(callee ID) {
			if callee != (ID{}) && !seen[callee] {
				seen[callee] = true
				callers[callee] = append(callers[callee], n)
			}
		}
		for i := range n.Memory.Calls {
			call := &n.Memory.Calls[i]
			add(call.Callee)
			if call.Interface != nil {
				for _, t := range e.g.implementations.of(call.Interface) {
					m, _ := t.method(call.Method)
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

func (g *Graph) isWriter(variable ID, n *Node) bool {
	return slices.ContainsFunc(g.writers[variable], func(w writer) bool { return w.node == n })
}

func sortedOrigins(m map[Origin]cause) []Origin {
	return slices.SortedFunc(maps.Keys(m), func(a, b Origin) int {
		depth := func(o Origin) int {
			if o.Deep {
				return 1
			}
			return 0
		}
		return cmp.Or(a.ID.Compare(b.ID), cmp.Compare(a.Index, b.Index), cmp.Compare(depth(a), depth(b)), bytes.Compare(a.Memory[:], b.Memory[:]))
	})
}

func (e *effects) function(n *Node) {
	m := n.Memory
	e.results = make(map[*MemoryCall]Value, len(m.Calls))
	for _, w := range m.Writes {
		e.wrote(n, w.To, w.Memory, cause{node: n, edge: Edge{Line: w.Line, Column: w.Column}})
	}
	for i := range m.Calls {
		e.call(n, &m.Calls[i])
	}
	result := Value{slices.Clone(e.resolve(m, m.Results.Own)), slices.Clone(e.resolve(m, m.Results.Deep))}
	// What variables hold wanders through results all over a program. A function that returns the variable's own memory is worth
	// following, as an accessor; what lies deeper is not.
	result.Own = slices.DeleteFunc(result.Own, func(o Origin) bool { return o.Kind == FromVariable && (o.Deep || !e.g.isReference(o.ID)) })
	result.Deep = slices.DeleteFunc(result.Deep, func(o Origin) bool { return o.Kind == FromVariable })
	known := e.returns[n.ID]
	if known.merge(result) {
		e.returns[n.ID] = known
		e.changed = true
	}
}

// wrote notes that a function writes to origins.
func (e *effects) wrote(n *Node, to []Origin, memory Shape, c cause) {
	e.wroteTo(n, e.resolve(n.Memory, to), memory, c)
}

// wroteTo notes that a function writes to origins, none of which is a result.
func (e *effects) wroteTo(n *Node, to []Origin, memory Shape, c cause) {
	for _, o := range to {
		if o.Kind == FromParam {
			if o.Index < len(n.Memory.Params) && !n.Memory.Params[o.Index].has(memory) {
				continue
			}
			o.Memory = memory
		}
		written := e.writes[n.ID]
		if written == nil {
			written = map[Origin]cause{}
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
func (e *effects) written(function ID) []Origin {
	params, known := e.params[function]
	if !known {
		params = slices.DeleteFunc(sortedOrigins(e.writes[function]), func(o Origin) bool { return o.Kind != FromParam })
		e.params[function] = params
	}
	return params
}

// resolve replaces the results of calls by what they may point to. A circle of calls ends where it began. The origins are not to be changed.
func (e *effects) resolve(m *Memory, origins []Origin) []Origin {
	isResult := func(o Origin) bool { return o.Kind == FromResult }
	if !slices.ContainsFunc(origins, isResult) {
		return origins
	}
	var resolved []Origin
	visited := make([]bool, 2*len(m.Calls))
	var visit func(o Origin)
	visit = func(o Origin) {
		if !isResult(o) {
			merge(&resolved, []Origin{o})
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
func (e *effects) result(call *MemoryCall) Value {
	v, ok := e.results[call]
	if !ok {
		v = e.resultOf(call)
		e.results[call] = v
	}
	return v
}

func (e *effects) resultOf(call *MemoryCall) Value {
	var v Value
	if n := e.g.nodes[call.Callee]; n != nil && n.Memory != nil {
		returns := e.returns[call.Callee]
		for _, o := range returns.Own {
			merge(&v.Own, substitute(o, call))
		}
		for _, o := range returns.Deep {
			merge(&v.Deep, substitute(o, call))
		}
		v.Deep = append(v.Deep, variablesBehind(v.Own)...)
		return v
	}
	if call.Distinct {
		return v
	}
	isVariable := func(o Origin) bool { return o.Kind == FromVariable }
	for _, a := range call.Args {
		if !call.Fresh {
			merge(&v.Own, slices.DeleteFunc(slices.Clone(a.Own), isVariable))
		}
		merge(&v.Deep, slices.DeleteFunc(slices.Clone(a.Deep), isVariable))
	}
	return v
}

// isReference reports whether a variable is a pointer, map or slice itself, not a struct that holds some.
func (g *Graph) isReference(variable ID) bool {
	n := g.nodes[variable]
	return n != nil && n.Reference
}

// variablesBehind are the deeper memories of variables.
func variablesBehind(own []Origin) []Origin {
	var deep []Origin
	for _, o := range own {
		if o.Kind == FromVariable {
			o.Deep = true
			deep = append(deep, o)
		}
	}
	return deep
}

// substitute replaces a callee's parameter by the argument.
func substitute(o Origin, call *MemoryCall) []Origin {
	if o.Kind != FromParam {
		return []Origin{o}
	}
	if o.Index >= len(call.Args) {
		return nil
	}
	if o.Deep {
		return call.Args[o.Index].Deep
	}
	return call.Args[o.Index].Own
}

func (e *effects) call(n *Node, call *MemoryCall) {
	edge := Edge{Line: call.Line, Column: call.Column}
	for k, i := range call.Writes {
		if i < len(call.Args) {
			e.wrote(n, call.Args[i].Own, call.Memories[k], cause{node: n, edge: edge, through: call.Callee})
		}
	}
	if call.Callee != (ID{}) {
		e.through(n, call, edge, call.Callee)
	}
	if call.Interface != nil {
		for _, t := range e.g.implementations.of(call.Interface) {
			if m, ok := t.method(call.Method); ok && m.Func != (ID{}) {
				e.through(n, call, edge, m.Func)
			}
		}
	}
	for _, asked := range call.Asked {
		e.asked(n, call, edge, asked)
	}
}

// through notes what a function that is called writes to.
func (e *effects) through(n *Node, call *MemoryCall, edge Edge, callee ID) {
	var param Origin
	var to []Origin
	for _, o := range e.written(callee) {
		// What differs in the memory alone comes in a row and is written to the same.
		if o.Index != param.Index || o.Deep != param.Deep || param.Kind == 0 {
			param, to = o, e.resolve(n.Memory, substitute(o, call))
		}
		e.wroteTo(n, to, o.Memory, cause{node: n, edge: edge, through: callee, origin: o})
	}
}

// asked notes what methods write to that code outside calls on an argument.
func (e *effects) asked(n *Node, call *MemoryCall, edge Edge, asked Asked) {
	t := e.g.nodes[asked.Type]
	if t == nil || asked.Arg >= len(call.Args) {
		return
	}
	for _, m := range t.Set {
		_, wanted := asked.Interface.method(m.Name)
		if !wanted && (len(asked.Interface.Methods) > 0 || !slices.Contains(usual, m.Name)) {
			continue
		}
		for _, o := range e.written(m.Func) {
			if o.Index == 0 {
				e.wrote(n, call.Args[asked.Arg].all(), o.Memory, cause{node: n, edge: edge, through: m.Func, origin: o})
			}
		}
	}
}

func (i *Interface) method(name string) (Method, bool) {
	k := slices.IndexFunc(i.Methods, func(m Method) bool { return m.Name == name })
	if k < 0 {
		return Method{}, false
	}
	return i.Methods[k], true
}
