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
	return all
}

// registered adds the packages outside that can have put code where the function finds it.
func (c *Closure) registered() {
	for _, path := range slices.Sorted(maps.Keys(c.g.outsideImports)) {
		if _, ok := c.outside[path]; ok {
			continue
		}
		if place, ok := c.commonPlace(c.g.outsideImports[path]); ok {
			from := &facts.Node{ID: facts.ID{Package: place, Name: facts.PackageName}, Kind: facts.Outside}
			c.follow(from, facts.Edge{To: facts.ID{Package: path, Name: facts.PackageName}, Reason: facts.RunsInit})
		}
	}
}

// commonPlace is a package that the function reaches and in which a package outside can have put something, in a program that has both.
func (c *Closure) commonPlace(o *outsideImport) (string, bool) {
	blank := slices.ContainsFunc(o.blank, c.together)
	if !blank && !slices.ContainsFunc(o.by, c.together) {
		return "", false
	}
	for _, path := range slices.Sorted(maps.Keys(c.outside)) {
		if o.imports[path] && (stdmodel.IsRegistry(path) || blank && c.holdsState(path)) {
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
