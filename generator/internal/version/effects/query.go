package effects

import (
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

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
	return ok && b != nil && p.readsOf(b, param, l)
}

// ParamChanges reports whether a function writes to a location of memory that a parameter leads to.
func (p *Program) ParamChanges(fn facts.ID, param int, location string) bool {
	l, ok := p.locations[location]
	b := p.bodies[facts.BodyName(fn)]
	if !ok || b == nil {
		return false
	}
	for k, w := range b.sum.writes {
		if k/2 == param && w != nil && p.sets.has(w.real, l) {
			return true
		}
	}
	return false
}

// ReadIn is the first place where the text of a declaration reads a location.
func (p *Program) ReadIn(id facts.ID, location string) (line, column int, ok bool) {
	l, known := p.locations[location]
	if !known || p.byID[id] == nil {
		return 0, 0, false
	}
	for _, n := range p.byID[id].names {
		b := p.bodies[n.text]
		if b == nil {
			continue
		}
		for i := range b.Ops {
			o := &b.Ops[i]
			if o.Kind != facts.OpLoad || !p.sets.has(b.ops[i], l) || o.Unit >= len(b.Units) || !slices.Contains(b.Units[o.Unit], id) {
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
		for l := range p.sets.all(b.sum.writes[k].real) {
			var opened bitset
			p.open(l, &opened, false)
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
	if found == nil {
		found = p.writeThroughVariable(fn, b, param, reach)
	}
	return found
}

// ParamFills returns how a function writes for certain to memory that a parameter leads to, and that it does not read: somebody else is to find there
// what it makes. It is nil if there is no such memory.
func (p *Program) ParamFills(fn facts.ID, param int) *ParamWrite {
	b := p.bodies[facts.BodyName(fn)]
	if b == nil || param >= len(b.Params) {
		return nil
	}
	p.asking.Lock()
	defer p.asking.Unlock()
	held := p.leadsTo(b.Params[param])
	for k := 2 * param; k < min(2*param+2, len(b.sum.writes)); k++ {
		if b.sum.writes[k] == nil {
			continue
		}
		for l := range p.sets.all(b.sum.writes[k].sure) {
			var opened bitset
			p.open(l, &opened, false)
			if opened.meets(held) && isOwn(p.names[l]) && !p.readsOf(b, param, l) {
				return p.explain(fn, b, k, l)
			}
		}
	}
	return nil
}

// isOwn reports whether a location is one of values that code of the user's sees: the state of a handle is nothing that anybody looks for.
func isOwn(location string) bool {
	switch location[:min(2, len(location))] {
	case facts.FieldLocation, facts.ElementLocation, facts.MapLocation, facts.PointeeLocation:
		return true
	}
	return false
}

// readsOf reports whether a body reads a location of memory that a parameter leads to.
func (p *Program) readsOf(b *body, param int, l int32) bool {
	for _, reads := range [][]locations{b.sum.reads, b.sum.sunk} {
		for k, read := range reads {
			if (param < 0 || k/2 == param) && p.sets.has(read, l) {
				return true
			}
		}
	}
	return false
}

// writeThroughVariable returns how a function, or what it calls, writes to memory of a parameter through a package variable in which it was stored.
// What the parameter leads to is among reach.
func (p *Program) writeThroughVariable(fn facts.ID, b *body, param int, reach bitset) *ParamWrite {
	if param >= len(b.sum.content) || b.sum.content[param] == nil || p.byID[fn] == nil {
		return nil
	}
	var classes numbers
	for _, g := range b.sum.content[param].globals {
		if !p.isHidden(g) {
			classes.add(p.find(g))
		}
	}
	writes := func(n int32) bool {
		a := &p.accessed[n]
		return slices.Contains(classes, a.class) && a.locations.meets(reach)
	}
	if len(classes) == 0 {
		return nil
	}
	var writer *Unit
	new(Walk).Down([]*Unit{p.byID[fn]}, func(u *Unit) {
		if writer == nil && slices.ContainsFunc(u.writes, writes) {
			writer = u
		}
	})
	if writer == nil {
		return nil
	}
	found := &ParamWrite{Functions: []facts.ID{fn}, Last: writer.ID} // not for certain: variables are classes, and what is first is not known
	if writer.ID != fn {
		found.Functions = append(found.Functions, writer.ID)
	}
	return found
}

func (p *Program) explain(fn facts.ID, b *body, k int, l int32) *ParamWrite {
	found := &ParamWrite{Functions: []facts.ID{fn}, Last: fn, Sure: p.sets.has(b.sum.writes[k].sure, l)}
	at := fn
	seen := map[*body]bool{}
	for !seen[b] {
		seen[b] = true
		if k >= len(b.sum.writes) || b.sum.writes[k] == nil {
			break
		}
		cause, ok := p.because(b.sum.writes[k], l)
		if !ok || cause.Line == 0 { // of another module, whose code nobody sees
			break
		}
		found.Line, found.Column, found.Last = cause.Line, cause.Column, at
		if cause.Outside != (facts.ID{}) {
			found.Functions = append(found.Functions, cause.Outside)
			break
		}
		if cause.Through == "" {
			break
		}
		k = 2 * cause.Param
		if cause.Deep {
			k++
		}
		if b = p.callee(cause.Through, k, l, seen); b == nil {
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
func (p *Program) callee(name string, k int, l int32, seen map[*body]bool) *body {
	if b := p.bodies[name]; b != nil {
		return b
	}
	m := p.keys[name]
	if m == nil {
		return nil
	}
	for _, b := range m.bodies {
		if !seen[b] && k < len(b.sum.writes) && b.sum.writes[k] != nil {
			if _, ok := p.because(b.sum.writes[k], l); ok {
				return b
			}
		}
	}
	return nil
}
