package load

import (
	"context"
	"errors"
	"go/token"
	"slices"
	"strings"
)

// RuntimePath is the import path of the runtime that generated code calls.
const RuntimePath = "github.com/cachegen/cachegen/runtime"

// Load lists, parses and type-checks the packages that cfg asks for, what they import, and all other packages of the main modules:
// functions there may implement what the packages call through interfaces, or write to their variables. Errors of packages
// are in [Package.Errors]; the error is for what prevents listing at all.
func Load(ctx context.Context, cfg Config) (*Program, error) {
	metadata, err := list(ctx, cfg)
	if err != nil {
		return nil, err
	}
	l := &loader{cfg: cfg, metadata: metadata, prog: &Program{Fset: token.NewFileSet(), Packages: metadata.packages}}
	l.parseLocal()
	if err := l.addStubs(ctx); err != nil {
		return nil, err
	}
	l.prog.Order = order(l.prog.Packages)
	l.check(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, p := range l.prog.Order {
		if p.Root {
			l.prog.Roots = append(l.prog.Roots, p)
		}
	}
	slices.SortFunc(l.prog.Roots, func(a, b *Package) int { return strings.Compare(a.Path, b.Path) })
	if len(l.prog.Roots) == 0 {
		return nil, errors.New("no packages match " + strings.Join(cfg.patterns(), " "))
	}
	return l.prog, nil
}

// loader is what the steps of one Load share.
type loader struct {
	cfg      Config
	metadata *metadata
	prog     *Program
	stubs    map[*Package][]*stub
}

// patterns are cfg's patterns with their default.
func (cfg Config) patterns() []string {
	if len(cfg.Patterns) == 0 {
		return []string{"."}
	}
	return cfg.Patterns
}

// order returns the packages after those they import, the same for the same packages.
func order(packages map[string]*Package) []*Package {
	sorted := make([]*Package, 0, len(packages))
	visited := make(map[*Package]bool, len(packages))
	var visit func(p *Package)
	visit = func(p *Package) {
		if visited[p] {
			return
		}
		visited[p] = true
		for _, path := range sortedKeys(p.Imports) {
			visit(p.Imports[path])
		}
		sorted = append(sorted, p)
	}
	for _, path := range sortedKeys(packages) {
		visit(packages[path])
	}
	return sorted
}
