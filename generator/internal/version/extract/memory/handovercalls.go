package memory

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// calls lets the function call what it is given: functions, the methods of the interface that it
// takes, and of values of which it only knows that they are something, those that are usually asked
// for.
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
			return slices.Contains(names, name) || stdmodel.Asks(h.path, name)
		}
	default:
		wanted = func(name string) bool {
			return slices.Contains(stdmodel.UsualMethods, name) || slices.Contains(stdmodel.MutatingMethods, name)
		}
	}
	all := facts.Arg{Value: join(given.own, deep(given.own))}
	fills := h.conduct.All.Has(i) || h.conduct.Any.Has(i) || h.conduct.Fills.Has(i)
	h.callsInside(t, all, fills, wanted)
	if !types.IsInterface(t) {
		h.callsOf(t, all, wanted)
		return
	}
	for m := range t.Underlying().(*types.Interface).Methods() {
		if wanted(m.Id()) {
			h.invoke(m, facts.Op{Key: methodKey(m)}, all)
			if h.unknown {
				h.invoke(m, facts.Op{Key: outsideKey(m)}, all)
			}
		}
	}
}

// callsOf calls the methods of a type of the user's that are wanted.
func (h *handover) callsOf(t types.Type, receiver facts.Arg, wanted func(name string) bool) {
	set := h.prog.MethodSets.MethodSet(t)
	for sel := range set.Methods() {
		m := sel.Obj().(*types.Func)
		if wanted(m.Id()) && m.Pkg() != nil && h.isLocal(m.Pkg().Path()) {
			h.invoke(m, facts.Op{Callee: h.methodOf(sel)}, receiver)
		}
	}
}

// invoke calls a method with anything that the function has.
func (h *handover) invoke(m *types.Func, o facts.Op, receiver facts.Arg) {
	o.Kind, o.May = facts.OpInvoke, h.conduct.Logs
	h.receives(&o, m.Signature())
	o.Args = append(o.Args, receiver)
	for p := range m.Signature().Params().Variables() {
		var a facts.Arg
		if refers(p.Type()) {
			a.Value = h.all
		}
		o.Args = append(o.Args, a)
	}
	h.op(o)
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
	h.receives(&o, sig)
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
