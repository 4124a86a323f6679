package version

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/load"
)

// closure is what a function reaches, found breadth first, so that each node is reached by a shortest path.
type closure struct {
	g *Graph
	// root is where it begins: the wrapper of the function.
	root  *Node
	queue []ID
	// reached has for each node the step that led there first.
	reached map[ID]step
	// outside are the packages reached that are not the user's own.
	outside map[string]ID
	// waiting are steps that count if something is reached that calls methods by reflection.
	waiting    []step
	reflection bool
	// askContexts are the functions reached that take something from a context, later those to tell injected values to when they are reached.
	askContexts []ID
	later       map[ID]bool
	injected    *injection
	errors      []load.Error

	// choices are the nodes of what may stand behind interfaces and function values.
	choices map[ID]*Node
	// added are edges that nodes do not have by themselves.
	added map[ID][]Edge
	// entered are the packages of the user's that are reached.
	entered map[string]bool
	// distant says that all is reached that the code itself leads to; postponed are the steps that lead elsewhere.
	distant   bool
	postponed []step
}

// step is an edge from a node that was reached. The root's has no node.
type step struct {
	from *Node
	edge Edge
}

func (g *Graph) reach(wrapper *Node, root Plain) *closure {
	c := &closure{g: g, root: wrapper, reached: map[ID]step{}, outside: map[string]ID{}, later: map[ID]bool{}, entered: map[string]bool{}, added: map[ID][]Edge{}, choices: map[ID]*Node{}}
	c.injected = newInjection(c, root)
	c.follow(nil, Edge{To: wrapper.ID})
	c.drain()
	c.distant = true
	for _, s := range c.postponed {
		c.follow(s.from, s.edge)
	}
	for first := true; first || len(c.queue) > 0; first = false {
		c.drain()
		if c.reflection {
			c.release()
			c.drain()
		}
		c.injected.spread()
	}
	return c
}

// drain visits everything in the queue.
func (c *closure) drain() {
	for len(c.queue) > 0 {
		id := c.queue[0]
		c.queue = c.queue[1:]
		c.visit(id)
	}
}

// node returns the node with an ID, or nil if nothing of the user's has it.
func (c *closure) node(id ID) *Node {
	if id == c.root.ID {
		return c.root
	}
	if n := c.choices[id]; n != nil {
		return n
	}
	return c.g.nodes[id]
}

// follow adds the target of an edge if it was not reached before.
func (c *closure) follow(from *Node, e Edge) {
	if _, ok := c.reached[e.To]; ok {
		return
	}
	c.reached[e.To] = step{from, e}
	c.queue = append(c.queue, e.To)
}

// lead follows an edge that the node itself does not have.
func (c *closure) lead(from *Node, e Edge) {
	c.added[from.ID] = append(c.added[from.ID], e)
	c.follow(from, e)
}

// postpone adds the target of an edge that the code itself does not have, if that can run where the function does.
func (c *closure) postpone(from *Node, e Edge) {
	switch {
	case !c.together(e.To.Package):
		return
	case c.distant:
		c.follow(from, e)
		return
	}
	c.postponed = append(c.postponed, step{from, e})
}

func (c *closure) visit(id ID) {
	if callsByReflection(id) {
		c.reflection = true
	}
	n := c.node(id)
	if n == nil {
		n = &Node{ID: id, Kind: Outside}
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
		if e.Reason == ByReflection {
			c.waiting = append(c.waiting, step{n, e})
			continue
		}
		if n.Kind == Package && c.g.initialisers[e.To] && !c.g.escapes[e.To] {
			continue // reached through what it writes to
		}
		c.follow(n, e)
	}
	for _, name := range c.g.links[id] {
		c.lead(n, Edge{To: name, Reason: LinksTo})
	}
	if n.Kind == Variable || n.Kind == Outside || n.Kind == Package {
		c.variable(n)
	}
}

// enter adds what comes with any part of a node's package. The init functions and blank imports of a package do only if the function's
// own code leads there: a program's main package is reached through what it writes or implements, and imports everything.
func (c *closure) enter(n *Node) {
	path := n.ID.Package
	p := c.g.packages[path]
	switch {
	case p == nil:
	case p.local:
		if !c.entered[path] {
			c.entered[path] = true
			c.errors = append(c.errors, p.errors...)
		}
		if !c.distant {
			c.follow(n, Edge{To: ID{path, packageName}, Reason: RunsInit})
		} else if others := (ID{path, otherTargetsName}); c.g.nodes[others] != nil {
			c.follow(n, Edge{To: others, Reason: BuiltWith})
		}
	default:
		if _, ok := c.outside[path]; !ok {
			c.outside[path] = n.ID
			c.errors = append(c.errors, p.errors...)
			c.follow(n, Edge{To: ID{path, packageName}, Reason: Uses})
			c.throughOutside(n, path)
		}
	}
}

// throughOutside adds what packages outside import: packages of the user's count as a whole, because nobody sees what is used of them.
func (c *closure) throughOutside(n *Node, path string) {
	for _, imported := range c.g.packages[path].imports {
		p := c.g.packages[imported]
		switch {
		case p == nil || p.standard:
		case p.local:
			c.follow(n, Edge{To: ID{imported, contentsName}, Reason: Uses})
		default:
			c.follow(n, Edge{To: ID{imported, packageName}, Reason: Uses})
		}
	}
}

// variable adds everything that decides what a variable holds.
func (c *closure) variable(n *Node) {
	if c.g.injectable[n.ID] {
		c.injected.setGlobal(n.ID)
	}
	for _, w := range c.g.writers[n.ID] {
		c.postpone(n, Edge{To: w.node.ID, Reason: WrittenBy})
	}
	for _, id := range slices.Concat(c.g.initialWriters[n.ID], c.g.orders[n.ID]) {
		c.postpone(n, Edge{To: id, Reason: RunsInit})
	}
}

// release follows the edges that waited for reflection.
func (c *closure) release() {
	waiting := c.waiting
	c.waiting = nil
	for _, s := range waiting {
		c.follow(s.from, s.edge)
	}
}

// callsByReflection knows what calls methods by name, and so methods of what those return.
func callsByReflection(id ID) bool {
	switch id.Package {
	case "text/template", "html/template", "net/rpc":
		return true
	case "reflect":
		return slices.Contains([]string{
			"Value.Method", "Value.MethodByName", "Value.Call", "Value.CallSlice",
			"Type.Method", "Type.MethodByName", "Value.Methods", "Type.Methods",
		}, id.Name)
	}
	return false
}

// modules are the paths of the modules outside, in order.
func (c *closure) modules() []string {
	var paths []string
	for path := range c.outside {
		if p := c.g.packages[path]; p.module != "" {
			paths = append(paths, p.module)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
