package memory

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// operand is an argument of a call of code outside: where it comes from, the types that it may
// have, and the value in the code, if there is one.
type operand struct {
	own    []facts.Source
	types  []types.Type
	refers bool
	value  ssa.Value
}

// handover is a call of a function outside.
type handover struct {
	*writer
	id      facts.ID
	path    string
	pkg     *types.Package
	conduct *stdmodel.Conduct
	// unknown says that nothing is known of the function: then it reads and changes what others
	// hold for the module, too.
	unknown bool
	// sig is the signature of the instance that is called, generic that of the function itself.
	sig, generic *types.Signature
	first        []facts.Source
	all          []facts.Source
	operands     []operand
	// result numbers what the call returns, and back what the functions of the user's return that it
	// calls: its own errors may be theirs. returned are the types of what they return.
	result, back results
	returned     []types.Type
	// handsOn says that the function gets more than its arguments: what functions that it is given
	// pass to those that it makes for them.
	handsOn bool
}

// give hands the arguments over; n numbers the results.
func (h *handover) give(operands []operand, n results) {
	h.operands, h.result, h.back.err = operands, n, n.err
	for _, a := range operands {
		if a.refers {
			h.all = join(h.all, join(a.own, deep(a.own)))
		}
	}
	if slices.ContainsFunc(operands, h.callable) || h.keepsSomething() {
		h.back.value = h.withinResult()
		if h.back.err == 0 {
			h.back.err = h.back.value
		}
		h.all = join(h.all, h.given())
	}
	for i, a := range operands {
		h.argument(i, a)
	}
	h.callsHeld(operands)
	h.hiddenState()
	h.looksAtReturned()
	if n.value+n.err > 0 {
		h.makesResults()
	}
}

// argument says what happens to one argument.
func (h *handover) argument(i int, a operand) {
	if i == 0 {
		h.first = a.own
	}
	if !a.refers {
		return
	}
	if a.value != nil {
		h.hand(a.value, h.handedKey)
	} else {
		h.handAny(a.types[0], h.handedKey)
	}
	own, all := a.own, join(a.own, deep(a.own))
	for _, t := range a.types {
		h.load(all, []int{h.reachOf(t)})
		if h.conduct.All.Has(i) {
			if h.conduct.Reflects {
				h.writes(own, t, h.reachOf(t))
			} else {
				h.writes(own, t, h.visibleOf(t))
			}
		}
		if h.conduct.State.Has(i) {
			h.writes(own, t, h.statesOf(t))
		}
		if h.conduct.Own.Has(i) {
			h.store(own, nil, h.ownMemory(t))
		}
		if h.conduct.Appends.Has(i) {
			h.appends(own, t, a.value)
		}
		h.calls(i, t, a)
	}
	if h.conduct.Near.Has(i) {
		h.store(all, nil, []int{h.location(stateOf(h.path))})
	}
	if h.conduct.Tries.Has(i) {
		h.load(all, []int{h.location(stateOf(lockState))})
	}
	if h.conduct.Locks.Has(i) {
		h.store(all, nil, []int{h.location(stateOf(lockState))})
	}
	if h.conduct.Any.Has(i) {
		h.mayStore(all, []int{h.location(facts.Anything)})
	}
	if h.conduct.Into.Has(i) && i > 0 {
		h.keep(h.first, all)
	}
	if h.conduct.Fills.Has(i) {
		h.keep(all, h.all)
	}
	if h.conduct.Keeps.Has(i) {
		h.keep([]facts.Source{h.module()}, own)
	}
}

// lockState is the location of whether locks are locked.
const lockState = "sync.Locker"

// writes writes to a location of all that a value of a type reaches. It does so for certain to what
// the value itself points to, if the function knows that type: what it has as an interface it
// calls, and what lies behind may be there or not.
func (h *handover) writes(own []facts.Source, t types.Type, location int) {
	if h.unknown || h.conduct.Reflects || types.IsInterface(t) {
		h.mayStore(join(own, deep(own)), []int{location})
		return
	}
	h.store(own, nil, []int{location})
	h.mayStore(deep(own), []int{location})
}

// ownMemory is what a value of a type points to itself.
func (h *handover) ownMemory(t types.Type) []int {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return h.elements(t)
	}
	var found []int
	add := func(l int) { found = append(found, l) }
	if !isStruct(p.Elem()) {
		add(h.pointeeLocation(p.Elem()))
	}
	h.whole(p.Elem(), add)
	return found
}

// module is what the module of the function keeps in its variables; unknown if nobody knows which
// module it is.
func (h *handover) module() facts.Source {
	if h.isLocal(h.path) || h.path == "" {
		return facts.NewSource(facts.UnknownSource, 0, false)
	}
	return h.hidden(h.part())
}

// part is what the function works on of what its package hides.
func (h *handover) part() string { return stdmodel.PartOf(h.path, h.conduct) }

