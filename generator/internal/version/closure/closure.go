package closure

import (
	"iter"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Closure is what a function reaches, found breadth first, so that each node is reached by a shortest path.
type Closure struct {
	g     *Graph
	peers *peers
	// root is where it begins: the wrapper of the function. What is generated for a function that is not cached is in no graph.
	root *facts.Node
	// order is what was reached, in the order in which it was, steps are the steps that led there first. What was visited comes first.
	order   []*vertex
	steps   []step
	visited int
	reached set
	// outside are the packages reached that are not the user's own, with what was reached of them first.
	outside map[string]facts.ID
	// registrations are the packages that count because they may have put code where the function
	// finds it, standard those of the standard library, by the registry.
	registrations []string
	standard      []facts.Part
	// waiting are steps that count if something is reached that calls methods by reflection,
	// uncalled those that count if a vertex is reached that stands for calls of a method, by its
	// number.
	waiting    []waiting
	uncalled   map[int][]waiting
	reflection bool
	// askContexts are the functions reached that take something from a context.
	askContexts []*vertex
	injected    *injection
	Errors      []facts.Error

	// choices are the nodes of what may stand behind interfaces and function values, ordered is that of the order of initialisation.
	choices map[facts.ID]*facts.Node
	ordered *facts.Node
	// ofPrograms are the packages that are initialised before the call in some programs and not in others, and whose initialisation counts, in order.
	ofPrograms []string
	// added are edges that nodes do not have by themselves, extra the same by node once somebody asks.
	added []step
	extra map[facts.ID][]facts.Edge
	// entered are the packages that are reached, by number.
	entered set
	// distant says that all is reached that the code itself leads to.
	distant bool
	// observed finds who writes to what is read.
	observed *observer
}

// step is an edge from a node that was reached. The root's has no node.
type step struct {
	from *facts.Node
	edge *facts.Edge
}

// waiting is a step with where it leads.
type waiting struct {
	step
	to *vertex
}

// Reach finds what a function reaches, beginning with what is generated for it.
func (g *Graph) Reach(root facts.Root) *Closure {
	wrapper, _ := g.wrapper(root)
	g.walking.Lock()
	defer g.walking.Unlock()
	c := &Closure{g: g, peers: g.peersOf(wrapper.ID.Package), root: wrapper, outside: map[string]facts.ID{}, uncalled: map[int][]waiting{}, choices: map[facts.ID]*facts.Node{}}
	c.observed = newObserver(c)
	c.injected = newInjection(c, root)
	c.follow(nil, &facts.Edge{To: wrapper.ID}, g.vertex(wrapper.ID))
	c.drain()
	c.distant = true
	for first := true; first || c.visited < len(c.order); first = false {
		c.drain()
		if c.reflection {
			c.release(c.waiting)
			c.waiting = nil
			c.drain()
		}
		c.injected.spread()
		c.registered()
		if c.visited == len(c.order) {
			c.observed.writers()
		}
	}
	c.standard = c.standardRegistrations()
	c.ofPrograms = c.findOfPrograms()
	c.orders()
	c.injected, c.observed, c.waiting, c.uncalled = nil, nil, nil, nil
	return c
}

// Alone is the closure of a function that is taken to reach nothing.
func (g *Graph) Alone(fn facts.ID) *Closure {
	g.walking.Lock()
	defer g.walking.Unlock()
	c := &Closure{g: g, root: g.nodes[fn]}
	c.follow(nil, &facts.Edge{To: fn}, g.vertex(fn))
	return c
}

// begin is the node where it begins: what is generated for the function.
func (c *Closure) Root() *facts.Node { return c.root }

// function is the function whose closure it is.
func (c *Closure) function() facts.ID {
	return facts.ID{Package: c.root.ID.Package, Name: strings.TrimPrefix(c.root.ID.Name, facts.WrapperPrefix)}
}

// drain visits what was reached and not visited.
func (c *Closure) drain() {
	for ; c.visited < len(c.order); c.visited++ {
		c.visit(c.order[c.visited])
	}
}

// Node returns the node with an ID, or nil if nothing of the user's has it.
func (c *Closure) Node(id facts.ID) *facts.Node {
	switch {
	case id == c.root.ID:
		return c.root
	case c.ordered != nil && id == c.ordered.ID:
		return c.ordered
	case id.Package == "" && c.choices[id] != nil:
		return c.choices[id]
	}
	return c.g.nodes[id]
}

// node is that of a vertex that was reached.
func (c *Closure) node(v *vertex) *facts.Node {
	switch {
	case v == c.order[0]:
		return c.root
	case v.choice:
		return c.choices[v.id]
	case c.ordered != nil && v.id == c.ordered.ID:
		return c.ordered
	}
	return v.node
}

// has reports whether a vertex was reached.
func (c *Closure) has(v *vertex) bool { return c.reached.has(v.number) }

// Reaches reports whether a node was reached.
func (c *Closure) Reaches(id facts.ID) bool {
	c.g.walking.Lock()
	defer c.g.walking.Unlock()
	v := c.g.vertices[id]
	return v != nil && c.has(v)
}

// All are the nodes that were reached. What is outside has none.
func (c *Closure) All() iter.Seq[*facts.Node] {
	return func(yield func(*facts.Node) bool) {
		for _, v := range c.order {
			if n := c.node(v); n.Kind != facts.Outside && !yield(n) {
				return
			}
		}
	}
}

// EdgesOf are the edges of a node that was reached, also those that it does not have by itself.
func (c *Closure) EdgesOf(n *facts.Node) []facts.Edge {
	if c.extra == nil {
		c.extra = map[facts.ID][]facts.Edge{}
		for _, s := range c.added {
			c.extra[s.from.ID] = append(c.extra[s.from.ID], *s.edge)
		}
	}
	return slices.Concat(n.Edges, c.extra[n.ID])
}

// Cached is the cached function with a wrapper, or nil.
func (c *Closure) Cached(wrapper facts.ID) *facts.Cached { return c.g.cached[wrapper] }

// follow adds the target of an edge if it was not reached before.
func (c *Closure) follow(from *facts.Node, e *facts.Edge, to *vertex) {
	if c.reached.add(to.number) {
		c.order = append(c.order, to)
		c.steps = append(c.steps, step{from, e})
	}
}

// lead follows an edge that the node itself does not have.
func (c *Closure) lead(from *facts.Node, e facts.Edge, to *vertex) {
	c.added = append(c.added, step{from, &e})
	c.follow(from, &e, to)
}

// choose adds the node of a choice, and reports whether it is new.
func (c *Closure) choose(to *choice) bool {
	if c.choices[to.vertex.id] != nil {
		return false
	}
	c.choices[to.vertex.id] = to.node(c.peers)
	return true
}

func (c *Closure) visit(v *vertex) {
	c.reflection = c.reflection || v.reflects
	c.g.visit(v)
	n, targets, calls := v.node, v.targets, v.calls
	if own := c.node(v); own != n {
		n, targets, calls = own, c.g.targets(own), c.g.namedCalls(own)
	}
	c.release(c.uncalled[v.number])
	delete(c.uncalled, v.number)
	c.enter(n, v.place)
	if v.flow != nil && len(v.flow.fromContext) > 0 {
		c.askContexts = append(c.askContexts, v)
	}
	if c.injected.later.has(v.number) {
		c.injected.later.remove(v.number)
		c.injected.again(v)
	}
	for i := range n.Edges {
		e := &n.Edges[i]
		if e.Reason == facts.ByReflection {
			c.waiting = append(c.waiting, waiting{step{n, e}, targets[i]})
			continue
		}
		if n.Kind == facts.Package && e.Reason == facts.RunsInit {
			continue // reached by what can be seen of it
		}
		if called := calls[i]; called != nil && !c.has(called) {
			c.uncalled[called.number] = append(c.uncalled[called.number], waiting{step{n, e}, targets[i]})
			continue
		}
		c.follow(n, e, targets[i])
	}
	for _, e := range v.asksContext {
		c.lead(n, e, c.g.vertex(e.To))
	}
	for _, other := range v.links {
		c.lead(n, facts.Edge{To: other.id, Reason: facts.LinksTo}, other)
	}
	c.observed.reads(v)
	if n.Kind == facts.Variable {
		c.variable(n, v)
	}
}

// enter adds what comes with any part of a node's package. The init functions and blank imports of a package do only if the function's
// own code leads there: a program's main package is reached through what it writes or implements, and imports everything.
func (c *Closure) enter(n *facts.Node, p *place) {
	if p == nil {
		return
	}
	c.g.enter(p)
	first := c.entered.add(p.number)
	if first {
		c.Errors = append(c.Errors, p.info.Errors...)
	}
	switch {
	case !p.info.Local:
		if first {
			c.outside[p.path] = n.ID
			c.follow(n, &facts.Edge{To: p.whole.id, Reason: facts.Uses}, p.whole)
			c.throughOutside(n, p)
		}
	case !c.distant:
		c.follow(n, &facts.Edge{To: p.whole.id, Reason: facts.RunsInit}, p.whole)
	case p.others != nil:
		c.follow(n, &facts.Edge{To: p.others.id, Reason: facts.BuiltWith}, p.others)
	}
}

// throughOutside adds what packages outside import, packages of the user's as a whole, because nobody sees what is used of them; and with
// package context the user's contexts.
func (c *Closure) throughOutside(n *facts.Node, p *place) {
	for _, imported := range p.imports {
		c.follow(n, &facts.Edge{To: imported.id, Reason: facts.Uses}, imported)
	}
	if p.path == "context" {
		contexts := c.g.userContexts()
		c.injected.lead(n, &lead{c.g.leads, contexts, facts.Edge{To: contexts.vertex.id, Reason: facts.ImplementedBy}})
		c.g.leads++
	}
}

// variable adds everything that decides what a variable holds.
func (c *Closure) variable(n *facts.Node, v *vertex) {
	if c.g.injectable[n.ID] {
		c.injected.setGlobal(v)
	}
	for _, w := range c.g.assigned[n.ID] {
		if w.Kind == facts.Assembly {
			c.follow(n, &facts.Edge{To: w.ID, Reason: facts.WrittenBy}, c.g.vertex(w.ID))
		}
	}
}

// release follows edges that waited.
func (c *Closure) release(waiting []waiting) {
	for _, w := range waiting {
		c.follow(w.from, w.edge, w.to)
	}
}
