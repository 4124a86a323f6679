package memory

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// instruction writes the operations of one instruction.
func (w *writer) instruction(in ssa.Instruction) {
	w.mention(in)
	switch in := in.(type) {
	case *ssa.UnOp:
		switch in.Op {
		case token.MUL:
			w.load(w.of(in.X), w.readAt(in.X))
		case token.ARROW:
			w.load(w.of(in.X), w.elements(in.X.Type()))
			w.store(w.of(in.X), nil, w.elements(in.X.Type())) // takes it out
		}
	case *ssa.Lookup:
		if refers(in.X.Type()) {
			w.load(w.of(in.X), w.elements(in.X.Type()))
		}
	case *ssa.Range:
		if refers(in.X.Type()) {
			w.load(w.of(in.X), w.elements(in.X.Type()))
		}
	case *ssa.Store:
		if w.isOutside(in.Addr) {
			w.hand(in.Val, w.handedKey)
		}
		w.store(w.of(in.Addr), w.of(in.Val), append(w.locationsAt(in.Addr), w.hiddenAt(in.Addr)...))
	case *ssa.MapUpdate:
		w.store(w.of(in.Map), join(w.of(in.Key), w.of(in.Value)), w.elements(in.Map.Type()))
	case *ssa.Send:
		w.store(w.of(in.Chan), w.of(in.X), w.elements(in.Chan.Type()))
	case *ssa.Select:
		for _, s := range in.States {
			if s.Dir == types.SendOnly {
				w.store(w.of(s.Chan), w.of(s.Send), w.elements(s.Chan.Type()))
			} else {
				w.load(w.of(s.Chan), w.elements(s.Chan.Type()))
				w.store(w.of(s.Chan), nil, w.elements(s.Chan.Type()))
			}
		}
	case *ssa.Convert:
		w.conversion(in, in.X)
	case *ssa.MultiConvert:
		w.conversion(in, in.X)
	case *ssa.ChangeType:
		w.same(in.X.Type(), in.Type())
		w.adopt(in.X.Type(), in.Type()) // an interface with the same methods
	case *ssa.MakeInterface:
		w.convert(in.X.Type())
		w.entrust(in)
		w.adapt(in)
		if _, ok := in.X.Type().Underlying().(*types.Signature); ok {
			w.hand(in.X, func(*types.Signature) string { return facts.ConvertedKey })
		}
	case *ssa.ChangeInterface:
		w.adopt(in.X.Type(), in.Type())
	case *ssa.TypeAssert:
		if made, ok := in.AssertedType.Underlying().(*types.Signature); ok {
			w.made(made, true)
		}
		w.admit(in.AssertedType)
	case *ssa.MakeClosure:
		w.closure(in)
	case *ssa.Panic:
		w.keep([]facts.Source{w.panicking() &^ 1}, w.of(in.X))
	case *ssa.Return:
		for i, r := range in.Results {
			returns(w.body, w.f.Signature.Results().At(i).Type(), w.of(r))
		}
	case ssa.CallInstruction:
		w.call(in)
	}
}

// conversion reads what it copies, and hides what it makes a number or unsafe pointer of.
func (w *writer) conversion(v, from ssa.Value) {
	switch {
	case isUnsafe(v.Type()) || isUnsafe(from.Type()) || isUintptr(v.Type()) && refers(from.Type()):
		w.leak(w.of(from))
		w.takeUnsafely(from)
		w.takeUnsafely(v)
	case refers(from.Type()):
		w.load(w.of(from), w.elements(from.Type()))
	}
}

// takeUnsafely notes that what a pointer leads to that is converted from or to an unsafe one, and what is next to it there, may be memory of
// another type.
func (w *writer) takeUnsafely(v ssa.Value) {
	container := func(v ssa.Value) ssa.Value {
		switch a := v.(type) {
		case *ssa.FieldAddr:
			return a.X
		case *ssa.IndexAddr:
			return a.X
		}
		return nil
	}
	take := func(location int) { w.takeAs(location, facts.UnsafeType) }
	for ; v != nil; v = container(v) {
		switch t := v.Type().Underlying().(type) {
		case *types.Slice:
			take(w.elementLocation(t.Elem()))
			w.whole(t.Elem(), take)
		case *types.Pointer:
			if !isStruct(t.Elem()) {
				take(w.pointeeLocation(t.Elem()))
				for _, l := range w.locationsAt(v) {
					take(l)
				}
			}
			w.whole(t.Elem(), take)
		}
	}
}

// same notes that what two pointers lead to is one memory, if one is converted into the other: the
// fields of structs, or the memory of any other type.
func (w *writer) same(from, to types.Type) {
	a, ok := from.Underlying().(*types.Pointer)
	b, ok2 := to.Underlying().(*types.Pointer)
	if !ok || !ok2 {
		return
	}
	unify := func(p, q int) {
		if p != q {
			w.effects.Same = append(w.effects.Same, []int{p, q})
		}
	}
	if s, ok := a.Elem().Underlying().(*types.Struct); ok && isStruct(b.Elem()) {
		for i := range s.NumFields() {
			unify(w.fieldLocation(a.Elem(), i), w.fieldLocation(b.Elem(), i))
		}
		return
	}
	unify(w.pointeeLocation(a.Elem()), w.pointeeLocation(b.Elem()))
}

// closure makes a function value: the literal may be called with what it captured, whoever calls it.
func (w *writer) closure(in *ssa.MakeClosure) {
	f := in.Fn.(*ssa.Function)
	w.useAsValue(f)
	o := facts.Op{Kind: facts.OpCreate, Callee: w.calleeName(f), Base: []facts.Source{w.alloc(in)}}
	for _, b := range in.Bindings {
		o.Args = append(o.Args, facts.Arg{Value: w.of(b)})
	}
	w.op(o)
	if len(in.Bindings) > 0 {
		for _, b := range in.Bindings {
			w.keep(o.Base, w.of(b))
		}
	}
}
