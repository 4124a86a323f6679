package effects

import (
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// View is what some code can see of memory: what it reads, and through which variables. It begins empty.
type View struct {
	p *Program
	// added are the accesses that were added, by number.
	added bitset
	// reads are the locations of memory of which nobody knows whose it is, through those that are read through classes of variables, by class.
	reads   bitset
	through map[int32]*bitset
	// shared are the locations that are read of memory which unknown code may have.
	shared bitset
	// edition counts how often more was seen; seen are the answers of [View.sees], by access.
	edition int
	seen    []sight
}

// Stage says when a declaration may run.
type Stage uint8

// The stages of a program.
const (
	Late         Stage = iota // nothing that runs while a program begins seems to call it
	Started                   // main may run it, or what main starts
	Initialising              // initialisers may run it
)

// sight is how an access can be seen: by what is read through the variables of its class, or by what is read of memory of unknown origin.
type sight struct {
	edition         int
	through, shared bool
}

// View returns an empty view.
func (p *Program) View() *View {
	return &View{p: p, through: map[int32]*bitset{}, edition: 1, seen: make([]sight, len(p.accessed))}
}

// Add adds what a declaration reads, and reports whether that is more than was known.
func (v *View) Add(u *Unit) bool { return v.addAll(u.reads) }

// AddSunk adds what a declaration reads that decides nothing but what it writes, and reports whether that is more than was known. It matters once somebody
// sees that.
func (v *View) AddSunk(u *Unit) bool { return v.addAll(u.sunk) }

func (v *View) addAll(accesses []int32) bool {
	grew := false
	for _, n := range accesses {
		if v.added.add(int(n)) {
			grew = v.add(&v.p.accessed[n]) || grew
		}
	}
	if grew {
		v.edition++
	}
	return grew
}

func (v *View) add(a *access) bool {
	if a.class == nobody {
		v.shared.addAll(a.locations)
		return v.reads.addAll(a.locations)
	}
	if v.p.leaky[a.class] {
		v.shared.addAll(a.locations)
	}
	set := v.through[a.class]
	if set == nil {
		set = new(bitset)
		v.through[a.class] = set
	}
	return set.addAll(a.locations)
}

// Sees reports whether something that a declaration writes to memory can be seen, and by which
// variable. Of a declaration that the program does not seem to run while it begins, only that
// counts which it writes to variables that are mentioned. Only initialisers change the state of the
// process: what anybody does to files and to the environment later is the outside world, of which
// reading it warns.
func (v *View) Sees(u *Unit, stage Stage) (facts.ID, bool) {
	for _, n := range u.writes {
		class := v.p.accessed[n].class
		if stage == Late && (class == nobody || !v.p.users[class] || !v.seesMentioned(n)) {
			continue
		}
		s := v.sees(n, stage == Initialising)
		switch {
		case class == nobody && s.shared:
			return facts.ID{}, true
		case s.through, stage > Late && s.shared:
			return v.p.nameOf(class), true
		}
	}
	return facts.ID{}, false
}

// SeesLogged reports whether something can be seen that the methods do which a declaration has called where it logs.
func (v *View) SeesLogged(u *Unit) bool {
	var called []*Unit
	for _, n := range u.sunkCalls {
		called = append(called, n.called...)
	}
	seen := false
	new(Walk).Down(called, func(u *Unit) {
		if !seen {
			_, seen = v.Sees(u, Initialising)
		}
	})
	return seen
}

// seesMentioned reports whether memory of variables is read that an access writes, other than what code outside hides.
func (v *View) seesMentioned(n int32) bool {
	a := &v.p.accessed[n]
	read := v.through[a.class]
	return read != nil && v.p.meet(a.locations.minus(v.p.hidden), read.minus(v.p.hidden))
}

// sees says how an access can be seen, with or without what it does to the state of the process.
func (v *View) sees(n int32, process bool) sight {
	a := &v.p.accessed[n]
	if !process && a.locations.meets(v.p.process) {
		return v.look(sight{}, a.class, a.locations.minus(v.p.process)) // of a few: nobody keeps it
	}
	s := &v.seen[n]
	if s.edition != v.edition {
		*s = v.look(*s, a.class, a.locations)
	}
	return *s
}

// look says how a write to locations through a class of variables can be seen, which it could as
// before: what is seen only grows.
func (v *View) look(before sight, class int32, written bitset) sight {
	now := before
	now.edition = v.edition
	if class == nobody {
		now.shared = now.shared || v.p.meet(written, v.shared)
		return now
	}
	if read := v.through[class]; read != nil && !now.through {
		now.through = v.p.meet(written, *read)
	}
	now.shared = now.shared || v.p.leaky[class] && v.p.meet(written, v.reads)
	return now
}

// nameOf is the first variable of a class, as far as it has a name.
func (p *Program) nameOf(class int32) facts.ID {
	id := p.ids[class]
	id.Name = strings.TrimSuffix(id.Name, behindMark)
	return id
}

// meet reports whether something is both written and read. A set with everything in it meets all but what modules outside hide.
func (p *Program) meet(written, read bitset) bool {
	if written.empty() || read.empty() {
		return false
	}
	if written.meets(read) {
		return true
	}
	all, ok := p.locations[facts.Anything]
	return ok && (written.has(int(all)) && !read.within(p.hidden) || read.has(int(all)) && !written.within(p.hidden))
}

// Units are what all declarations with effects do, by [Unit.Number].
func (p *Program) Units() []*Unit { return p.units }

// Unit is what a declaration does, or nil.
func (p *Program) Unit(id facts.ID) *Unit { return p.byID[id] }

// Writers are the declarations that write to memory that others know, in order.
func (p *Program) Writers() []*Unit {
	var found []*Unit
	for _, u := range p.units {
		if len(u.writes) > 0 {
			found = append(found, u)
		}
	}
	slices.SortFunc(found, func(a, b *Unit) int { return a.ID.Compare(b.ID) })
	return found
}

// WritersOf are the declarations that write to a variable, or to memory which it leads to, other than what is in it at first, in order. Memory that
// several variables may lead to is left out: it is not known that a writer means this one.
func (p *Program) WritersOf(variable facts.ID) []facts.ID {
	g, ok := p.globals[variable]
	if !ok {
		return nil
	}
	p.asking.Lock()
	defer p.asking.Unlock()
	if known, ok := p.writersOf[g]; ok {
		return known
	}
	own := p.locations[globalLocation(variable)]
	reach := p.reachOf(p.held[g])
	behind := facts.ID{Package: variable.Package, Name: variable.Name + behindMark}
	b, led := p.globals[behind]
	led = led && p.members[p.find(b)] == 1
	writes := func(n int32) bool {
		a := &p.accessed[n]
		return a.class == p.find(g) && a.locations.has(int(own)) || led && a.class == p.find(b) && a.locations.meets(reach)
	}
	var found []facts.ID
	for _, u := range p.units {
		if u.ID != variable && slices.ContainsFunc(u.writes, writes) {
			found = append(found, u.ID)
		}
	}
	slices.SortFunc(found, facts.ID.Compare)
	p.writersOf[g] = found
	return found
}
