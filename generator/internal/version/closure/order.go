package closure

import (
	"crypto/sha256"
	"iter"
	"maps"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/effects"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// orders adds what decides about initialisers: the order in which they run, and which programs run them.
func (c *Closure) orders() {
	h := facts.Hasher{Hash: sha256.New()}
	parts := slices.Clone(c.standard)
	for _, p := range parts {
		h.Text(p.Name)
		h.Text(p.Value)
	}
	parts = append(parts, c.hashOrder(h)...)
	parts = append(parts, c.hashPrograms(h)...)
	if len(parts) == 0 {
		return
	}
	n := &facts.Node{ID: facts.ID{Package: c.root.ID.Package, Name: facts.OrderName}, Kind: facts.Order, Parts: parts}
	n.File, n.Line, n.Column = c.root.File, c.root.Line, c.root.Column
	n.Skeleton = [sha256.Size]byte(h.Sum(nil))
	c.ordered = n
	c.lead(c.root, facts.Edge{To: n.ID, Reason: facts.RunsAfter}, c.g.vertex(n.ID))
	c.drain()
}

// hashOrder hashes the order of initialisers where it decides something: of two that are reached, one writes to memory that the other reads or writes.
// All other orders are free, and with them the place of declarations in files and packages.
func (c *Closure) hashOrder(h facts.Hasher) []facts.Part {
	var initialisers []*vertex
	var reached set
	for _, v := range c.order {
		if v.begins >= 0 {
			initialisers = append(initialisers, v)
			reached.add(v.begins)
		}
	}
	slices.SortFunc(initialisers, func(a, b *vertex) int { return a.begins - b.begins })
	var parts []facts.Part
	packages := map[string]bool{} // of which the linker decides the order
	for _, second := range initialisers {
		for first := range c.g.conflicts(second, reached) {
			h.ID(first.id)
			h.ID(second.id)
			parts = append(parts, facts.Part{Name: "before " + second.id.String(), Value: first.id.String()})
			if a, b := first.id.Package, second.id.Package; a != b && !c.g.importsOf(b)[a] {
				packages[a], packages[b] = true, true
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(packages)) {
		h.Text(path)
		h.Bytes(c.g.importDigest(path))
	}
	return parts
}

// importDigest is a digest of what a package imports, directly and not, the standard library's packages among it. Of the packages whose imports are
// initialised, the linker takes the first by path: so what two packages import decides which of them comes first.
func (g *Graph) importDigest(path string) []byte {
	known, ok := g.importDigests[path]
	if !ok {
		h := facts.Hasher{Hash: sha256.New()}
		for _, path := range slices.Sorted(maps.Keys(g.importsOf(path))) {
			h.Text(path)
			if p := g.packages[path]; !p.Standard {
				for _, imported := range slices.Sorted(slices.Values(p.Imports)) {
					h.Text(imported)
				}
			}
		}
		known = h.Sum(nil)
		g.importDigests[path] = known
	}
	return known
}

// hashPrograms hashes which programs have a package whose initialisation counts, where some may not have it.
func (c *Closure) hashPrograms(h facts.Hasher) []facts.Part {
	var parts []facts.Part
	for _, program := range c.g.programs {
		if !c.g.inProgram(program, c.root.ID.Package) {
			continue
		}
		for _, path := range c.ofPrograms {
			if path != program && c.g.inProgram(program, path) {
				h.Text(program)
				h.Text(path)
				parts = append(parts, facts.Part{Name: "program " + program, Value: path})
			}
		}
	}
	return parts
}

// findOfPrograms finds the packages whose initialisation counts, and which a program with the function may have or not.
func (c *Closure) findOfPrograms() []string {
	found := slices.Clone(c.registrations)
	for _, v := range c.order {
		if v.begins >= 0 {
			found = append(found, v.id.Package)
		}
	}
	own := c.g.importsOf(c.root.ID.Package)
	found = slices.DeleteFunc(found, func(path string) bool { return own[path] })
	slices.Sort(found)
	return slices.Compact(found)
}

// conflicting is what is known of an initialiser: which of those before it, by their numbers, were compared with it, and which of them conflict.
type conflicting struct{ known, yes set }

// conflicts iterates over the initialisers among some that run before one and conflict with it: one writes to what the other touches.
func (g *Graph) conflicts(second *vertex, among set) iter.Seq[*vertex] {
	row := g.conflicting[second]
	if row == nil {
		row = new(conflicting)
		g.conflicting[second] = row
	}
	return func(yield func(*vertex) bool) {
		for n := range among.all() {
			if n >= second.begins {
				return
			}
			first := g.beginning[n]
			if row.known.add(n) && g.memory.Conflict(g.footprint(first), g.footprint(second)) {
				row.yes.add(n)
			}
			if row.yes.has(n) && !yield(first) {
				return
			}
		}
	}
}

// footprint is what an initialiser and all that it calls do to memory.
func (g *Graph) footprint(initialiser *vertex) effects.Footprint {
	f, ok := g.footprints[initialiser]
	if !ok {
		if initialiser.unit != nil {
			f = g.memory.Footprint(initialiser.unit)
		}
		g.footprints[initialiser] = f
	}
	return f
}
