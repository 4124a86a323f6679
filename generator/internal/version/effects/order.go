package effects

import (
	"cmp"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Footprint is what some declarations together do to memory that others know: what they write, and all that they touch, by class of variables. Memory
// of which nobody knows whose it is has a class of its own.
type Footprint struct{ written, touched map[int32]*bitset }

// nobody is the class of memory of which nobody knows whose it is.
const nobody = -1

// Footprint returns what a declaration and all that it calls do to memory.
func (p *Program) Footprint(id facts.ID) *Footprint {
	f := &Footprint{}
	seen, called := map[facts.ID]bool{id: true}, map[string]bool{}
	queue := []facts.ID{id}
	for len(queue) > 0 {
		u := p.units[queue[0]]
		queue = queue[1:]
		if u == nil {
			continue
		}
		p.tread(f, u)
		for _, name := range u.calls {
			if called[name] {
				continue
			}
			called[name] = true
			for _, to := range p.calledAs[name] {
				if !seen[to] {
					seen[to] = true
					queue = append(queue, to)
				}
			}
		}
	}
	return f
}

// tread adds what a declaration does itself.
func (p *Program) tread(f *Footprint, u *Unit) {
	write := func(class int32, locations bitset) {
		through(&f.written, class, locations)
		through(&f.touched, class, locations)
	}
	write(nobody, u.writes)
	through(&f.touched, nobody, u.reads)
	for class, locations := range u.through {
		write(class, locations)
		if p.leaky[class] {
			write(nobody, locations)
		}
	}
	for class, locations := range u.readThrough {
		through(&f.touched, class, locations)
		if p.leaky[class] {
			through(&f.touched, nobody, locations)
		}
	}
}

// Conflicts are the pairs of footprints, the first before the second in the list, of which one writes to what the other touches. They are in order.
func (p *Program) Conflicts(list []*Footprint) [][2]int {
	touching := map[int32][]int{}
	for i, f := range list {
		for class, locations := range f.touched {
			if !locations.empty() {
				touching[class] = append(touching[class], i)
			}
		}
	}
	found := map[[2]int]bool{}
	for i, f := range list {
		for class, written := range f.written {
			for _, j := range touching[class] {
				pair := [2]int{min(i, j), max(i, j)}
				if i != j && !found[pair] && p.meet(*written, *list[j].touched[class]) {
					found[pair] = true
				}
			}
		}
	}
	pairs := make([][2]int, 0, len(found))
	for pair := range found {
		pairs = append(pairs, pair)
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[1], b[1]), cmp.Compare(a[0], b[0])) })
	return pairs
}
