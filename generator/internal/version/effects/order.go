package effects

import (
	"cmp"
	"maps"
	"slices"
)

// Walk follows calls from declaration to declaration, and visits each once.
type Walk struct {
	units, names bitset
}

// Down visits declarations and all that they call, at any depth, without what was visited before.
func (w *Walk) Down(from []*Unit, visit func(*Unit)) {
	queue := slices.Clone(from)
	for len(queue) > 0 {
		u := queue[0]
		queue = queue[1:]
		if !w.units.add(u.Number) {
			continue
		}
		visit(u)
		for _, n := range u.calls {
			if w.names.add(n.number) {
				queue = append(queue, n.called...)
			}
		}
	}
}

// Up visits declarations and all that call them, at any depth, without what was visited before; not further where visit says that nobody calls one.
func (w *Walk) Up(from []*Unit, visit func(*Unit) (called bool)) {
	queue := slices.Clone(from)
	for len(queue) > 0 {
		u := queue[0]
		queue = queue[1:]
		if !w.units.add(u.Number) || !visit(u) {
			continue
		}
		for _, n := range u.names {
			if w.names.add(n.number) {
				queue = append(queue, n.callers...)
			}
		}
	}
}

// Footprint is what some declarations together do to memory that others know, by class of variables.
type Footprint []footprint

// footprint is what is written of the memory of a class, and all that is touched.
type footprint struct {
	class            int32
	written, touched bitset
}

// Footprint returns what a declaration and all that it calls do to memory.
func (p *Program) Footprint(u *Unit) Footprint {
	var reads, writes bitset
	new(Walk).Down([]*Unit{u}, func(u *Unit) {
		for _, n := range u.reads {
			reads.add(int(n))
		}
		for _, n := range u.writes {
			writes.add(int(n))
		}
	})
	byClass := map[int32]*footprint{}
	add := func(class int32, locations bitset, write bool) {
		f := byClass[class]
		if f == nil {
			f = &footprint{class: class}
			byClass[class] = f
		}
		f.touched.addAll(locations)
		if write {
			f.written.addAll(locations)
		}
	}
	addAll := func(set bitset, write bool) {
		for n := range set.all() {
			a := &p.accessed[n]
			add(a.class, a.locations, write)
			if a.class != nobody && p.leaky[a.class] {
				add(nobody, a.locations, write)
			}
		}
	}
	addAll(reads, false)
	addAll(writes, true)
	var f Footprint
	for _, class := range slices.Sorted(maps.Keys(byClass)) {
		f = append(f, *byClass[class])
	}
	return f
}

// Conflict reports whether one footprint writes to what the other touches.
func (p *Program) Conflict(f, g Footprint) bool {
	for len(f) > 0 && len(g) > 0 {
		switch c := cmp.Compare(f[0].class, g[0].class); {
		case c < 0:
			f = f[1:]
		case c > 0:
			g = g[1:]
		case p.meet(f[0].written, g[0].touched) || p.meet(g[0].written, f[0].touched):
			return true
		default:
			f, g = f[1:], g[1:]
		}
	}
	return false
}
