package effects

import (
	"maps"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Unit is what one declaration does to memory that others know, with its function literals.
type Unit struct {
	ID facts.ID
	// Number counts units from 0, in no order that means something.
	Number int
	// reads and writes are the accesses that it makes, by their numbers, in order of their classes.
	reads, writes []int32
	// sunk are reads that decide nothing but what it writes.
	sunk []int32
	// names are those by which it can be called: of its bodies, and the keys of interfaces and function values that it may stand behind. calls are the
	// names by which it calls.
	names, calls []*name
	// sunkCalls are those of calls that what is sunk decides about.
	sunkCalls []*name

	open *opened // while units are made
}

// name is one by which code is called, with who can be called so and who calls so.
type name struct {
	text            string
	number          int
	called, callers []*Unit

	undeclared []*body // that it calls, once somebody looked
	looked     bool
}

// opened is what a unit does by locations: to memory of which nobody knows whose it is, and to what classes of variables lead to.
type opened struct {
	reads, sunk, writes               bitset
	readThrough, sunkThrough, through map[int32]bitset
}

// access is the locations that are read or written of the memory of one class of variables. Many units have the same.
type access struct {
	class     int32 // or nobody
	locations bitset
}

// nobody is the class of memory of which nobody knows whose it is.
const nobody = -1

// HasSunk reports whether a declaration reads something that decides nothing but what it writes.
func (u *Unit) HasSunk() bool { return len(u.sunk) > 0 }

// finish finds what units do, once all is known of bodies.
func (p *Program) finish() {
	p.findMembers()
	for _, b := range p.order {
		for i := range b.effects {
			if i >= len(b.Units) {
				continue
			}
			for _, id := range b.Units[i] {
				p.addUnit(id, b, i)
			}
		}
	}
	known := map[string]int32{}
	for _, u := range p.units {
		u.reads = p.accesses(known, u.open.reads, u.open.readThrough)
		u.sunk = p.accesses(known, u.open.sunk, u.open.sunkThrough)
		u.writes = p.accesses(known, u.open.writes, u.open.through)
		u.open = nil
	}
}

// findMembers finds how many variables each class has, and which have some of the user's.
func (p *Program) findMembers() {
	for g := range p.class {
		p.class[g] = p.find(int32(g))
	}
	for g := range p.class {
		p.members[p.find(int32(g))]++
	}
	for g := range p.held {
		p.users[p.find(g)] = true
		if b := p.behinds[g]; b >= 0 {
			p.users[p.find(b)] = true
		}
	}
}

func (p *Program) addUnit(id facts.ID, b *body, group int) {
	u := p.byID[id]
	if u == nil {
		u = &Unit{ID: id, Number: len(p.units), open: &opened{readThrough: map[int32]bitset{}, sunkThrough: map[int32]bitset{}, through: map[int32]bitset{}}}
		p.byID[id] = u
		p.units = append(p.units, u)
	}
	p.addEffects(u, b, group, false, map[asked]bool{})
	for _, called := range append([]string{b.Name}, b.keys...) {
		if n := p.name(called); !slices.Contains(u.names, n) {
			u.names = append(u.names, n)
			n.called = append(n.called, u)
		}
	}
}

// addEffects adds what a group of a body's operations does to a unit. What is called that is part of no declaration, such as a method expression
// or a function outside that is used as a value, does what it does as part of who calls it.
func (p *Program) addEffects(u *Unit, b *body, group int, sunk bool, seen map[asked]bool) {
	e := &b.effects[group]
	reads, readThrough := &u.open.reads, u.open.readThrough
	if sunk {
		reads, readThrough = &u.open.sunk, u.open.sunkThrough
	}
	p.openAll(e.reads, reads, false)
	p.openAll(e.sunk, &u.open.sunk, false)
	p.openAll(e.writes, &u.open.writes, true)
	p.openThrough(b, e.readThrough, readThrough, false)
	p.openThrough(b, e.sunkThrough, u.open.sunkThrough, false)
	p.openThrough(b, e.through, u.open.through, true)
	for i := range b.Ops {
		o := &b.Ops[i]
		if o.Unit != group || o.Kind != facts.OpInvoke {
			continue
		}
		called := o.Callee
		if called == "" {
			called = o.Key
		}
		n := p.name(called)
		if !slices.Contains(u.calls, n) {
			u.calls = append(u.calls, n)
			n.callers = append(n.callers, u)
		}
		if o.May && !slices.Contains(u.sunkCalls, n) {
			u.sunkCalls = append(u.sunkCalls, n)
		}
		for _, c := range p.undeclared(n) {
			if how := (asked{c, sunk || o.Sunk}); !seen[how] {
				seen[how] = true
				for i := range c.effects {
					p.addEffects(u, c, i, how.sunk, seen)
				}
			}
		}
	}
}

// asked is a body that a declaration calls, and whether what it reads is sunk.
type asked struct {
	*body
	sunk bool
}

// openThrough opens locations by the classes of the variables through which a body reads or writes them.
func (p *Program) openThrough(b *body, through []locations, to map[int32]bitset, write bool) {
	for n, locations := range through {
		class := p.find(b.globals[n])
		set := to[class]
		p.openAll(locations, &set, write)
		to[class] = set
	}
}

// undeclared are the bodies that may be called by a name and are part of no declaration. Methods of what code outside made are none: nobody's
// code runs in them.
func (p *Program) undeclared(called *name) []*body {
	if called.looked {
		return called.undeclared
	}
	called.looked = true
	add := func(b *body) {
		declared := slices.ContainsFunc(b.Units, func(ids []facts.ID) bool { return len(ids) > 0 })
		if !declared && !strings.HasPrefix(b.Name, facts.ForeignName) {
			called.undeclared = append(called.undeclared, b)
		}
	}
	if b := p.bodies[called.text]; b != nil {
		add(b)
	}
	if m := p.keys[called.text]; m != nil {
		for _, b := range m.bodies {
			add(b)
		}
	}
	return called.undeclared
}

func (p *Program) name(s string) *name {
	n := p.called[s]
	if n == nil {
		n = &name{text: s, number: len(p.called)}
		p.called[s] = n
	}
	return n
}

// accesses numbers what a unit reads or writes, in order of classes.
func (p *Program) accesses(known map[string]int32, unknown bitset, through map[int32]bitset) []int32 {
	var numbers []int32
	add := func(class int32, locations bitset) {
		if locations.empty() {
			return
		}
		key := string(locations.append([]byte{byte(class), byte(class >> 8), byte(class >> 16), byte(class >> 24)}))
		n, ok := known[key]
		if !ok {
			n = int32(len(p.accessed))
			known[key] = n
			p.accessed = append(p.accessed, access{class, locations})
		}
		numbers = append(numbers, n)
	}
	for _, class := range slices.Sorted(maps.Keys(through)) {
		add(class, through[class])
	}
	add(nobody, unknown)
	return numbers
}
