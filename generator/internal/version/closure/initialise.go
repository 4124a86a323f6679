package closure

import (
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// What is written while a program begins comes from the init function, the initialiser of a variable or the statement of main that called for
// it, though a helper writes it: a registry's Register is not what decides what is registered.

// findInitialisers numbers all that runs when a program begins, in the order in which it runs, and finds the edges by which it may reach
// what writes.
func (g *Graph) findInitialisers(summaries []*facts.Summary) {
	g.begins = map[facts.ID]int{}
	g.mentions = map[facts.ID][]facts.ID{}
	byPath := map[string]*facts.Summary{}
	for _, s := range summaries {
		byPath[s.Path] = s
	}
	for _, path := range g.packageOrder(byPath) {
		for _, id := range byPath[path].Order {
			g.begins[id] = len(g.begins)
		}
	}
	for _, n := range g.sorted {
		if strings.HasPrefix(n.ID.Name, facts.PartPrefix) { // of main, which comes last
			g.begins[n.ID] = len(g.begins)
		}
		switch n.Kind {
		case facts.Function, facts.Init, facts.Variable, facts.Methods:
			for _, e := range n.Edges {
				if e.Reason != facts.RunsAfter {
					g.mentions[e.To] = append(g.mentions[e.To], n.ID)
				}
			}
		}
	}
}

// packageOrder is the order in which packages are initialised: of those whose imports are, always the first by path.
func (g *Graph) packageOrder(byPath map[string]*facts.Summary) []string {
	var waiting []string
	for path := range byPath {
		waiting = append(waiting, path)
	}
	slices.Sort(waiting)
	var order []string
	done := map[string]bool{}
	ready := func(path string) bool {
		p := g.packages[path]
		return p == nil || !slices.ContainsFunc(p.Imports, func(imported string) bool { return byPath[imported] != nil && !done[imported] })
	}
	for len(waiting) > 0 {
		i := max(slices.IndexFunc(waiting, ready), 0) // imports go in no circle
		done[waiting[i]] = true
		order = append(order, waiting[i])
		waiting = slices.Delete(waiting, i, i+1)
	}
	return order
}

// started are the declarations that some initialiser of a program with the function in it may run.
func (c *Closure) started() map[facts.ID]bool {
	if known, ok := c.g.started.Load(c.root.ID.Package); ok {
		return known.(map[facts.ID]bool)
	}
	started, called := map[facts.ID]bool{}, map[string]bool{}
	var queue []facts.ID
	for id := range c.g.begins {
		if c.together(id.Package) {
			queue = append(queue, id)
			started[id] = true
		}
	}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		for _, name := range c.g.memory.Calls(id) {
			if called[name] {
				continue
			}
			called[name] = true
			for _, to := range c.g.memory.Called(name) {
				if !started[to] {
					started[to] = true
					queue = append(queue, to)
				}
			}
		}
	}
	c.g.started.Store(c.root.ID.Package, started)
	return started
}

// starters finds the initialisers that may run declarations, each once.
type starters struct {
	c      *Closure
	seen   map[facts.ID]bool
	called map[string]bool
}

// of are the initialisers that may run a declaration, in the order in which they run, without those that were found before.
func (s *starters) of(id facts.ID) []facts.ID {
	g := s.c.g
	var found []facts.ID
	queue := []facts.ID{id}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		if s.seen[id] {
			continue
		}
		s.seen[id] = true
		if _, ok := g.begins[id]; ok { // nobody calls it
			if s.c.together(id.Package) {
				found = append(found, id)
			}
			continue
		}
		for _, name := range g.memory.CalledBy(id) {
			if !s.called[name] {
				s.called[name] = true
				queue = append(queue, g.memory.CallersOf(name)...)
			}
		}
	}
	slices.SortFunc(found, func(a, b facts.ID) int { return g.begins[a] - g.begins[b] })
	return found
}
