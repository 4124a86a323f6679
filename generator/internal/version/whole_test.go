package version

import (
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/version/closure"
	"github.com/cachegen/cachegen/generator/internal/version/extract"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// whole is a program all of whose packages were checked at once.
type whole struct {
	graph *closure.Graph
	prog  *load.Program
}

// of computes the version of a function of the program.
func (w whole) of(r extract.Root) (*Version, error) { return Of(w.graph, r.Facts(w.prog.Packages)) }

// wholeOf summarises the user's own packages of a program and joins them. It must know all cached functions of the program, because
// code may call their wrappers.
func wholeOf(prog *load.Program, cached ...extract.Root) whole {
	collector := extract.NewCollector(nil)
	var local []*load.Package
	for _, p := range prog.Order {
		if p.Local() {
			local = append(local, p)
			collector.Learn(p)
		}
	}
	summaries := make([]*facts.Summary, len(local))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range local {
		group.Go(func() error {
			summaries[i] = collector.Summarize(prog, p)
			return nil
		})
	}
	_ = group.Wait() // errors are the packages'
	var roots []facts.Root
	for _, r := range cached {
		roots = append(roots, r.Facts(prog.Packages))
	}
	return whole{closure.Link(extract.Packages(prog.Packages), summaries, roots...), prog}
}
