package memory

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/naming"
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
	case o != nil && w.Wrapped(o) == nil && o.Pkg() != nil && !w.isLocal(o.Pkg().Path()):
		w.outside(o, c.Args, in)
	case o == nil && f.Object() != nil && f.Pkg == nil && !w.isLocal(pathOf(f.Object())) && len(f.Blocks) == 0:
		w.outside(f.Object().(*types.Func), c.Args, in)
	default:
		name := w.calleeName(f)
		args := w.args(c.Args)
		if m, ok := c.Value.(*ssa.MakeClosure); ok {
			args = append(args, w.args(m.Bindings)...)
		}
		n := w.resultsOf(in)
		w.op(facts.Op{Kind: facts.OpInvoke, Callee: name, Args: args, Result: n.value, Error: n.err})
		if o != nil && o.Pkg() == w.Types && len(f.Blocks) == 0 && f.Origin() == nil && w.Wrapped(o) == nil { // assembly
			w.unknown(c.Args)
		}
	}
}

// callUnknown calls a function value. One that code outside made may call the functions that it gets with all that it holds.
func (w *writer) callUnknown(in ssa.CallInstruction) {
	c, n := in.Common(), w.resultsOf(in)
	o := facts.Op{
		Kind: facts.OpInvoke, Key: w.callKey(c.Signature()), Base: w.of(c.Value), Args: w.args(c.Args), Result: n.value, Error: n.err,
	}
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
	n := w.resultsOf(in)
	w.op(facts.Op{Kind: facts.OpInvoke, Key: methodKey(c.Method), Args: args, Result: n.value, Error: n.err})
	if w.isLocal(pathOf(c.Method)) || !w.isReviewed(c.Method) {
		w.op(facts.Op{Kind: facts.OpInvoke, Key: outsideKey(c.Method), Args: args, Result: n.value, Error: n.err})
	}
	if !w.isLocal(pathOf(c.Method)) {
		w.outside(c.Method, append([]ssa.Value{c.Value}, c.Args...), in)
	}
}

// isReviewed reports whether the model says what a function or method does.
func (x *extractor) isReviewed(f *types.Func) bool {
	return x.conductOf(f) != nil
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
	conduct := w.conductOf(f)
	unknown := conduct == nil
	if unknown {
		conduct = w.anything()
	}
	h := handover{writer: w, id: id, path: path, pkg: f.Pkg(), conduct: conduct, unknown: unknown, sig: f.Signature(), generic: f.Signature()}
	if c := in.Common(); !c.IsInvoke() {
		h.sig = c.Signature() // of the instance
	}
	operands := make([]operand, len(args))
	for i, a := range args {
		operands[i] = operand{w.of(a), w.concrete(a), refers(a.Type()), a}
	}
	w.doing = id
	h.give(operands, w.resultsOf(in))
	w.doing = facts.ID{}
}

// modelledBody is a body that does what the model says of a function or method.
func (x *extractor) modelledBody(f *types.Func, name string) *facts.Body {
	w := &writer{tracer: &tracer{extractor: x, results: map[callResult]int{}}, body: &facts.Body{Name: name, Units: [][]facts.ID{nil}}}
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
	conduct := x.conductOf(f)
	unknown := conduct == nil
	if unknown {
		conduct = w.anything()
	}
	if x.isLocal(pathOf(f)) { // of a value that code outside made, which reaches nothing of the user's but what it is given
		conduct = &stdmodel.Conduct{State: 1, All: ^stdmodel.Args(1), Keeps: ^stdmodel.Args(1), Same: true, Reflects: true}
	}
	h := handover{writer: w, id: x.IDOf(f), path: pathOf(f), pkg: f.Pkg(), conduct: conduct, unknown: unknown, sig: f.Signature(), generic: f.Signature()}
	n := results{w.withinResult(), w.withinResult()}
	h.give(operands, n)
	w.body.Returns = []facts.Source{facts.NewSource(facts.ResultSource, n.value, false)}
	w.body.Errors = []facts.Source{facts.NewSource(facts.ResultSource, n.err, false)}
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

// conductOf is what the model says of a function or method; nil if nothing.
func (x *extractor) conductOf(f *types.Func) *stdmodel.Conduct {
	if path := pathOf(f); (path == naming.RuntimePath || strings.HasPrefix(path, naming.RuntimePath+"/")) && !x.isLocal(path) {
		return &stdmodel.Conduct{} // the cache changes no memory, and calls what it is given
	}
	return stdmodel.ConductOf(pathOf(f), x.IDOf(f.Origin()).Name)
}
