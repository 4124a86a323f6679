package effects

import (
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// View is what some code can see of memory: what it reads, and through which variables. It begins empty.
type View struct {
	p *Program
	// reads are the locations of memory of which nobody knows whose it is, through those that are read through classes of variables, by class.
	reads   bitset
	through map[int32]bitset
	// shared are the locations that are read of memory which unknown code may have.
	shared bitset
}

// View returns an empty view.
func (p *Program) View() *View { return &View{p: p, through: map[int32]bitset{}} }

// Add adds what a declaration reads, and reports whether that is more than was known.
func (v *View) Add(id facts.ID) bool {
	u := v.p.units[id]
	if u == nil {
		return false
	}
	grew := v.reads.addAll(u.reads)
	v.shared.addAll(u.reads)
	for class, locations := range u.readThrough {
		grew = v.addThrough(class, locations) || grew
	}
	return grew
}

func (v *View) addThrough(class int32, locations bitset) bool {
	set := v.through[class]
	grew := set.addAll(locations)
	v.through[class] = set
	if v.p.leaky[class] {
		v.shared.addAll(locations)
	}
	return grew
}

// Sees reports whether something that a declaration writes to memory can be seen, and by which variable. Of a declaration that the program does
// not seem to run while it begins, only that counts which it writes to variables that are mentioned.
func (v *View) Sees(id facts.ID, begins bool) (facts.ID, bool) {
	u := v.p.units[id]
	if u == nil {
		return facts.ID{}, false
	}
	for _, class := range u.classes {
		written := u.through[class]
		if !begins && !v.p.users[class] {
			continue
		}
		if v.p.meet(written, v.through[class]) {
			return v.p.nameOf(class), true
		}
		if v.p.leaky[class] {
			if begins && v.p.meet(written, v.reads) {
				return v.p.nameOf(class), true
			}
		}
	}
	return facts.ID{}, begins && v.p.meet(u.writes, v.shared)
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
	return ok && (written.has(int(all)) && read.minus(p.hidden) != nil || read.has(int(all)) && written.minus(p.hidden) != nil)
}

// Writers are the declarations that write to memory that others know, in order.
func (p *Program) Writers() []facts.ID {
	var found []facts.ID
	for id, u := range p.units {
		if len(u.through) > 0 || !u.writes.empty() {
			found = append(found, id)
		}
	}
	slices.SortFunc(found, facts.ID.Compare)
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
	own := p.locations[globalLocation(variable)]
	reach := p.reachOf(p.held[g])
	behind := facts.ID{Package: variable.Package, Name: variable.Name + behindMark}
	b, led := p.globals[behind]
	led = led && p.members[p.find(b)] == 1
	var found []facts.ID
	for id, u := range p.units {
		if id == variable {
			continue
		}
		if u.through[p.find(g)].has(int(own)) || led && u.through[p.find(b)].meets(reach) {
			found = append(found, id)
		}
	}
	slices.SortFunc(found, facts.ID.Compare)
	return found
}

// CalledBy are the names by which a declaration can be called: its own, and the keys of interfaces and function values that it may stand behind.
func (p *Program) CalledBy(id facts.ID) []string {
	if u := p.units[id]; u != nil {
		return u.calledBy
	}
	return nil
}

// Calls are the names by which a declaration calls others.
func (p *Program) Calls(id facts.ID) []string {
	if u := p.units[id]; u != nil {
		return u.calls
	}
	return nil
}

// Called are the declarations that can be called by a name.
func (p *Program) Called(name string) []facts.ID { return p.calledAs[name] }

// CallersOf are the declarations that call by a name.
func (p *Program) CallersOf(name string) []facts.ID { return p.callersOf[name] }

// Params is the number of parameters of a function, with the receiver.
func (p *Program) Params(fn facts.ID) int {
	if b := p.bodies[facts.BodyName(fn)]; b != nil {
		return len(b.Params) - b.Free
	}
	return 0
}

// ParamReads reports whether a function reads a location of memory that its parameters lead to: one of them, a receiver being 0, or any if
// param is negative.
func (p *Program) ParamReads(fn facts.ID, param int, location string) bool {
	l, ok := p.locations[location]
	b := p.bodies[facts.BodyName(fn)]
	if !ok || b == nil {
		return false
	}
	for k, locations := range b.sum.reads {
		if (param < 0 || k/2 == param) && locations.has(int(l)) {
			return true
		}
	}
	return false
}

// ParamChanges reports whether a function writes to a location of memory that a parameter leads to.
func (p *Program) ParamChanges(fn facts.ID, param int, location string) bool {
	l, ok := p.locations[location]
	b := p.bodies[facts.BodyName(fn)]
	if !ok || b == nil {
		return false
	}
	for k, w := range b.sum.writes {
		if k/2 == param && w != nil && w.real.has(int(l)) {
			return true
		}
	}
	return false
}

// ReadIn is the first place where the text of a declaration reads a location.
func (p *Program) ReadIn(id facts.ID, location string) (line, column int, ok bool) {
	l, known := p.locations[location]
	if !known || p.units[id] == nil {
		return 0, 0, false
	}
	for _, name := range p.units[id].calledBy {
		b := p.bodies[name]
		if b == nil {
			continue
		}
		for i := range b.Ops {
			o := &b.Ops[i]
			if o.Kind != facts.OpLoad || !b.ops[i].has(int(l)) || o.Unit >= len(b.Units) || !slices.Contains(b.Units[o.Unit], id) {
				continue
			}
			if !ok || o.Line < line || o.Line == line && o.Column < column {
				line, column, ok = o.Line, o.Column, true
			}
		}
	}
	return line, column, ok
}

// ParamWrite is a write to memory of a parameter, with how it comes about: from call to call to the place where it happens.
type ParamWrite struct {
	// Functions are the names of the functions on the way, the one that was asked for first.
	Functions    []facts.ID
	Line, Column int
	// Last is the function in which the place is.
	Last facts.ID
	// Sure says that code of the user's writes there, or of the standard library as the model says, by static calls alone. What is not sure may
	// happen: by a dynamic call, or in code that nobody sees.
	Sure bool
}

// ParamWrites returns how a function writes to memory that a parameter leads to, a receiver being 0; nil if it does not.
func (p *Program) ParamWrites(fn facts.ID, param int) *ParamWrite {
	b := p.bodies[facts.BodyName(fn)]
	if b == nil || param >= len(b.Params) {
		return nil
	}
	p.asking.Lock()
	defer p.asking.Unlock()
	reach, held := p.reachOf(b.Params[param]), p.leadsTo(b.Params[param])
	var found *ParamWrite
	for depth := range 2 {
		k := 2*param + depth
		if k >= len(b.sum.writes) || b.sum.writes[k] == nil {
			continue
		}
		for l := range b.sum.writes[k].real.all() {
			var opened bitset
			p.open(int32(l), &opened, false)
			if p.names[l] != facts.Anything && !opened.meets(reach) {
				continue
			}
			w := p.explain(fn, b, k, l)
			w.Sure = w.Sure && opened.meets(held)
			if w.Sure {
				return w
			}
			if found == nil {
				found = w
			}
		}
	}
	return found
}

func (p *Program) explain(fn facts.ID, b *body, k, l int) *ParamWrite {
	found := &ParamWrite{Functions: []facts.ID{fn}, Last: fn, Sure: true}
	at := fn
	seen := map[*body]bool{}
	for !seen[b] {
		seen[b] = true
		if k >= len(b.sum.writes) || b.sum.writes[k] == nil {
			break
		}
		cause, ok := b.sum.writes[k].because(l)
		if !ok {
			found.Sure = false
			break
		}
		if cause.Line == 0 { // of another module, whose code nobody sees
			found.Sure = false
			break
		}
		found.Line, found.Column, found.Last = cause.Line, cause.Column, at
		if cause.Outside != (facts.ID{}) {
			found.Functions = append(found.Functions, cause.Outside)
			found.Sure = found.Sure && stdmodel.IsPath(cause.Outside.Package)
			break
		}
		if cause.Through == "" {
			break
		}
		k = 2 * cause.Param
		if cause.Deep {
			k++
		}
		found.Sure = found.Sure && p.bodies[cause.Through] != nil
		if b = p.callee(cause.Through, k, l, seen); b == nil {
			found.Sure = false
			break
		}
		if path, name, ok := strings.Cut(b.Name, "\x00"); ok && !strings.HasPrefix(name, "(") {
			at = facts.ID{Package: path, Name: name}
			found.Functions = append(found.Functions, at)
		}
	}
	return found
}

// callee is the body with a name, or one that is called by a key and writes there, other than those that were seen.
func (p *Program) callee(name string, k, l int, seen map[*body]bool) *body {
	if b := p.bodies[name]; b != nil {
		return b
	}
	m := p.keys[name]
	if m == nil {
		return nil
	}
	for _, b := range m.bodies {
		if !seen[b] && k < len(b.sum.writes) && b.sum.writes[k] != nil {
			if _, ok := b.sum.writes[k].because(l); ok {
				return b
			}
		}
	}
	return nil
}
