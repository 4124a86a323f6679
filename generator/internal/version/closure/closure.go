package closure

import (
	"iter"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// Closure is what a function reaches, found breadth first, so that each node is reached by a shortest path.
type Closure struct {
	g *Graph
	// root is where it begins: the wrapper of the function.
	root  *facts.Node
	queue []facts.ID
	// reached has for each node the step that led there first.
	reached map[facts.ID]step
	// outside are the packages reached that are not the user's own.
	outside map[string]facts.ID
	// waiting are steps that count if something is reached that calls methods by reflection.
	waiting    []step
	reflection bool
	// askContexts are the functions reached that take something from a context, later those to tell injected values to when they are reached.
	askContexts []facts.ID
	later       map[facts.ID]bool
	injected    *injection
	Errors      []facts.Error

	// choices are the nodes of what may stand behind interfaces and function values.
	choices map[facts.ID]*facts.Node
	// added are edges that nodes do not have by themselves.
	added map[facts.ID][]facts.Edge
	// entered are the packages of the user's that are reached.
	entered map[string]bool
	// distant says that all is reached that the code itself leads to.
	distant bool
	// observed finds who writes to what is read.
	observed *observer
}

// step is an edge from a node that was reached. The root's has no node.
type step struct {
	from *facts.Node
	edge facts.Edge
}

// Reach finds what a function reaches, beginning with what is generated for it.
func (g *Graph) Reach(root facts.Root) *Closure {
	wrapper, _ := g.wrapper(root)
	c := &Closure{g: g, root: wrapper, reached: map[facts.ID]step{}, outside: map[string]facts.ID{}, later: map[facts.ID]bool{}, entered: map[string]bool{}, added: map[facts.ID][]facts.Edge{}, choices: map[facts.ID]*facts.Node{}}
	c.observed = newObserver(c)
	c.injected = newInjection(c, root)
	c.follow(nil, facts.Edge{To: wrapper.ID})
	c.drain()
	c.distant = true
	for first := true; first || len(c.queue) > 0; first = false {
		c.drain()
		if c.reflection {
			c.release()
			c.drain()
		}
		c.injected.spread()
		c.registered()
		if len(c.queue) == 0 {
			c.observed.writers()
		}
	}
	c.order()
	return c
}

// Alone is the closure of a function that is taken to reach nothing.
func (g *Graph) Alone(fn facts.ID) *Closure {
	return &Closure{g: g, root: g.nodes[fn], reached: map[facts.ID]step{fn: {}}, outside: map[string]facts.ID{}}
}

// begin is the node where it begins: what is generated for the function.
func (c *Closure) Root() *facts.Node { return c.root }

// function is the function whose closure it is.
func (c *Closure) function() facts.ID {
	return facts.ID{Package: c.root.ID.Package, Name: strings.TrimPrefix(c.root.ID.Name, facts.WrapperPrefix)}
}

// drain visits everything in the queue.
func (c *Closure) drain() {
	for len(c.queue) > 0 {
		id := c.queue[0]
		c.queue = c.queue[1:]
		c.visit(id)
	}
}

// Node returns the node with an ID, or nil if nothing of the user's has it.
func (c *Closure) Node(id facts.ID) *facts.Node {
	if id == c.root.ID {
		return c.root
	}
	if n := c.choices[id]; n != nil {
		return n
	}
	return c.g.nodes[id]
}

// Reaches reports whether a node was reached.
func (c *Closure) Reaches(id facts.ID) bool {
	_, ok := c.reached[id]
	return ok
}

// All are the nodes that were reached, in no order. What is outside has none.
func (c *Closure) All() iter.Seq[*facts.Node] {
	return func(yield func(*facts.Node) bool) {
		for id := range c.reached {
			if n := c.Node(id); n != nil && !yield(n) {
				return
			}
		}
	}
}

// EdgesOf are the edges of a node that was reached, also those that it does not have by itself.
func (c *Closure) EdgesOf(n *facts.Node) []facts.Edge { return slices.Concat(n.Edges, c.added[n.ID]) }

// Cached is the cached function with a wrapper, or nil.
func (c *Closure) Cached(wrapper facts.ID) *facts.Cached { return c.g.cached[wrapper] }

// follow adds the target of an edge if it was not reached before.
func (c *Closure) follow(from *facts.Node, e facts.Edge) {
	if _, ok := c.reached[e.To]; ok {
		return
	}
	c.reached[e.To] = step{from, e}
	c.queue = append(c.queue, e.To)
}

// lead follows an edge that the node itself does not have.
func (c *Closure) lead(from *facts.Node, e facts.Edge) {
	c.added[from.ID] = append(c.added[from.ID], e)
	c.follow(from, e)
}

func (c *Closure) visit(id facts.ID) {
	if stdmodel.CallsByReflection(id) {
		c.reflection = true
	}
	n := c.Node(id)
	if n == nil {
		n = &facts.Node{ID: id, Kind: facts.Outside}
	}
	c.enter(n)
	if n.Flow != nil && len(n.Flow.FromContext) > 0 {
		c.askContexts = append(c.askContexts, id)
	}
	if c.later[id] {
		delete(c.later, id)
		c.injected.again(id)
	}
	for _, e := range n.Edges {
		if e.Reason == facts.ByReflection {
			c.waiting = append(c.waiting, step{n, e})
			continue
		}
		if n.Kind == facts.Package && e.Reason == facts.RunsInit {
			continue // reached by what can be seen of it
		}
		c.follow(n, e)
	}
	for _, use := range n.ContextArgs {
		if c.g.matters(use.Callee, use.Index) {
			to := facts.ContextAsArgument.Prefixed(facts.ContextPrefix)
			c.lead(n, facts.Edge{To: to, Reason: facts.LooksInto, Line: use.Line, Column: use.Column})
		}
	}
	for _, name := range c.g.links[id] {
		c.lead(n, facts.Edge{To: name, Reason: facts.LinksTo})
	}
	c.observed.reads(id)
	if n.Kind == facts.Variable {
		c.variable(n)
	}
}

// enter adds what comes with any part of a node's package. The init functions and blank imports of a package do only if the function's
// own code leads there: a program's main package is reached through what it writes or implements, and imports everything.
func (c *Closure) enter(n *facts.Node) {
	path := n.ID.Package
	p := c.g.packages[path]
	switch {
	case p == nil:
	case p.Local:
		if !c.entered[path] {
			c.entered[path] = true
			c.Errors = append(c.Errors, p.Errors...)
		}
		if !c.distant {
			c.follow(n, facts.Edge{To: facts.ID{Package: path, Name: facts.PackageName}, Reason: facts.RunsInit})
		} else if others := (facts.ID{Package: path, Name: facts.OtherTargetsName}); c.g.nodes[others] != nil {
			c.follow(n, facts.Edge{To: others, Reason: facts.BuiltWith})
		}
	default:
		if _, ok := c.outside[path]; !ok {
			c.outside[path] = n.ID
			c.Errors = append(c.Errors, p.Errors...)
			c.follow(n, facts.Edge{To: facts.ID{Package: path, Name: facts.PackageName}, Reason: facts.Uses})
			c.throughOutside(n, path)
			if path == "context" {
				c.injected.userContexts(n)
			}
		}
	}
}

// throughOutside adds what packages outside import: packages of the user's count as a whole, because nobody sees what is used of them.
func (c *Closure) throughOutside(n *facts.Node, path string) {
	for _, imported := range c.g.packages[path].Imports {
		p := c.g.packages[imported]
		switch {
		case p == nil || p.Standard:
		case p.Local:
			c.follow(n, facts.Edge{To: facts.ID{Package: imported, Name: facts.ContentsName}, Reason: facts.Uses})
		default:
			c.follow(n, facts.Edge{To: facts.ID{Package: imported, Name: facts.PackageName}, Reason: facts.Uses})
		}
	}
}

// variable adds everything that decides what a variable holds.
func (c *Closure) variable(n *facts.Node) {
	if c.g.injectable[n.ID] {
		c.injected.setGlobal(n.ID)
	}
	for _, w := range c.g.assigned[n.ID] {
		if w.Kind == facts.Assembly {
			c.follow(n, facts.Edge{To: w.ID, Reason: facts.WrittenBy})
		}
	}
}

// release follows the edges that waited for reflection.
func (c *Closure) release() {
	waiting := c.waiting
	c.waiting = nil
	for _, s := range waiting {
		c.follow(s.from, s.edge)
	}
}
