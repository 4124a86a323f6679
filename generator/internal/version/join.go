package version

import (
	"runtime"

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

// Join joins the summaries of all of the user's packages, which are in order of dependency.
func Join(packages map[string]*load.Package, summaries []*Summary, cached ...Plain) *Graph {
	g := link(facts(packages), summaries)
	g.loaded = packages
	for _, root := range cached {
		g.addWrapper(root)
	}
	return g
}
