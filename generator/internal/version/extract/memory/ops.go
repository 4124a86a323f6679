package memory

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
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

// locationsAt are the locations of what an address points to, accessed as a whole.
func (w *writer) locationsAt(a ssa.Value) []int {
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
	if g := ownerOf(a); g != nil && g.Object() != nil { // part of a variable's own memory
		add(w.location(globalLocation(w.IDOf(g.Object()))))
	}
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
		return []int{w.location(facts.HiddenLocation + w.Hidden(g.Pkg.Pkg.Path()))}
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

// instruction writes the operations of one instruction.
func (w *writer) instruction(in ssa.Instruction) {
	w.mention(in)
	switch in := in.(type) {
	case *ssa.UnOp:
		switch in.Op {
		case token.MUL:
			w.load(w.of(in.X), w.locationsAt(in.X))
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
		w.admit(in.Type()) // an interface with the same methods
	case *ssa.MakeInterface:
		w.convert(in.X.Type())
		w.entrust(in)
		w.adapt(in)
		if _, ok := in.X.Type().Underlying().(*types.Signature); ok {
			w.hand(in.X, func(*types.Signature) string { return facts.ConvertedKey })
		}
	case *ssa.ChangeInterface:
		w.admit(in.Type())
	case *ssa.TypeAssert:
		if made, ok := in.AssertedType.Underlying().(*types.Signature); ok {
			w.made(made, true)
		}
		w.admit(in.AssertedType)
	case *ssa.MakeClosure:
		w.closure(in)
	case *ssa.Panic:
		w.leak(w.of(in.X))
	case *ssa.Return:
		for _, r := range in.Results {
			w.body.Returns = join(w.body.Returns, w.of(r))
		}
	case ssa.CallInstruction:
		w.call(in)
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

// entrust hands a value to the methods that its type has from modules outside: behind an interface they can be called by anybody, and do what they do
// to what their module hides. Those that the model describes do so if the interface has them, or if they are asked for of any value.
func (w *writer) entrust(in *ssa.MakeInterface) {
	iface := in.Type().Underlying().(*types.Interface)
	names := methodNames(iface)
	if len(names) == 0 {
		names = stdmodel.UsualMethods
	}
	set := w.prog.MethodSets.MethodSet(in.X.Type())
	known := map[string]bool{}
	for sel := range set.Methods() {
		m := sel.Obj().(*types.Func)
		path := pathOf(m)
		if !m.Exported() || path == "" || w.isLocal(path) || known[path] {
			continue
		}
		h := handover{writer: w, path: path, conduct: stdmodel.ConductOf(path, w.IDOf(m.Origin()).Name), sig: m.Signature()}
		if h.conduct == nil {
			known[path] = true // all that it may do
			h.conduct, h.unknown = w.anything(), true
		} else if !slices.Contains(names, m.Name()) {
			continue
		}
		h.hiddenState()
		if h.conduct.Keeps.Has(0) {
			h.keep([]facts.Source{h.module()}, w.of(in.X))
		}
	}
}

// admit notes that an interface may hold a value that code outside made: one that was in another interface before.
func (w *writer) admit(t types.Type) {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || w.isOursAlone(iface) {
		return
	}
	for m := range iface.Methods() {
		if k := outsideKey(m); !w.foreign[k] {
			w.foreign[k] = true
			w.effects.Foreign = append(w.effects.Foreign, w.foreignMethod(m, k))
		}
	}
}

// isOursAlone reports whether code outside can't declare the methods of an interface: one is not exported, or takes or returns a type of the user's, which
// code outside can't name.
func (x *extractor) isOursAlone(t *types.Interface) bool {
	for m := range t.Methods() {
		if !m.Exported() && x.isLocal(pathOf(m)) || strings.Contains(x.signatureKey(m.Signature()), facts.LocalMark) {
			return true
		}
	}
	return false
}

// foreignMethod is a method of a value that code outside made, of which the interface alone is known.
func (x *extractor) foreignMethod(m *types.Func, key string) facts.Implementation {
	name := facts.ForeignName + "\x00" + key
	b := x.modelledBody(m, name)
	x.effects.Bodies = append(x.effects.Bodies, b)
	return facts.Implementation{Key: key, Body: name}
}