// hiddenState reads and changes what the package hides. A function of the standard library of which
// nothing is known may read the state of the process, too.
func (h *handover) hiddenState() {
	var anything []int
	if h.unknown {
		anything = []int{h.location(facts.Anything)}
	}
	touched := func(module string) []int {
		return append(anything, h.location(facts.HiddenLocation+module))
	}
	if h.conduct.Part != "" { // which users can reach by its variable
		anything = append(anything, h.location(stateOf(h.path)))
	}
	hidden, module := h.module(), h.Hidden(h.part())
	if h.conduct.Reads {
		h.load([]facts.Source{hidden}, touched(module))
	}
	if (h.unknown || h.conduct.Process) && stdmodel.IsPath(h.path) && module != stdmodel.ProcessState {
		h.load([]facts.Source{h.hidden(stdmodel.ProcessState)}, touched(stdmodel.ProcessState))
	}
	if h.conduct.Changes {
		h.store([]facts.Source{hidden}, nil, touched(module))
	}
	if h.conduct.Prints {
		stdout := h.global(facts.ID{Package: "os", Name: "Stdout"})
		h.mayStore([]facts.Source{facts.NewSource(facts.GlobalSource, stdout, true)}, []int{h.location(stateOf("os"))})
	}
}

// load notes that the function reads memory.
func (h *handover) load(base []facts.Source, locations []int) {
	if len(base) > 0 && len(locations) > 0 {
		h.op(facts.Op{Kind: facts.OpLoad, Base: base, Locations: locations, Sunk: h.conduct.Logs})
	}
}

// makesResults says what the results are.
func (h *handover) makesResults() {
	o := facts.Op{Kind: facts.OpMake, Result: h.result.value, Error: h.result.err}
	switch {
	case h.conduct.Copies, h.conduct.Self:
	case h.conduct.Clones:
		if h.clonesRefer() {
			o.Value = deep(h.all)
		}
	case h.conduct.Holds != 0:
		o.Value = h.holds()
	default:
		o.Value = h.all
	}
	switch {
	case h.conduct.Same:
		o.Base = h.all
	case h.conduct.Self:
		o.Base = h.first
	}
	if h.passesOn() {
		o.Base = join(o.Base, h.given())
	}
	if h.handsOn {
		o.Base = join(o.Base, unknownSource)
		o.Value = join(o.Value, unknownSource)
		for v := range h.sig.Results().Variables() {
			if made, ok := v.Type().Underlying().(*types.Signature); ok {
				h.madeOutside(made)
			}
		}
	}
	if h.conduct.Keeps != 0 || h.conduct.Same && (h.conduct.Changes || h.conduct.Reads) {
		if !h.unknown && o.Error > 0 { // its errors are no memory that it keeps
			h.op(facts.Op{Kind: facts.OpMake, Error: o.Error, Base: o.Base, Value: o.Value})
			o.Error = 0
		}
		o.Base = join(o.Base, []facts.Source{h.module()})
	}
	if h.unknown && h.runs() { // it may return what that panics with
		o.Base = join(o.Base, []facts.Source{h.panicking()})
	}
	if o.Frozen = h.conduct.Frozen; o.Frozen {
		o.Base, o.Value = join(o.Base, o.Value), nil // what nobody changes is as good as what it leads to
	}
	for v := range h.sig.Results().Variables() {
		if made, ok := v.Type().Underlying().(*types.Signature); ok {
			h.made(made, h.unknown)
		}
	}
	h.op(o)
}

// runs reports whether the function gets a function.
func (h *handover) runs() bool {
	for v := range h.sig.Params().Variables() {
		if _, ok := elementOf(v.Type()).Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// holds are the sources of what the results may hold, where the model says so.
func (h *handover) holds() []facts.Source {
	held := h.given()
	for i, a := range h.operands {
		if h.conduct.Holds.Has(i) && a.refers {
			held = join(held, join(a.own, deep(a.own)))
		}
	}
	return held
}

// clonesRefer reports whether what is in the slices and maps of the results may lead to memory.
func (h *handover) clonesRefer() bool {
	for v := range h.sig.Results().Variables() {
		switch t := coreOf(v.Type()).(type) {
		case *types.Slice:
			if refers(t.Elem()) {
				return true
			}
		case *types.Map:
			if refers(t.Key()) || refers(t.Elem()) {
				return true
			}
		case *types.Basic:
		default:
			return true
		}
	}
	return false
}

// appends appends to a slice.
func (h *handover) appends(own []facts.Source, t types.Type, v ssa.Value) {
	spare := v == nil || !isCut(v, map[ssa.Value]bool{})
	if len(own) > 0 {
		h.op(facts.Op{Kind: facts.OpStore, Base: own, Locations: h.elements(t), Spare: spare})
	}
}
