package memory

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// call writes the operations of a call.
func (w *writer) call(in ssa.CallInstruction) {
	c := in.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		w.builtin(b.Name(), c, in.Value())
		return
	}
	if c.IsInvoke() {
		w.invoke(in)
		return
	}
	f := c.StaticCallee()
	if f == nil {
		w.callUnknown(in)
		return
	}
	if f.Synthetic == "package initializer" || isInit(f) {
		return // run by the program, not by who imports it
	}
	o := declared(f)
	switch {
	case o != nil && w.Stubs[o] == nil && o.Pkg() != nil && !w.isLocal(o.Pkg().Path()):
		w.outside(o, c.Args, in)
	case o == nil && f.Object() != nil && f.Pkg == nil && !w.isLocal(pathOf(f.Object())) && len(f.Blocks) == 0:
		w.outside(f.Object().(*types.Func), c.Args, in)
	default:
		name := w.calleeName(f)
		args := w.args(c.Args)
		if m, ok := c.Value.(*ssa.MakeClosure); ok {
			args = append(args, w.args(m.Bindings)...)
		}
		w.op(facts.Op{Kind: facts.OpInvoke, Callee: name, Args: args, Result: w.resultOf(in)})
		if o != nil && o.Pkg() == w.Types && len(f.Blocks) == 0 && f.Origin() == nil && w.Stubs[o] == nil { // assembly
			w.unknown(c.Args)
		}
	}
}

// callUnknown calls a function value. One that code outside made may call the functions that it gets with all that it holds.
func (w *writer) callUnknown(in ssa.CallInstruction) {
	c := in.Common()
	o := facts.Op{Kind: facts.OpInvoke, Key: w.callKey(c.Signature()), Base: w.of(c.Value), Args: w.args(c.Args), Result: w.resultOf(in)}
	if !w.isIteratorOutside(c.Value) {
		w.op(o)
	}
	h := handover{writer: w, all: deep(o.Base)}
	for _, a := range o.Args {
		h.all = join(h.all, join(a.Value, deep(a.Value)))
	}
	for _, a := range c.Args {
		if sig, ok := a.Type().Underlying().(*types.Signature); ok {
			h.callValue(sig, a)
		}
	}
}

// isIteratorOutside reports whether a function value is an iterator that the standard library wrote, such as strings.SplitSeq(s, ","): one that a
// reviewed function returned which got no code to run, and which promises an iterator and not what it was given.
func (w *writer) isIteratorOutside(v ssa.Value) bool {
	made, ok := v.(*ssa.Call)
	if !ok || made.Call.IsInvoke() || made.Call.Signature().Results().Len() != 1 {
		return false
	}
	f := made.Call.StaticCallee()
	if f == nil {
		return false
	}
	o := declared(f)
	if o == nil || o.Pkg() == nil || w.isLocal(o.Pkg().Path()) || !w.isReviewed(o) {
		return false
	}
	result, ok := o.Signature().Results().At(0).Type().Underlying().(*types.Signature)
	if !ok || result.Results().Len() > 0 {
		return false
	}
	given := slices.Collect(o.Signature().Params().Variables())
	if recv := o.Signature().Recv(); recv != nil {
		given = append(given, recv)
	}
	return !slices.ContainsFunc(given, func(p *types.Var) bool {
		if _, ok := types.Unalias(p.Type()).(*types.TypeParam); ok {
			return false // a generic function knows nothing of it but what the constraint says
		}
		switch p.Type().Underlying().(type) {
		case *types.Basic, *types.Slice, *types.Map, *types.Pointer:
			return false
		}
		return true
	})
}

func pathOf(o types.Object) string {
	if o.Pkg() == nil {
		return ""
	}
	return o.Pkg().Path()
}

// resultOf numbers the results of a call, if they refer to memory.
func (w *writer) resultOf(in ssa.CallInstruction) int {
	if v := in.Value(); v != nil && refers(v.Type()) {
		return w.result(in).Number()
	}
	return 0
}

