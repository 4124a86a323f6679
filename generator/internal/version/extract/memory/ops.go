package memory

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// body describes one function.
func (x *extractor) body(f *ssa.Function) {
	w := &writer{tracer: x.trace(f), body: &facts.Body{Name: x.bodyName(f), Free: len(f.FreeVars)}, pos: f.Pos()}
	for _, p := range f.Params {
		w.body.Params = append(w.body.Params, x.typeRow(p.Type()))
	}
	for _, v := range f.FreeVars {
		w.body.Params = append(w.body.Params, x.typeRow(v.Type()))
	}
	w.divide()
	for _, b := range f.Blocks {
		for _, in := range b.Instrs {
			w.at = in
			w.instruction(in)
		}
	}
	w.body.Allocs = len(w.allocs)
	if w.many {
		w.body.Allocs++
	}
	x.effects.Bodies = append(x.effects.Bodies, w.body)
}

// writer writes the operations of one function.
type writer struct {
	*tracer
	body *facts.Body
	// at is the instruction that is looked at, unitOf the group of units of each.
	at     ssa.Instruction
	unitOf map[ssa.Instruction]int
	// pos is the last place that was known.
	pos token.Pos
	// doing is the function of another module of which the operations are.
	doing facts.ID
}

// divide finds the declarations that instructions are part of. Those of a package's initialiser and of main are part of several; an
// instruction without a place belongs to the next one that has one.
func (w *writer) divide() {
	w.unitOf = map[ssa.Instruction]int{}
	if !w.isDivided() {
		w.body.Units = [][]facts.ID{w.units()}
		return
	}
	known := map[string]int{}
	group := func(pos token.Pos) int {
		if !pos.IsValid() {
			return -1
		}
		ids := w.Units(pos)
		if len(ids) == 0 {
			return -1
		}
		key := ids[0].Package + "\x00" + ids[0].Name
		n, ok := known[key]
		if !ok {
			n = len(w.body.Units)
			known[key] = n
			w.body.Units = append(w.body.Units, ids)
		}
		return n
	}
	last := -1
	var pending []ssa.Instruction
	for _, b := range w.f.Blocks {
		for _, in := range b.Instrs {
			g := group(in.Pos())
			if g < 0 {
				pending = append(pending, in)
				continue
			}
			w.unitOf[in], last = g, g
			for _, p := range pending {
				w.unitOf[p] = g
			}
			pending = nil
		}
	}
	if last < 0 {
		w.body.Units = [][]facts.ID{nil}
		last = 0
	}
	for _, p := range pending {
		w.unitOf[p] = last
	}
}

func (w *writer) isDivided() bool {
	if w.f.Parent() != nil {
		return false
	}
	return w.f.Synthetic == "package initializer" || isInit(w.f) || w.f.Name() == "main" && w.Types.Name() == "main" && w.f.Signature.Recv() == nil
}

func isInit(f *ssa.Function) bool {
	o, ok := f.Object().(*types.Func)
	return ok && o.Name() == "init" && o.Signature().Recv() == nil
}

// units are the declarations that a whole function is part of.
func (w *writer) units() []facts.ID {
	if o := declared(w.f); o != nil {
		return []facts.ID{w.IDOf(o)}
	}
	if w.f.Pos().IsValid() && !isWrapper(w.f) {
		return w.Units(w.f.Pos())
	}
	return nil
}

func (w *writer) op(o facts.Op) {
	o.Outside = w.doing
	if w.at == nil {
		w.body.Ops = append(w.body.Ops, o)
		return
	}
	o.Unit = w.unitOf[w.at]
	if pos := w.at.Pos(); pos.IsValid() {
		w.pos = pos
	}
	if p := w.Fset.PositionFor(w.pos, false); p.IsValid() {
		o.Line, o.Column = p.Line, p.Column
	}
	w.body.Ops = append(w.body.Ops, o)
}

// load notes that memory is read.
func (w *writer) load(base []facts.Source, locations []int) {
	if len(base) > 0 && len(locations) > 0 {
		w.op(facts.Op{Kind: facts.OpLoad, Base: base, Locations: locations})
	}
}

// store notes that memory is written to. What base can't be told of holds is ignored: nil has no memory.
func (w *writer) store(base, value []facts.Source, locations []int) {
	if len(base) > 0 {
		w.op(facts.Op{Kind: facts.OpStore, Base: base, Value: value, Locations: locations})
	}
}

// mayStore stores what nobody knows, or nothing.
func (w *writer) mayStore(base []facts.Source, locations []int) {
	if len(base) > 0 {
		w.op(facts.Op{Kind: facts.OpStore, Base: base, Locations: locations, May: true})
	}
}

func (w *writer) keep(base, value []facts.Source) {
	if len(base) > 0 && len(value) > 0 {
		w.op(facts.Op{Kind: facts.OpKeep, Base: base, Value: value})
	}
}

func (w *writer) leak(value []facts.Source) {
	if len(value) > 0 {
		w.op(facts.Op{Kind: facts.OpLeak, Base: value})
	}
}

func join(a, b []facts.Source) []facts.Source {
	if len(b) == 0 {
		return a
	}
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
