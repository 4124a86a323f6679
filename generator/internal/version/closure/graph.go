package closure

import (
	"maps"
	"slices"
	"sync"

	"github.com/cachegen/cachegen/generator/internal/version/effects"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Graph joins the summaries of a program's packages. It is safe for concurrent use.
type Graph struct {
	nodes map[facts.ID]*facts.Node
	// sorted are the nodes of the summaries in order of their IDs: what is said must not depend on the order of a map.
	sorted   []*facts.Node
	packages map[string]*facts.PackageInfo
	// linked finds the packages that are in one program with a main package of the user's.
	linked map[string]func() map[string]bool
	// programs are the main packages of the user's, in order.
	programs []string
	// outsideImports are the packages outside that the user's import.
	outsideImports map[string]*outsideImport
	// imports are all imports of packages, importDigests digests of them.
	imports       map[string]map[string]bool
	importDigests map[string][]byte
	// bringing is what [Graph.bringers] found, nil if nobody asked.
	bringing []bringer
	// memory is what declarations do to memory, writers are those that write to some that others know.
	memory  *effects.Program
	writers []*effects.Unit
	// assigned are the nodes that assign to a variable or take its address.
	assigned map[facts.ID][]*facts.Node
	// begins numbers what runs when a program begins, in the order in which it does, and mentions are the reverse edges of calls and uses.
	begins          map[facts.ID]int
	mentions        map[facts.ID][]facts.ID
	implementations *implementations
	// methodsMatter are the type parameters of functions and types whose methods can be called.
	methodsMatter map[facts.ID]map[int]facts.TypeParamUse
	// cached are the cached functions by their wrappers.
	cached map[facts.ID]*facts.Cached
	// injectable are the variables that hold what functions are given.
	injectable map[facts.ID]bool
	// classes are the classes of each function's values once it is known where they go in the functions that it calls.
	classes map[facts.ID][]int
	// callers are the nodes that call a function, holders those that mention a variable that can carry behaviour.
	callers, holders map[facts.ID][]*facts.Node
	// links are the other names of objects.
	links map[facts.ID][]facts.ID

	// walking is held while the graph is walked. What walks find out about it is below, and serves all that follow.
	walking   sync.Mutex
	vertices  map[facts.ID]*vertex
	places    map[string]*place
	choices   map[facts.ID]*choice
	shapes    map[facts.Shape]*shape
	arguments map[string]*argument
	leads     int // counts edges to choices
	peers     map[string]*peers
	// beginning are the initialisers by number, footprints what they do, and conflicting with which of those before them they conflict.
	beginning   map[int]*vertex
	footprints  map[*vertex]effects.Footprint
	conflicting map[*vertex]*conflicting
}

// symbols are the objects that the linker may know by a name: every program has a package that it calls main.
func (g *Graph) symbols(name facts.ID) []facts.ID {
	if name.Package != "main" {
		return []facts.ID{name}
	}
	all := []facts.ID{name}
	for _, path := range g.programs {
		all = append(all, facts.ID{Package: path, Name: name.Name})
	}
	return all
}

// link joins summaries.
func link(packages map[string]*facts.PackageInfo, summaries []*facts.Summary, keeper effects.Keeper) *Graph {
	g := &Graph{
		cached:   map[facts.ID]*facts.Cached{},
		nodes:    map[facts.ID]*facts.Node{},
		packages: packages,
		assigned: map[facts.ID][]*facts.Node{},
		links:    map[facts.ID][]facts.ID{},
		linked:   map[string]func() map[string]bool{},

		vertices: map[facts.ID]*vertex{}, places: map[string]*place{}, choices: map[facts.ID]*choice{}, shapes: map[facts.Shape]*shape{},
		arguments: map[string]*argument{}, peers: map[string]*peers{}, beginning: map[int]*vertex{}, footprints: map[*vertex]effects.Footprint{},
		imports: map[string]map[string]bool{}, importDigests: map[string][]byte{},
		conflicting: map[*vertex]*conflicting{},
	}
	for path, p := range packages {
		if p.Program {
			g.linked[path] = sync.OnceValue(func() map[string]bool { return findLinked(packages, path) })
		}
	}
	g.programs = slices.Sorted(maps.Keys(g.linked))
	for _, s := range summaries {
		for _, n := range s.Nodes {
			g.nodes[n.ID] = n
			n.Seal()
			for _, w := range n.Writes {
				g.assigned[w.To] = append(g.assigned[w.To], n)
			}
		}
		for _, l := range s.Links {
			for _, target := range g.symbols(l.Target) {
				g.links[l.Local] = append(g.links[l.Local], target)
				g.links[target] = append(g.links[target], l.Local)
			}
		}
	}
	g.sorted = slices.SortedFunc(maps.Values(g.nodes), func(a, b *facts.Node) int { return a.ID.Compare(b.ID) })
	g.findOutsideImports()
	g.findImplementations()
	g.indexFlow()
	g.findClasses()
	g.joinMemory(summaries, keeper)
	g.findTypeParams()
	g.findInitialisers(summaries)
	g.findInjectable()
	return g
}

// indexFlow finds who has to look again when more is known of a function or variable.
func (g *Graph) indexFlow() {
	g.callers, g.holders = map[facts.ID][]*facts.Node{}, map[facts.ID][]*facts.Node{}
	for _, n := range g.sorted {
		if n.Flow == nil {
			continue
		}
		for i := range n.Flow.Calls {
			if callee := n.Flow.Calls[i].Callee; callee != (facts.ID{}) {
				g.callers[callee] = append(g.callers[callee], n)
			}
		}
		for _, h := range n.Flow.Globals {
			g.holders[h.ID] = append(g.holders[h.ID], n)
		}
	}
}

// joinMemory finds what declarations do to memory.
func (g *Graph) joinMemory(summaries []*facts.Summary, keeper effects.Keeper) {
	var all []*facts.Effects
	var links []facts.Link
	for _, s := range summaries {
		if s.Effects != nil {
			all = append(all, s.Effects)
		}
		for _, l := range s.Links {
			for _, target := range g.symbols(l.Target) {
				links = append(links, facts.Link{Local: l.Local, Target: target})
			}
		}
	}
	g.memory = effects.Join(all, links, keeper)
	g.writers = g.memory.Writers()
}

// Node returns the node with an ID, or nil if nothing of the user's has it.
func (g *Graph) Node(id facts.ID) *facts.Node { return g.nodes[id] }

// Size is the number of nodes.
func (g *Graph) Size() int { return len(g.sorted) }

// ErrorsOf are the errors of a package.
func (g *Graph) ErrorsOf(path string) []facts.Error {
	if p := g.packages[path]; p != nil {
		return p.Errors
	}
	return nil
}

// Link joins the summaries of all of the user's packages, which are in order of dependency.
func Link(packages map[string]*facts.PackageInfo, summaries []*facts.Summary, cached ...facts.Root) *Graph {
	return LinkKept(nil, packages, summaries, cached...)
}

// LinkKept is [Link] where keeper may have what was found about memory when the same summaries were joined before.
func LinkKept(keeper effects.Keeper, packages map[string]*facts.PackageInfo, summaries []*facts.Summary, cached ...facts.Root) *Graph {
	g := link(packages, summaries, keeper)
	for _, root := range cached {
		g.addWrapper(root)
	}
	return g
}
