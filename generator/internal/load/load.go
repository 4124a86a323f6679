package load

import (
	"context"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Load lists, parses and type-checks the packages that cfg asks for, what they import, and all
// other packages of the main modules: functions there may implement what the packages call through
// interfaces, or write to their variables. Errors of packages are in [Package.Errors]; the error is
// for what prevents listing at all.
func Load(ctx context.Context, cfg Config) (*Program, error) {
	l, err := List(ctx, cfg, nil)
	if err != nil {
		return nil, err
	}
	return l.Check(ctx, l.Local, nil)
}

// patterns are cfg's patterns with their default. A Go file stands for the package in its
// directory.
func (cfg Config) patterns() []string {
	if len(cfg.Patterns) == 0 {
		return []string{"."}
	}
	patterns := slices.Clone(cfg.Patterns)
	for i, p := range patterns {
		if strings.HasSuffix(p, ".go") {
			patterns[i] = directoryOf(p)
		}
	}
	return patterns
}

// directoryOf is the pattern for the directory of a file.
func directoryOf(file string) string {
	dir := filepath.ToSlash(filepath.Dir(file))
	if dir == "." || filepath.IsAbs(file) || strings.HasPrefix(dir, "..") {
		return dir
	}
	return "./" + dir
}

// files reports files among the patterns that are not there.
func (cfg Config) files() error {
	for _, p := range cfg.Patterns {
		if !strings.HasSuffix(p, ".go") {
			continue
		}
		name := p
		if !filepath.IsAbs(p) {
			name = filepath.Join(cfg.Dir, p)
		}
		if _, err := os.Stat(name); err != nil {
			return fmt.Errorf("no such file: %s", p)
		}
	}
	return nil
}

// Check parses and type-checks the wanted packages of the user's. Of what they import it finds the
// declarations alone: in what was kept, or from source too. The roots of the program are those
// among the wanted, and those that are not the user's.
//
// If visit is not nil, it is called for each wanted package, by several goroutines, when the
// package and what it imports are known. Thereafter packages without directives have no syntax and
// no types.Info any more: together, those of a large module take most of the memory.
func (l *Listing) Check(ctx context.Context, wanted []*Package, visit func(*Program, *Package)) (*Program, error) {
	c := l.checker(wanted, visit)
	c.exports = l.recallExports(c.prog.Order, c.wanted)
	if c.run(ctx); c.unreadable {
		c = l.checker(wanted, visit)
		c.run(ctx)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l.keepExports(wanted)
	return c.prog, nil
}

// checker returns a checker for the wanted packages, and forgets what an earlier one found.
func (l *Listing) checker(wanted []*Package, visit func(*Program, *Package)) *checker {
	needed := slices.Clone(wanted)
	for _, p := range wanted {
		needed = append(needed, l.others(p)...)
	}
	c := &checker{
		listing: l,
		prog:    &Program{Fset: token.NewFileSet(), Packages: l.Packages, Order: order(needed)},
		wanted:  make(map[*Package]bool, len(wanted)),
		visit:   visit,
	}
	for _, p := range wanted {
		c.wanted[p] = true
	}
	for _, p := range l.Roots {
		if c.wanted[p] || !p.Local() {
			c.prog.Roots = append(c.prog.Roots, p)
		}
	}
	for _, p := range l.Packages {
		p.Syntax, p.Stubs, p.Types, p.Info, p.Wrappers = nil, nil, nil, nil, nil
		p.Errors = p.Errors[:p.listErrors:p.listErrors]
	}
	return c
}

// checker is what the steps of one Check share.
type checker struct {
	listing *Listing
	prog    *Program
	wanted  map[*Package]bool
	visit   func(*Program, *Package)
	// exports is what was kept of packages that are not wanted, nil if all is checked from source.
	// Reading export data adds to packages that exist already, so nobody may read any package
	// meanwhile.
	exports    *exportData
	reading    sync.RWMutex
	unreadable bool
}

func (c *checker) run(ctx context.Context) {
	c.check(ctx)
	if c.unreadable || ctx.Err() != nil {
		return
	}
	for _, p := range c.prog.Order {
		if c.wanted[p] && len(c.listing.others(p)) > 0 {
			c.show(p)
		}
	}
}

// show lets a wanted package be visited.
func (c *checker) show(p *Package) {
	if c.visit == nil {
		return
	}
	c.visit(c.prog, p)
	if !p.HasDirectives() {
		p.Syntax, p.Stubs, p.Info = nil, nil, nil
	}
}

// order returns the packages and what they import, each after its imports, the same for the same
// packages.
func order(packages []*Package) []*Package {
	var sorted []*Package
	visited := map[*Package]bool{}
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
	for _, p := range packages {
		visit(p)
	}
	return sorted
}
