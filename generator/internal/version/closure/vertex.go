package closure

import (
	"go/token"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/effects"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// vertex is what an ID stands for while a graph is walked: what would be looked up by name on each visit is found once, on the first.
type vertex struct {
	id facts.ID
	// number counts vertices from 0, in no order that means something.
	number int
	// node is that of the user's with the ID, or one for what is outside. Packages of which nothing is known have no place.
	node  *facts.Node
	place *place
	// choice says that closures have nodes of their own with the ID.
	choice bool
	// unit is what it does to memory, begins when it runs if it is an initialiser, otherwise -1.
	unit   *effects.Unit
	begins int
	// reflects says that it calls methods by reflection.
	reflects bool
	// targets are those of the node's edges, links its other names: both once it was visited. Calls
	// are the nodes that stand for calls of the targets through interfaces, where there can be no
	// others; nil for other targets.
	visited               bool
	targets, calls, links []*vertex
	asksContext           []facts.Edge
	// flow is where its values go; nil if that was not asked, or if it has none.
	flow *flow
}

// place is a package.
type place struct {
	path   string
	number int
	info   *facts.PackageInfo
	// whole is what comes with any part of the package, others the files of other targets, or nil.
	whole, others *vertex
	// contents and packages are what it imports: local packages as a whole, and those of other modules.
	imports []*vertex
	entered bool
}

// vertex returns the vertex of an ID. Whoever asks holds the graph's lock.
func (g *Graph) vertex(id facts.ID) *vertex {
	if v := g.vertices[id]; v != nil {
		return v
	}
	v := &vertex{id: id, number: len(g.vertices), node: g.nodes[id], unit: g.memory.Unit(id), begins: -1, reflects: stdmodel.CallsByReflection(id)}
	g.vertices[id] = v
	if n, ok := g.begins[id]; ok {
		v.begins = n
		g.beginning[n] = v
	}
	v.place = g.place(id.Package)
	if v.node == nil {
		v.node = &facts.Node{ID: id, Kind: facts.Outside}
	}
	return v
}

func (g *Graph) place(path string) *place {
	p, ok := g.places[path]
	if !ok {
		if info := g.packages[path]; info != nil {
			p = &place{path: path, number: len(g.places), info: info}
		}
		g.places[path] = p
	}
	return p
}

// enter finds what comes with any part of a package.
func (g *Graph) enter(p *place) {
	if p.entered {
		return
	}
	p.entered = true
	p.whole = g.vertex(facts.ID{Package: p.path, Name: facts.PackageName})
	if others := (facts.ID{Package: p.path, Name: facts.OtherTargetsName}); g.nodes[others] != nil {
		p.others = g.vertex(others)
	}
	for _, imported := range p.info.Imports {
		q := g.packages[imported]
		switch {
		case q == nil || q.Standard:
		case q.Local:
			p.imports = append(p.imports, g.vertex(facts.ID{Package: imported, Name: facts.ContentsName}))
		default:
			p.imports = append(p.imports, g.vertex(facts.ID{Package: imported, Name: facts.PackageName}))
		}
	}
}

// visit finds where edges of a vertex lead.
func (g *Graph) visit(v *vertex) {
	if v.visited {
		return
	}
	v.visited = true
	v.targets = g.targets(v.node)
	v.calls = g.namedCalls(v.node)
	for _, name := range g.links[v.id] {
		v.links = append(v.links, g.vertex(name))
	}
	for _, use := range v.node.ContextArgs {
		if g.matters(use.Callee, use.Index) {
			to := facts.ContextAsArgument.Prefixed(facts.ContextPrefix)
			v.asksContext = append(v.asksContext, facts.Edge{To: to, Reason: facts.LooksInto, Line: use.Line, Column: use.Column})
		}
	}
	if v.node.Flow != nil {
		v.flow = g.flowOf(v)
	}
}

// namedCalls are, for the methods that edges lead to because a type has them, the nodes that stand
// for all calls by which they can be called through interfaces: nil where code of other packages
// may call them, too.
func (g *Graph) namedCalls(n *facts.Node) []*vertex {
	calls := make([]*vertex, len(n.Edges))
	for i := range n.Edges {
		to := n.Edges[i].To
		_, name, isMethod := strings.Cut(to.Name, ".")
		if n.Edges[i].Reason == facts.HasMethod && isMethod && !token.IsExported(name) {
			calls[i] = g.vertex(facts.ID{Package: to.Package, Name: facts.CalledPrefix + name})
		}
	}
	return calls
}

func (g *Graph) targets(n *facts.Node) []*vertex {
	targets := make([]*vertex, len(n.Edges))
	for i := range n.Edges {
		targets[i] = g.vertex(n.Edges[i].To)
	}
	return targets
}
