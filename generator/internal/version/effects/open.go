package effects

import (
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// openedSet is a set of locations that was opened, to be read or written.
type openedSet struct {
	set   locations
	write bool
}

// openAll opens locations. Many declarations read the same.
func (p *Program) openAll(set locations, to *bitset, write bool) {
	key := openedSet{set, write}
	opened, ok := p.openedSets[key]
	if !ok {
		opened = bitset{}
		for l := range p.sets.all(set) {
			p.open(l, &opened, write)
		}
		p.openedSets[key] = opened
	}
	to.addAll(opened)
}

// open adds a location and all that it stands for or that may be the same memory: a pointer may lead to anything whose address is taken, and a
// type parameter stands for any type.
func (p *Program) open(l int32, to *bitset, write bool) {
	to.add(int(l))
	p.openName(l, to)
	for _, other := range p.same[l] {
		to.add(int(other))
		if other != l {
			p.openName(other, to)
		}
	}
	if p.unsafely.has(int(l)) {
		to.add(int(p.locations[unsafeLocation]))
	}
	if write {
		// What is loaded through a pointer may be what is stored here.
		for _, t := range p.takenAs[l] {
			to.add(int(t))
			for _, other := range p.same[t] {
				to.add(int(other))
			}
		}
	}
}

// openName adds what a location stands for by its name.
func (p *Program) openName(l int32, to *bitset) {
	name := p.names[l]
	kind, key, _ := strings.Cut(name, ":")
	switch kind {
	case "P":
		for _, taken := range []numbers{p.taken[key], p.takenWild} {
			for _, t := range taken {
				p.open(t, to, false)
			}
		}
		p.openWild('P', name, to)
	case "F":
		if name == facts.AnyField {
			p.openWild('F', name, to)
		}
	case "E", "M", "C":
		p.openWild(kind[0], name, to)
	case "O":
		if name == facts.ForeignState { // a value that code outside made may hold any other
			for _, state := range p.byKind('O') {
				to.add(int(state))
			}
		}
	case "R", "S", "V":
		to.addAll(p.opening(l, kind[0], key))
	}
}

// openWild adds the locations that a name with type parameters may stand for.
func (p *Program) openWild(kind byte, name string, to *bitset) {
	if !strings.Contains(name, "?") {
		return
	}
	for _, l := range p.byKind(kind) {
		if to.add(int(l)) && kind == 'P' && !strings.Contains(p.names[l], "?") {
			p.open(l, to, false)
		}
	}
}

// byKind are all locations of a kind.
func (p *Program) byKind(kind byte) numbers {
	if p.kinds == nil {
		p.kinds = map[byte]numbers{}
		for l, name := range p.names {
			if len(name) > 1 && name[1] == ':' {
				p.kinds[name[0]] = append(p.kinds[name[0]], int32(l))
			}
		}
	}
	return p.kinds[kind]
}

// opening is what a location stands for that is named by a type.
func (p *Program) opening(l int32, kind byte, key string) bitset {
	if known, ok := p.opened[l]; ok {
		return known
	}
	r := p.reachOf(key)
	found := bitset{}
	for n := range r.all() {
		name := p.names[n]
		switch kind {
		case 'S':
			if !strings.HasPrefix(name, facts.StateLocation) {
				continue
			}
		case 'V':
			if strings.Contains(name, facts.LocalMark) {
				continue
			}
		}
		found.add(n)
	}
	p.opened[l] = found
	return found
}

// reachOf are the locations that can be reached from values of a type.
func (p *Program) reachOf(key string) bitset {
	if known, ok := p.reached[key]; ok {
		return known
	}
	found := bitset{}
	seen := map[string]bool{}
	queue := []string{key}
	add := func(key string) {
		if !seen[key] {
			seen[key] = true
			queue = append(queue, key)
		}
	}
	seen[key] = true
	for len(queue) > 0 {
		t := p.types[queue[len(queue)-1]]
		queue = queue[:len(queue)-1]
		if t == nil {
			continue
		}
		if t.Any {
			found = p.everything()
			break
		}
		for _, l := range t.locations {
			p.open(l, &found, false)
		}
		for _, behind := range t.Behind {
			add(behind)
		}
		if t.Interface {
			for _, c := range p.implementing(t.Methods) {
				add(c)
			}
		}
		if t.Signature != "" {
			for _, c := range p.capturedBy(t.Signature) {
				add(c)
			}
		}
	}
	p.reached[key] = found
	return found
}

// leadsTo is what values of a type lead to but for what is behind interfaces and in function values, which is known of no value for sure.
func (p *Program) leadsTo(key string) bitset {
	found := bitset{}
	queue, seen := []string{key}, map[string]bool{key: true}
	for len(queue) > 0 {
		t := p.types[queue[len(queue)-1]]
		queue = queue[:len(queue)-1]
		if t == nil || t.Any {
			continue
		}
		for _, l := range t.locations {
			p.open(l, &found, false)
		}
		for _, behind := range t.Behind {
			if !seen[behind] {
				seen[behind] = true
				queue = append(queue, behind)
			}
		}
	}
	return found
}

// implementing are the converted types that have the methods of an interface, by their names.
func (p *Program) implementing(methods []string) []string {
	id := strings.Join(methods, ";")
	if known, ok := p.implementers[id]; ok {
		return known
	}
	found := []string{}
	for _, c := range p.converted {
		if !slices.ContainsFunc(methods, func(m string) bool { return !c.methods[m] }) {
			found = append(found, c.key)
		}
	}
	p.implementers[id] = found
	return found
}

// everything is all that values may lead to. Variables whose address is taken are among what pointers lead to.
func (p *Program) everything() bitset {
	var all bitset
	for l, name := range p.names {
		if strings.HasPrefix(name, facts.GlobalLocation) || strings.HasPrefix(name, facts.HiddenLocation) || name == facts.Anything {
			continue // no memory behind a value
		}
		all.add(l)
	}
	for _, taken := range p.taken {
		for _, l := range taken {
			all.add(int(l))
		}
	}
	return all
}

func globalLocation(id facts.ID) string { return facts.GlobalLocation + id.Package + "\x00" + id.Name }
