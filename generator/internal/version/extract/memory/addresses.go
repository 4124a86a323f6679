package memory

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// locationsAt are the locations of what an address points to, accessed as a whole, and of the
// variable that it is a part of.
func (w *writer) locationsAt(a ssa.Value) []int {
	found := w.readAt(a)
	if g := ownerOf(a); g != nil && g.Object() != nil {
		found = append(found, w.location(globalLocation(w.IDOf(g.Object()))))
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// readAt are the locations that are read where what an address points to is read. A part of a
// variable has a location of its own, which is written to wherever the whole variable is: a write
// to another part does not count.
func (w *writer) readAt(a ssa.Value) []int {
	t := pointee(a.Type())
	var found []int
	add := func(l int) { found = append(found, l) }
	switch a := a.(type) {
	case *ssa.Global:
		if a.Object() != nil {
			add(w.location(globalLocation(w.IDOf(a.Object()))))
		}
	case *ssa.FieldAddr:
		add(w.fieldLocation(pointee(a.X.Type()), a.Field))
	case *ssa.IndexAddr:
		add(w.elementLocation(t))
	default:
		if !isStruct(t) {
			add(w.pointeeLocation(t))
		}
	}
	w.whole(t, add)
	slices.Sort(found)
	return slices.Compact(found)
}

// ownerOf is the package variable that an address is in.
func ownerOf(v ssa.Value) *ssa.Global {
	for {
		switch a := v.(type) {
		case *ssa.Global:
			return a
		case *ssa.FieldAddr:
			v = a.X
		case *ssa.IndexAddr:
			if _, ok := a.X.Type().Underlying().(*types.Pointer); !ok {
				return nil
			}
			v = a.X
		default:
			return nil
		}
	}
}

// hiddenAt is what a module outside hides if an address is in one of its variables: its code sees what is stored there.
func (w *writer) hiddenAt(a ssa.Value) []int {
	if g := ownerOf(a); g != nil && !w.isLocal(g.Pkg.Pkg.Path()) {
		return []int{w.location(facts.HiddenLocation + w.Hidden(w.partOf(g.Object())))}
	}
	return nil
}

func pointee(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// elements are the locations of the elements of a slice or map, or of a pointer to an array.
func (w *writer) elements(t types.Type) []int {
	var found []int
	add := func(l int) { found = append(found, l) }
	switch u := coreOf(t).(type) {
	case *types.Slice:
		add(w.elementLocation(u.Elem()))
		w.whole(u.Elem(), add)
	case *types.Map:
		add(w.mapLocation(u))
	case *types.Chan:
		add(w.channelLocation(u))
	case *types.Pointer:
		w.whole(u.Elem(), add)
	case *types.Basic: // strings
	default:
		add(w.location(facts.AnyElement))
		add(w.location("M:?"))
		add(w.location("C:?"))
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// coreOf is the one underlying type of all types that a type parameter stands for, or nil.
func coreOf(t types.Type) types.Type {
	p, ok := types.Unalias(t).(*types.TypeParam)
	if !ok {
		return t.Underlying()
	}
	var core types.Type
	constraint := p.Constraint().Underlying().(*types.Interface)
	for e := range constraint.EmbeddedTypes() {
		switch e := types.Unalias(e).(type) {
		case *types.Union:
			for term := range e.Terms() {
				if core != nil && !types.Identical(core, term.Type().Underlying()) {
					return nil
				}
				core = term.Type().Underlying()
			}
		default:
			if _, ok := e.Underlying().(*types.Interface); !ok {
				core = e.Underlying()
			}
		}
	}
	return core
}

// mention notes the functions that are used as values, and the addresses that are taken.
func (w *writer) mention(in ssa.Instruction) {
	call, _ := in.(ssa.CallInstruction)
	for _, op := range in.Operands(nil) {
		if *op == nil {
			continue
		}
		switch v := (*op).(type) {
		case *ssa.Function:
			if call != nil && op == &call.Common().Value {
				continue
			}
			if _, made := in.(*ssa.MakeClosure); !made {
				w.useAsValue(v)
			}
		case *ssa.Global, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Alloc:
			w.address(v, in)
		}
	}
}

// address notes that the address of a location is used otherwise than to load from it, to store there or to find a part of it.
func (w *writer) address(v ssa.Value, in ssa.Instruction) {
	switch in := in.(type) {
	case *ssa.UnOp, *ssa.FieldAddr, *ssa.DebugRef:
		return
	case *ssa.IndexAddr:
		if in.X == v {
			return
		}
	case *ssa.Store:
		if in.Val != v {
			return
		}
	}
	t := pointee(v.Type())
	if isStruct(t) {
		return
	}
	if _, ok := v.(*ssa.Alloc); ok {
		return // is a pointee itself
	}
	for _, l := range w.locationsAt(v) {
		w.take(l, t)
	}
}
