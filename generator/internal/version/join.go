package version

import (
	"go/ast"
	"go/types"
	"maps"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/cachegen/cachegen/generator/internal/load"
)

// New summarises the packages of a program that are the user's own and joins them. It must know all cached functions of the program,
// because code may call their wrappers.
func New(prog *load.Program, cached ...Root) *Graph {
	var local []*load.Package
	for _, p := range prog.Order {
		if p.Local() {
			local = append(local, p)
		}
	}
	var roots []Plain
	for _, r := range cached {
		roots = append(roots, r.Plain(prog.Packages))
	}
	return Join(prog.Packages, Summarize(prog, local, nil), roots...)
}

// Summarize summarises the wanted packages of a program, which are in order of dependency. Known are the summaries of the user's other
// packages.
func Summarize(prog *load.Program, wanted []*load.Package, known []*Summary) []*Summary {
	constants := findTargetConstants(wanted, known)
	summaries := make([]*Summary, len(wanted))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range wanted {
		group.Go(func() error {
			summaries[i] = summarize(prog, p, constants)
			return nil
		})
	}
	_ = group.Wait() // errors are the packages'
	return summaries
}

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
