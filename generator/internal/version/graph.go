package version

import (
	"maps"
	"slices"
	"sync"

	"github.com/cachegen/cachegen/generator/internal/load"
)

// Graph joins the summaries of a program's packages. It is safe for concurrent use.
type Graph struct {
	// loaded are the program's packages by path: roots are made plain by what is known of the types in them.
	loaded map[string]*load.Package
	nodes  map[ID]*Node
	// sorted are the nodes of the summaries in order of their IDs: what is said must not depend on the order of a map.
	sorted   []*Node
	packages map[string]*packageFacts
	// writers are the nodes that change a variable.
	writers map[ID][]writer
	// hiddenWriters are the nodes that change a variable of a package that is not the user's own.
	hiddenWriters map[ID][]ID
	// initialisers are the nodes that run when packages are initialised, and mentions the reverse edges of calls and uses.
	initialisers map[ID]bool
	mentions     map[ID][]ID
	// escapes are the init functions that do more than write to package variables.
	escapes map[ID]bool
	// initialWriters are the initialisers that reach a writer of a variable, in order.
	initialWriters  map[ID][]ID
	implementations *implementations
	// methodsMatter are the type parameters of functions and types whose methods can be called.
	methodsMatter map[ID]map[int]TypeParamUse
	// cached are the cached functions by their wrappers.
	cached map[ID]*Cached
	// injectable are the variables that hold what functions are given.
	injectable map[ID]bool
	// callers are the nodes that call a function, holders those that mention a variable that can carry behaviour.
	callers, holders map[ID][]*Node
	effects          *effects
	// orders are the orders of initialisation that decide what a variable holds, or what happens to a package.
	orders map[ID][]ID
	// links are the other names of objects.
	links map[ID][]ID
}

// packageFacts is what the graph knows about any package.
type packageFacts struct {
	local    bool
	standard bool
	module   string // path of its module
	vendored bool
	errors   []load.Error
	// imports are the packages that it imports, by path.
	imports []string
	dir     string
	files   []string // of a vendored package
	// ignored are the files of a package of the user's that the target leaves out.
	ignored []string
	// program says that it is a main package of the user's; then tests are the files of its tests and linked finds the packages that are in
	// one program with it.
	program bool
	tests   []string
	linked  func() map[string]bool
}

// writer is a node that changes a variable, and where.
type writer struct {
	node *Node
	edge Edge
}

func facts(packages map[string]*load.Package) map[string]*packageFacts {
	all := make(map[string]*packageFacts, len(packages))
	for path, p := range packages {
		f := &packageFacts{local: p.Local(), standard: p.Standard, dir: p.Dir}
		if p.Module != nil {
			f.module, f.vendored = p.Module.Path, p.Module.Vendored
		}
		if p.Local() || p.Types == nil {
			f.errors = p.Errors
		}
		if !p.Standard {
			for _, imported := range p.Imports {
				f.imports = append(f.imports, imported.Path)
			}
			slices.Sort(f.imports)
		}
		if f.vendored {
			f.files = slices.Concat(p.GoFiles, p.OtherFiles, p.EmbedFiles, p.IgnoredFiles)
		}
		if f.local {
			f.ignored = p.IgnoredFiles
		}
		if f.program = f.local && p.Name == "main"; f.program {
			f.tests = p.TestGoFiles
			f.linked = sync.OnceValue(func() map[string]bool { return findLinked(all, path) })
		}
		all[path] = f
	}
	return all
}

// link joins summaries.
func link(packages map[string]*packageFacts, summaries []*Summary) *Graph {
	g := &Graph{
		cached:        map[ID]*Cached{},
		nodes:         map[ID]*Node{},
		packages:      packages,
		writers:       map[ID][]writer{},
		hiddenWriters: map[ID][]ID{},
		links:         map[ID][]ID{},
		orders:        map[ID][]ID{},
	}
	for _, s := range summaries {
		for _, n := range s.Nodes {
			g.nodes[n.ID] = n
			n.hash, n.hashed = localHash(n, nil), true
			for _, w := range n.Writes {
				g.addWriter(w.To, writer{n, w})
			}
		}
		for _, l := range s.Links {
			g.links[l.Local] = append(g.links[l.Local], l.Target)
			g.links[l.Target] = append(g.links[l.Target], l.Local)
		}
	}
	g.sorted = slices.SortedFunc(maps.Values(g.nodes), func(a, b *Node) int { return a.ID.Compare(b.ID) })
	g.findImplementations()
	g.indexFlow()
	g.findEffects()
	g.findTypeParams()
	g.findInitialisers(summaries)
	g.orderInitialisers(summaries)
	g.findEscapes(summaries)
	g.findInitialWriters()
	g.findInjectable()
	return g
}

// indexFlow finds who has to look again when more is known of a function or variable.
func (g *Graph) indexFlow() {
	g.callers, g.holders = map[ID][]*Node{}, map[ID][]*Node{}
	for _, n := range g.sorted {
		if n.Flow == nil {
			continue
		}
		for i := range n.Flow.Calls {
			if callee := n.Flow.Calls[i].Callee; callee != (ID{}) {
				g.callers[callee] = append(g.callers[callee], n)
			}
		}
		for _, h := range n.Flow.Globals {
			g.holders[h.ID] = append(g.holders[h.ID], n)
		}
	}
}

// addWriter notes who writes to a variable.
func (g *Graph) addWriter(variable ID, w writer) {
	if isSink(variable) {
		return
	}
	g.writers[variable] = append(g.writers[variable], w)
	if p := g.packages[variable.Package]; p != nil && !p.local {
		// The package itself may read it wherever it is called.
		hidden := ID{variable.Package, packageName}
		g.hiddenWriters[hidden] = append(g.hiddenWriters[hidden], w.node.ID)
	}
}

// isSink reports whether a variable of the standard library only takes what is written to it.
func isSink(variable ID) bool {
	switch variable {
	case ID{"os", "Stdout"}, ID{"os", "Stderr"}, ID{"io", "Discard"}:
		return true
	}
	return false
}
