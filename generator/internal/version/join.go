package version

import (
	"go/ast"
	"go/types"
	"maps"
	"sync"

	"github.com/cachegen/cachegen/generator/internal/load"
)

// Collector summarises packages one at a time, each after those it imports. It is safe for concurrent use.
type Collector struct {
	mu sync.Mutex
	// named are the constants so far that depend on the target.
	named map[ID]bool
}

// NewCollector returns a collector for packages beside those whose summaries are known.
func NewCollector(known []*Summary) *Collector {
	return &Collector{named: knownConstants(known)}
}

// Summarize summarises a package of a program.
func (c *Collector) Summarize(prog *load.Program, p *load.Package) *Summary {
	c.mu.Lock()
	constants := targetConstants{maps.Clone(c.named), map[*types.Const]ast.Expr{}}
	c.mu.Unlock()
	constants.addAll(p)
	summary := summarize(prog, p, constants)
	c.mu.Lock()
	maps.Copy(c.named, constants.named)
	c.mu.Unlock()
	return summary
}

// Join joins the summaries of all of the user's packages, which are in order of dependency.
func Join(packages map[string]*load.Package, summaries []*Summary, cached ...Plain) *Graph {
	g := link(facts(packages), summaries)
	g.loaded = packages
	for _, root := range cached {
		g.addWrapper(root)
	}
	return g
}
