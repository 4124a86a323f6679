package memory

import (
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Code outside looks into the values that it is given: json.Marshal calls the MarshalJSON of an
// element of a slice, and of what is behind an interface in a field. Of a type that is known it
// calls the methods that it wants. Of what is behind an interface nobody knows the type: it may be
// any converted type that has the methods of the interface.

// callsInside calls the methods of what is in a value of a type.
func (h *handover) callsInside(t types.Type, receiver facts.Arg, wanted func(name string) bool, seen map[string]bool) {
	t = types.Unalias(t)
	if key := h.typeKey(t); seen[key] {
		return
	} else {
		seen[key] = true
	}
	inner := func(t types.Type) {
		if n, ok := types.Unalias(t).(*types.Named); ok && !types.IsInterface(t) && h.isLocal(pathOf(n.Obj())) {
			h.callsOf(types.NewPointer(t), receiver, wanted)
		}
		h.callsInside(t, receiver, wanted, seen)
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		if _, isParam := t.(*types.TypeParam); !isParam {
			h.callsUsual(u, receiver)
		}
	case *types.Pointer:
		inner(u.Elem())
	case *types.Slice:
		inner(u.Elem())
	case *types.Array:
		inner(u.Elem())
	case *types.Map:
		inner(u.Key())
		inner(u.Elem())
	case *types.Struct:
		if n, ok := t.(*types.Named); ok && !h.isLocal(pathOf(n.Obj())) {
			return // what another module's values hold is known by other means
		}
		for f := range u.Fields() {
			inner(f.Type())
		}
	}
}

// callsUsual calls, of whatever is behind an interface, the methods that are usually asked for, and
// those that functions ask for besides the methods of the interface.
func (h *handover) callsUsual(t *types.Interface, receiver facts.Arg) {
	names := methodNames(t)
	o := facts.Op{Kind: facts.OpInvoke, Key: facts.UsualKey, Args: []facts.Arg{receiver, {}, {}}, May: h.conduct.Logs}
	if len(names) == 0 {
		h.op(o)
		return
	}
	o.Key = facts.MemberKey(facts.UsualKey, names)
	h.op(o)
	o.Key = facts.MemberKey(facts.OptionalKey, names)
	o.Args = []facts.Arg{receiver, {Value: h.all}, {Value: h.all}}
	h.op(o)
}
