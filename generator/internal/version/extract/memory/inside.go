package memory

import (
	"go/types"
	"iter"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// Code outside looks into the values that it is given: json.Marshal calls the MarshalJSON of an
// element of a slice, and of what is behind an interface in a field. Of a type that is known it
// calls the methods that it wants. Of what is behind an interface nobody knows the type: it may be
// any converted type that has the methods of the interface.

// inside iterates over the types of what is in a value of a type, at any depth. What another
// module's values hold is known by other means.
func (x *extractor) inside(t types.Type) iter.Seq[types.Type] {
	return func(yield func(types.Type) bool) {
		seen := map[string]bool{}
		var visit func(t types.Type) bool
		inner := func(t types.Type) bool {
			t = types.Unalias(t)
			if key := x.typeKey(t); !seen[key] {
				seen[key] = true
				return yield(t) && visit(t)
			}
			return true
		}
		visit = func(t types.Type) bool {
			switch u := t.Underlying().(type) {
			case *types.Pointer:
				return inner(u.Elem())
			case *types.Slice:
				return inner(u.Elem())
			case *types.Array:
				return inner(u.Elem())
			case *types.Map:
				return inner(u.Key()) && inner(u.Elem())
			case *types.Struct:
				if n, ok := t.(*types.Named); ok && !x.isLocal(pathOf(n.Obj())) {
					return true
				}
				for f := range u.Fields() {
					if !inner(f.Type()) {
						return false
					}
				}
			}
			return true
		}
		visit(types.Unalias(t))
	}
}

// isOurs reports whether a type is declared by the user and is no interface: it has the methods
// that its declaration says.
func (x *extractor) isOurs(t types.Type) bool {
	n, ok := t.(*types.Named)
	return ok && !types.IsInterface(t) && x.isLocal(pathOf(n.Obj()))
}

// callsInside calls the methods of what is in a value of a type. Fills says that the function writes
// to the value, and so may call methods that do.
func (h *handover) callsInside(t types.Type, receiver facts.Arg, fills bool, wanted func(name string) bool) {
	behind := func(t types.Type) {
		if _, isParam := t.(*types.TypeParam); types.IsInterface(t) && !isParam {
			h.callsUsual(t.Underlying().(*types.Interface), receiver, fills)
		}
	}
	behind(types.Unalias(t))
	for t := range h.inside(t) {
		behind(t)
		if h.isOurs(t) {
			h.callsOf(types.NewPointer(t), receiver, wanted)
		}
	}
}

// callsUsual calls, of whatever is behind an interface, the methods that are usually asked for, and
// those that functions ask for besides the methods of the interface.
func (h *handover) callsUsual(t *types.Interface, receiver facts.Arg, fills bool) {
	names := methodNames(t)
	o := facts.Op{Kind: facts.OpInvoke, Key: facts.UsualKey, Args: []facts.Arg{receiver, {}, {}}, May: h.conduct.Logs}
	if stdmodel.Fetches(h.id) {
		o.Result, o.Error = h.back.value, h.back.err
		h.gets(types.NewSlice(types.Typ[types.Byte])) // of a marshaler
		h.gets(types.Universe.Lookup("error").Type())
	}
	call := func(key string) {
		if o.Key = key; len(names) > 0 {
			o.Key = facts.MemberKey(key, names)
		}
		h.op(o)
	}
	call(facts.UsualKey)
	o.Args, o.Error = []facts.Arg{receiver, {Value: h.all}, {Value: h.all}}, h.back.err
	if fills {
		call(facts.MutatingKey)
	}
	if len(names) > 0 {
		call(optionalKey(h.path))
	}
}

// optionalKey is the key by which a package calls methods that it asks a value for besides those of
// its interface: any exported one if nobody reviewed the package.
func optionalKey(path string) string {
	if stdmodel.IsReviewed(path) {
		return facts.OptionalKey
	}
	return facts.ReflectedKey
}

// convertInside notes that code outside may find the methods of what is in a value of a type that
// is converted to an interface.
func (x *extractor) convertInside(t types.Type) {
	for t := range x.inside(t) {
		if !x.isOurs(t) {
			continue
		}
		set := x.prog.MethodSets.MethodSet(types.NewPointer(t))
		for sel := range set.Methods() {
			if m := sel.Obj().(*types.Func); x.isLocal(pathOf(m)) {
				for _, key := range usualKeys(m) {
					x.answer(key, x.methodOf(sel))
				}
			}
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
	if stdmodel.IsOptional(m.Name()) {
		keys = append(keys, facts.OptionalKey)
	}
	if m.Exported() {
		keys = append(keys, facts.ReflectedKey)
	}
	return keys
}
