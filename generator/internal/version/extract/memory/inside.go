package memory

import (
	"go/types"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// Code outside looks into the values that it is given: json.Marshal calls the MarshalJSON of an
// element of a slice, and of what is behind an interface in a field. Of a type that is known it
// calls the methods that it wants. Of what is behind an interface nobody knows the type: it may be
// any converted type that has the methods of the interface.

// callsInside calls the methods of what is in a value of a type. Fills says that the function writes
// to the value, and so may call methods that do.
func (h *handover) callsInside(t types.Type, receiver facts.Arg, fills bool, wanted func(name string) bool, seen map[string]bool) {
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
		h.callsInside(t, receiver, fills, wanted, seen)
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		if _, isParam := t.(*types.TypeParam); !isParam {
			h.callsUsual(u, receiver, fills)
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
func (h *handover) callsUsual(t *types.Interface, receiver facts.Arg, fills bool) {
	names := methodNames(t)
	o := facts.Op{Kind: facts.OpInvoke, Key: facts.UsualKey, Args: []facts.Arg{receiver, {}, {}}, May: h.conduct.Logs}
	call := func(key string) {
		if o.Key = key; len(names) > 0 {
			o.Key = facts.MemberKey(key, names)
		}
		h.op(o)
	}
	call(facts.UsualKey)
	o.Args = []facts.Arg{receiver, {Value: h.all}, {Value: h.all}}
	if fills {
		call(facts.MutatingKey)
	}
	if len(names) > 0 {
		call(facts.OptionalKey)
	}
}

// convertInside notes that code outside may find the methods of what is in a value of a type that
// is converted to an interface.
func (x *extractor) convertInside(t types.Type, seen map[string]bool) {
	t = types.Unalias(t)
	key := x.typeKey(t)
	if seen[key] {
		return
	}
	seen[key] = true
	inner := func(t types.Type) {
		if n, ok := types.Unalias(t).(*types.Named); ok && !types.IsInterface(t) && x.isLocal(pathOf(n.Obj())) {
			set := x.prog.MethodSets.MethodSet(types.NewPointer(t))
			for sel := range set.Methods() {
				if m := sel.Obj().(*types.Func); x.isLocal(pathOf(m)) {
					for _, key := range usualKeys(m) {
						x.answer(key, x.implementation(m))
					}
				}
			}
		}
		x.convertInside(t, seen)
	}
	switch u := t.Underlying().(type) {
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
		if n, ok := t.(*types.Named); ok && !x.isLocal(pathOf(n.Obj())) {
			return
		}
		for f := range u.Fields() {
			inner(f.Type())
		}
	}
}

// usualKeys are the keys by which code outside calls a method that it asks for.
func usualKeys(m *types.Func) []string {
	var keys []string
	if slices.Contains(stdmodel.UsualMethods, m.Name()) {
		keys = append(keys, facts.UsualKey)
	}
	if slices.Contains(stdmodel.MutatingMethods, m.Name()) {
		keys = append(keys, facts.MutatingKey)
	}
	if slices.Contains(stdmodel.OptionalMethods, m.Name()) {
		keys = append(keys, facts.OptionalKey)
	}
	return keys
}