func (w *writer) args(values []ssa.Value) []facts.Arg {
	args := make([]facts.Arg, len(values))
	for i, v := range values {
		if refers(v.Type()) {
			args[i] = facts.Arg{Value: w.of(v), Cut: isCut(v, map[ssa.Value]bool{})}
		}
	}
	return args
}

// invoke calls a method through an interface: those of all converted types. What code outside wrote keeps to what the model says of an interface that
// is declared outside; where it says nothing, and behind the user's own interfaces, it does what its type's methods do.
func (w *writer) invoke(in ssa.CallInstruction) {
	c := in.Common()
	args := w.args(append([]ssa.Value{c.Value}, c.Args...))
	args[0].Value = join(args[0].Value, deep(args[0].Value)) // what is in an interface may be behind a pointer
	w.op(facts.Op{Kind: facts.OpInvoke, Key: methodKey(c.Method), Args: args, Result: w.resultOf(in)})
	if w.isLocal(pathOf(c.Method)) || !w.isReviewed(c.Method) {
		w.op(facts.Op{Kind: facts.OpInvoke, Key: outsideKey(c.Method), Args: args, Result: w.resultOf(in)})
	}
	if !w.isLocal(pathOf(c.Method)) {
		w.outside(c.Method, append([]ssa.Value{c.Value}, c.Args...), in)
	}
}

// isReviewed reports whether the model says what a function or method does.
func (x *extractor) isReviewed(f *types.Func) bool {
	return stdmodel.ConductOf(pathOf(f), x.IDOf(f.Origin()).Name) != nil
}

// everything is a value and all that can be reached from it.
func (w *writer) everything(v ssa.Value) []facts.Source {
	from := w.of(v)
	return join(from, deep(from))
}

// outside does what the model says of a function of another module.
func (w *writer) outside(f *types.Func, args []ssa.Value, in ssa.CallInstruction) {
	f = f.Origin()
	path := pathOf(f)
	id := w.IDOf(f)
	conduct := stdmodel.ConductOf(path, id.Name)
	unknown := conduct == nil
	if unknown {
		conduct = w.anything()
	}
	h := handover{writer: w, path: path, conduct: conduct, unknown: unknown, sig: f.Signature()}
	if c := in.Common(); !c.IsInvoke() {
		h.sig = c.Signature() // of the instance
	}
	operands := make([]operand, len(args))
	for i, a := range args {
		operands[i] = operand{w.of(a), w.concrete(a), refers(a.Type()), a}
	}
	w.doing = id
	h.give(operands, w.resultOf(in))
	w.doing = facts.ID{}
}

// operand is an argument of a call of code outside: where it comes from, the types that it may have, and the value in the code, if there is one.
type operand struct {
	own    []facts.Source
	types  []types.Type
	refers bool
	value  ssa.Value
}

// modelledBody is a body that does what the model says of a function or method.
func (x *extractor) modelledBody(f *types.Func, name string) *facts.Body {
	w := &writer{tracer: &tracer{extractor: x}, body: &facts.Body{Name: name, Units: [][]facts.ID{nil}}}
	var params []*types.Var
	if recv := f.Signature().Recv(); recv != nil {
		params = append(params, recv)
	}
	params = slices.AppendSeq(params, f.Signature().Params().Variables())
	var operands []operand
	for i, p := range params {
		w.body.Params = append(w.body.Params, x.typeRow(p.Type()))
		operands = append(operands, operand{[]facts.Source{facts.NewSource(facts.ParamSource, i, false)}, []types.Type{p.Type()}, refers(p.Type()), nil})
	}
	conduct := stdmodel.ConductOf(pathOf(f), x.IDOf(f).Name)
	unknown := conduct == nil
	if unknown {
		conduct = w.anything()
	}
	if x.isLocal(pathOf(f)) { // of a value that code outside made, which reaches nothing of the user's but what it is given
		conduct = &stdmodel.Conduct{State: 1, All: ^stdmodel.Args(1), Keeps: ^stdmodel.Args(1), Same: true, Reflects: true}
	}
	h := handover{writer: w, path: pathOf(f), conduct: conduct, unknown: unknown, sig: f.Signature()}
	h.give(operands, 1)
	w.body.Returns = []facts.Source{facts.NewSource(facts.ResultSource, 1, false)}
	return w.body
}

