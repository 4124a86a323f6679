package version

import (
	"go/ast"
	"go/types"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/cachegen/cachegen/generator/internal/load"
)

// New summarises the packages of a program that are the user's own, which were all checked at once, and joins them. It must know all cached
// functions of the program, because code may call their wrappers.
func New(prog *load.Program, cached ...Root) *Graph {
	var local []*load.Package
	for _, p := range prog.Order {
		if p.Local() {
			local = append(local, p)
		}
	}
	constants := findTargetConstants(local)
	summaries := make([]*Summary, len(local))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range local {
		group.Go(func() error {
			summaries[i] = summarize(prog, p, constants)
			return nil
		})
	}
	_ = group.Wait() // errors are the packages'
	var roots []Plain
	for _, r := range cached {
		roots = append(roots, r.Plain(prog.Packages))
	}
	return Join(prog.Packages, summaries, roots...)
}

// findTargetConstants collects the constants of packages, which are in order of dependency.
func findTargetConstants(packages []*load.Package) targetConstants {
	found := targetConstants{map[ID]bool{}, map[*types.Const]ast.Expr{}}
	for _, p := range packages {
		found.addAll(p)
	}
	return found
}
