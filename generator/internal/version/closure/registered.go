package closure

import (
	"maps"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// A package outside can put code where others find it when it is initialised: a driver into database/sql, a decoder into image. The
// function can run that code if it reaches the place. A package that it does not mention and that has no such place in common with it is
// none of its business, though the program has it.

// outsideImport is a package outside that packages of the user's import.
type outsideImport struct {
	by []string
	// blank are those of the importers that do so for nothing but its initialisation.
	blank []string
	// imports are the packages that it imports, directly and not.
	imports map[string]bool
}

// findOutsideImports collects the packages outside that the user's import.
func (g *Graph) findOutsideImports() {
	g.outsideImports = map[string]*outsideImport{}
	for path, p := range g.packages {
		if !p.Local {
			continue
		}
		for _, imported := range p.Imports {
			if q := g.packages[imported]; q == nil || q.Local || q.Standard {
				continue
			}
			if g.outsideImports[imported] == nil {
				g.outsideImports[imported] = &outsideImport{imports: g.importsOf(imported)}
			}
			o := g.outsideImports[imported]
			o.by = append(o.by, path)
			if whole := g.nodes[facts.ID{Package: path, Name: facts.PackageName}]; whole != nil && slices.ContainsFunc(whole.Edges, func(e facts.Edge) bool {
				return e.To == facts.ID{Package: imported, Name: facts.PackageName}
			}) {
				o.blank = append(o.blank, path)
			}
		}
	}
}

// importsOf are the packages that a package imports, directly and not; of those of the standard library the direct ones.
func (g *Graph) importsOf(path string) map[string]bool {
	if known, ok := g.imports[path]; ok {
		return known
	}
	all := map[string]bool{}
	var visit func(path string)
	visit = func(path string) {
		if p := g.packages[path]; p != nil && !all[path] {
			all[path] = true
			for _, imported := range p.Imports {
				visit(imported)
			}
		}
	}
	visit(path)
	g.imports[path] = all
	return all
}

// standardRegistrations are the packages of the standard library that can have put code into a
// registry which the function reaches, as image/png does. Of those that the function's own package
// does not import it says which packages of the user's bring them into a program.
func (c *Closure) standardRegistrations() []facts.Part {
	if !c.reachesRegistry() {
		return nil
	}
	var found []facts.Part
	own := c.g.importsOf(c.root.ID.Package)
	for _, b := range c.g.bringers() {
		if !c.peers.have(b.path) {
			continue
		}
		before := len(c.registrations)
		for _, imported := range b.registrars {
			for _, place := range c.g.packages[imported].Registers {
				if _, ok := c.outside[place]; !ok || imported == place {
					continue
				}
				part := facts.Part{Name: "registration in " + place, Value: imported}
				if !own[b.path] {
					part.Value += " by " + b.path
				}
				if !slices.Contains(found, part) {
					found = append(found, part)
				}
				if len(c.registrations) == before {
					c.registrations = append(c.registrations, b.path)
				}
			}
		}
	}
	return found
}

func (c *Closure) reachesRegistry() bool {
	for path := range c.outside {
		if stdmodel.IsRegistry(path) {
			return true
		}
	}
	return false
}

// bringer is a package of the user's that brings packages of the standard library into a program
// which can put code into registries. It imports them itself, or through packages outside.
type bringer struct {
	path       string
	registrars []string
}

// bringers are all of them, in order.
func (g *Graph) bringers() []bringer {
	if g.bringing != nil {
		return g.bringing
	}
	g.bringing = []bringer{}
	for _, path := range slices.Sorted(maps.Keys(g.packages)) {
		if !g.packages[path].Local {
			continue
		}
		if found := g.registrars(path); len(found) > 0 {
			g.bringing = append(g.bringing, bringer{path, found})
		}
	}
	return g.bringing
}

// registrars are the packages of the standard library that can put code into registries, and that a
// package of the user's brings, in order.
func (g *Graph) registrars(path string) []string {
	var found []string
	seen := map[string]bool{}
	var visit func(path string)
	visit = func(from string) {
		for _, imported := range g.packages[from].Imports {
			p := g.packages[imported]
			if p == nil || p.Local || seen[imported] {
				continue
			}
			seen[imported] = true
			if len(p.Registers) > 0 {
				found = append(found, imported)
			}
			visit(imported)
		}
	}
	visit(path)
	slices.Sort(found)
	return found
}

// registration is a package outside that can have put code where others find it, in a program with the function.
type registration struct {
	to      facts.ID
	imports map[string]bool
	// blank says that it is imported for nothing but its initialisation.
	blank bool
}

// findRegistrations finds the packages outside that packages of the user's import, in order.
func (p *peers) findRegistrations() {
	for _, path := range slices.Sorted(maps.Keys(p.g.outsideImports)) {
		o := p.g.outsideImports[path]
		blank := slices.ContainsFunc(o.blank, p.have)
		if blank || slices.ContainsFunc(o.by, p.have) {
			p.registrations = append(p.registrations, registration{facts.ID{Package: path, Name: facts.PackageName}, o.imports, blank})
		}
	}
}

// registered adds the packages outside that can have put code where the function finds it.
func (c *Closure) registered() {
	paths := slices.Sorted(maps.Keys(c.outside))
	for _, r := range c.peers.registrations {
		if _, ok := c.outside[r.to.Package]; ok {
			continue
		}
		if place, ok := c.commonPlace(r, paths); ok {
			from := &facts.Node{ID: facts.ID{Package: place, Name: facts.PackageName}, Kind: facts.Outside}
			c.follow(from, &facts.Edge{To: r.to, Reason: facts.RunsInit}, c.g.vertex(r.to))
			c.registrations = append(c.registrations, r.to.Package)
		}
	}
}

// commonPlace is a package among those that the function reaches in which a package outside can have put something.
func (c *Closure) commonPlace(r registration, reached []string) (string, bool) {
	for _, path := range reached {
		if r.imports[path] && (stdmodel.IsRegistry(path) || r.blank && c.holdsState(path)) {
			return path, true
		}
	}
	return "", false
}

// holdsState reports whether others can change what the functions of a package outside do.
func (c *Closure) holdsState(path string) bool {
	p := c.g.packages[path]
	return p == nil || !p.Standard || !stdmodel.IsStateless(path)
}