// anything is the conduct of a function of which nothing is known.
func (w *writer) anything() *stdmodel.Conduct {
	return &stdmodel.Conduct{All: ^stdmodel.Args(0), Keeps: ^stdmodel.Args(0), Same: true, Reads: true, Changes: true, Reflects: true}
}

// unknown hands arguments to code of which nothing is known, and which belongs to no other module.
func (w *writer) unknown(args []ssa.Value) {
	for _, a := range args {
		if refers(a.Type()) {
			w.mayStore(w.everything(a), []int{w.reachOf(a.Type())})
			w.load(w.everything(a), []int{w.reachOf(a.Type())})
			w.leak(w.of(a))
		}
	}
}

// handover is a call of a function outside.
type handover struct {
	*writer
	path    string
	conduct *stdmodel.Conduct
	// unknown says that nothing is known of the function: then it reads and changes what others hold for the module, too.
	unknown bool
	sig     *types.Signature
	first   []facts.Source
	all     []facts.Source
	// handsOn says that the function gets more than its arguments: what functions that it is given pass to those that it makes for them.
	handsOn bool
}

// give hands the arguments over; result numbers the results, 0 for none that refer to memory.
func (h *handover) give(operands []operand, result int) {
	for _, a := range operands {
		if a.refers {
			h.all = join(h.all, join(a.own, deep(a.own)))
		}
	}
	for i, a := range operands {
		h.argument(i, a)
	}
	h.hiddenState()
	if result > 0 {
		h.results(result)
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

// writes writes to a location of all that a value of a type reaches. It does so for certain to what the value itself points to, if the function knows
// that type: what it has as an interface it calls, and what lies behind may be there or not.
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

// module is what the module of the function keeps in its variables; unknown if nobody knows which module it is.
func (h *handover) module() facts.Source {
	if h.isLocal(h.path) || h.path == "" {
		return facts.NewSource(facts.UnknownSource, 0, false)
	}
	return h.hidden(h.path)
}

// hiddenState reads and changes what the package hides.
func (h *handover) hiddenState() {
	hidden := h.module()
	locations := []int{h.location(facts.HiddenLocation + h.Hidden(h.path))}
	if h.unknown {
		locations = append(locations, h.location(facts.Anything))
	}
	if h.conduct.Reads && !h.leavesNoTrace() {
		h.load([]facts.Source{hidden}, locations)
	}
	if h.conduct.Changes {
		h.store([]facts.Source{hidden}, nil, locations)
	}
}

// leavesNoTrace says that nothing comes of what the function reads: it returns nothing and writes nowhere, as log.Print. Code of the user's that it runs,
// such as what log.SetOutput was given, counts by what that code writes.
func (h *handover) leavesNoTrace() bool {
	c := *h.conduct
	c.Reads, c.Self, c.Same, c.Copies, c.Clones, c.Frozen = false, false, false, false, false, false // of no use without results
	return !h.unknown && h.sig.Results().Len() == 0 && c == stdmodel.Conduct{}
}

// results says what the results are.
func (h *handover) results(n int) {
	o := facts.Op{Kind: facts.OpMake, Result: n}
	switch {
	case h.conduct.Copies, h.conduct.Self:
	case h.conduct.Clones:
		if h.clonesRefer() {
			o.Value = deep(h.all)
		}
	default:
		o.Value = h.all
	}
	switch {
	case h.conduct.Same:
		o.Base = h.all
	case h.conduct.Self:
		o.Base = h.first
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
		o.Base = join(o.Base, []facts.Source{h.module()})
	}
	if o.Frozen = h.conduct.Frozen; o.Frozen {
		o.Base, o.Value = join(o.Base, o.Value), nil // what nobody changes is as good as what it leads to
	}
	h.op(o)
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

// concrete are the types of what is in a value, as far as it is put into interfaces right here; its own type where that is not known.
func (w *writer) concrete(v ssa.Value) []types.Type {
	var found []types.Type
	var visit func(v ssa.Value)
	visit = func(v ssa.Value) {
		switch v := v.(type) {
		case *ssa.MakeInterface:
			found = append(found, v.X.Type())
			return
		case *ssa.ChangeInterface:
			visit(v.X)
			return
		case *ssa.Slice:
			if a, ok := v.X.(*ssa.Alloc); ok && a.Comment == "varargs" {
				for _, e := range storedInto(a) {
					visit(e)
				}
				return
			}
		}
		found = append(found, v.Type())
	}
	visit(v)
	return found
}

// storedInto are the values that are stored in the elements of an array of variadic arguments.
func storedInto(a *ssa.Alloc) []ssa.Value {
	var found []ssa.Value
	for _, r := range *a.Referrers() {
		element, ok := r.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, r := range *element.Referrers() {
			if s, ok := r.(*ssa.Store); ok && s.Addr == element {
				found = append(found, s.Val)
			}
		}
	}
	return found
}

// calls lets the function call what it is given: functions, the methods of the interface that it takes, and of values of which it only knows
// that they are something, those that are usually asked for.
func (h *handover) calls(i int, t types.Type, given operand) {
	param := h.parameter(i)
	if sig, ok := t.Underlying().(*types.Signature); ok {
		h.callValue(sig, given.value)
		return
	}
	if param == nil {
		return
	}
	if s, ok := param.Underlying().(*types.Slice); ok && types.IsInterface(s.Elem()) {
		param = s.Elem()
	}
	iface, ok := param.Underlying().(*types.Interface)
	if !ok {
		return
	}
	var wanted func(name string) bool
	switch {
	case h.conduct.Reflects:
		wanted = token.IsExported
	case iface.NumMethods() > 0:
		names := methodNames(iface)
		wanted = func(name string) bool {
			return slices.Contains(names, name) || slices.Contains(stdmodel.OptionalMethods, name)
		}
	default:
		wanted = func(name string) bool {
			return slices.Contains(stdmodel.UsualMethods, name) || slices.Contains(stdmodel.MutatingMethods, name)
		}
	}
	all := facts.Arg{Value: join(given.own, deep(given.own))}
	invoke := func(m *types.Func, o facts.Op) {
		o.Kind = facts.OpInvoke
		o.Args = append(o.Args, all)
		for p := range m.Signature().Params().Variables() {
			var a facts.Arg
			if refers(p.Type()) {
				a.Value = h.all
			}
			o.Args = append(o.Args, a)
		}
		h.op(o)
	}
	if types.IsInterface(t) {
		if under := t.Underlying().(*types.Interface); under.NumMethods() > 0 {
			for m := range under.Methods() {
				if wanted(m.Id()) {
					invoke(m, facts.Op{Key: methodKey(m)})
					if h.unknown {
						invoke(m, facts.Op{Key: outsideKey(m)})
					}
				}
			}
		}
		return
	}
	set := h.prog.MethodSets.MethodSet(t)
	for sel := range set.Methods() {
		m := sel.Obj().(*types.Func)
		if wanted(m.Id()) && m.Pkg() != nil && h.isLocal(m.Pkg().Path()) {
			invoke(m, facts.Op{Callee: h.implementation(m)})
		}
	}
}

// parameter is the type of the parameter that an argument is for, a receiver being 0.
func (h *handover) parameter(i int) types.Type {
	if h.sig.Recv() != nil {
		if i == 0 {
			return nil
		}
		i--
	}
	n := h.sig.Params().Len()
	if n == 0 {
		return nil
	}
	return h.sig.Params().At(min(i, n-1)).Type()
}

// callValue lets a function outside call a function that it is given, with anything that it has.
func (h *handover) callValue(sig *types.Signature, v ssa.Value) {
	o := facts.Op{Kind: facts.OpInvoke, Key: h.callKey(sig)}
	if v != nil {
		o.Base = h.of(v)
	}
	switch f := v.(type) {
	case *ssa.Function:
		o.Key, o.Callee = "", h.calleeName(f)
	case *ssa.MakeClosure:
		o.Key, o.Callee = "", h.calleeName(f.Fn.(*ssa.Function))
	case *ssa.ChangeType:
		h.callValue(sig, f.X)
		return
	}
	for p := range sig.Params().Variables() {
		if made, ok := p.Type().Underlying().(*types.Signature); ok && h.madeOutside(made) {
			h.handsOn = true
		}
		var a facts.Arg
		if refers(p.Type()) {
			a.Value = h.all
			if h.conduct != nil && (h.conduct.Keeps != 0 || h.conduct.Changes) {
				a.Value = join(a.Value, []facts.Source{h.module()})
			}
		}
		o.Args = append(o.Args, a)
	}
	if m, ok := v.(*ssa.MakeClosure); ok {
		o.Args = append(o.Args, h.args(m.Bindings)...)
	}
	h.op(o)
}

// modelled makes a body of a method or function of another module that does what the model says, so that it can be called like any other.
func (x *extractor) modelled(f *types.Func) string {
	f = f.Origin()
	id := x.IDOf(f)
	name := facts.BodyName(id)
	if x.values[name+"\x00"] {
		return name
	}
	x.values[name+"\x00"] = true
	x.effects.Bodies = append(x.effects.Bodies, x.modelledBody(f, name))
	return name
}

// builtin writes the operations of a builtin function.
func (w *writer) builtin(name string, c *ssa.CallCommon, v *ssa.Call) {
	switch name {
	case "append":
		w.appendTo(c, v)
	case "copy":
		to, from := c.Args[0], c.Args[1]
		if refers(from.Type()) {
			w.load(w.of(from), w.elements(from.Type()))
		}
		w.store(w.of(to), deep(w.of(from)), w.elements(to.Type()))
	case "delete", "clear":
		w.store(w.of(c.Args[0]), nil, w.elements(c.Args[0].Type()))
	case "close":
		w.store(w.of(c.Args[0]), nil, w.elements(c.Args[0].Type()))
	case "len", "cap":
		if t := coreOf(c.Args[0].Type()); t != nil {
			switch t.(type) {
			case *types.Map, *types.Chan:
				w.load(w.of(c.Args[0]), w.elements(c.Args[0].Type()))
			}
		}
	case "String", "StringData", "Slice", "SliceData", "Add":
		for _, a := range c.Args {
			if refers(a.Type()) {
				w.load(w.everything(a), []int{w.reachOf(a.Type())})
				w.leak(w.of(a))
			}
			w.takeUnsafely(a)
		}
		if v != nil {
			w.takeUnsafely(v)
		}
	}
}

func (w *writer) appendTo(c *ssa.CallCommon, v *ssa.Call) {
	to := c.Args[0]
	locations := w.elements(to.Type())
	w.load(w.of(to), locations)
	if len(c.Args) < 2 {
		return
	}
	more := c.Args[1]
	var held []facts.Source
	if refers(more.Type()) {
		w.load(w.of(more), locations)
		if elem, ok := coreOf(to.Type()).(*types.Slice); !ok || refers(elem.Elem()) {
			held = deep(w.of(more))
		}
	}
	if len(w.of(to)) > 0 {
		w.op(facts.Op{Kind: facts.OpStore, Base: w.of(to), Value: held, Locations: locations, Spare: !isCut(to, map[ssa.Value]bool{})})
	}
	if v != nil {
		w.keep([]facts.Source{w.alloc(v)}, join(held, deep(w.of(to))))
	}
}
