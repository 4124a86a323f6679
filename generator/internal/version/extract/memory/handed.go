package memory

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Functions that code outside calls later were handed to it: as an argument, or in a field or
// variable of its own. Only those have the keys by which it calls them.

// handedKey is the key by which code outside calls a function of a signature that it was given
// before.
func (x *extractor) handedKey(sig *types.Signature) string { return facts.HandedMark + x.callKey(sig) }

// hand notes that code outside gets a value, and calls the functions in it by the keys that their
// signatures have.
func (w *writer) hand(v ssa.Value, key func(*types.Signature) string) {
	switch f := v.(type) {
	case *ssa.Function:
		w.answer(key(f.Signature), w.calleeName(f))
		return
	case *ssa.MakeClosure:
		fn := f.Fn.(*ssa.Function)
		w.answer(key(fn.Signature), w.calleeName(fn))
		return
	case *ssa.ChangeType:
		w.hand(f.X, key)
		return
	case *ssa.Const:
		return
	}
	w.handAny(v.Type(), key)
}

// handAny hands over any function of the signatures that are in a type.
func (x *extractor) handAny(t types.Type, key func(*types.Signature) string) {
	if x.isStructOutside(t) {
		return // what is in there was handed over when it was put there
	}
	for _, held := range x.heldTypes(t) {
		if sig, ok := held.Underlying().(*types.Signature); ok {
			x.answer(key(sig), x.anyFunction(sig))
		}
	}
}

// answer has a body called by a key.
func (x *extractor) answer(key, body string) {
	if id := key + "\x00" + body; !x.foreign[id] {
		x.foreign[id] = true
		x.effects.Foreign = append(x.effects.Foreign, facts.Implementation{Key: key, Body: body})
	}
}

// anyFunction makes a body that calls any function of a signature.
func (x *extractor) anyFunction(sig *types.Signature) string {
	key := x.callKey(sig)
	name := "(any)\x00" + key
	if x.values[name] {
		return name
	}
	x.values[name] = true
	n := sig.Params().Len()
	b := &facts.Body{Name: name, Units: [][]facts.ID{nil}, Free: 1}
	o := facts.Op{Kind: facts.OpInvoke, Key: key, Base: []facts.Source{facts.NewSource(facts.ParamSource, n, false)}, Result: 1, Error: 2}
	for i := range n {
		b.Params = append(b.Params, x.typeRow(sig.Params().At(i).Type()))
		o.Args = append(o.Args, facts.Arg{Value: []facts.Source{facts.NewSource(facts.ParamSource, i, false)}})
	}
	b.Params = append(b.Params, x.typeRow(sig))
	b.Ops = []facts.Op{o}
	b.Returns = []facts.Source{facts.NewSource(facts.ResultSource, 1, false)}
	b.Errors = []facts.Source{facts.NewSource(facts.ResultSource, 2, false)}
	x.effects.Bodies = append(x.effects.Bodies, b)
	return name
}

// isStructOutside reports whether a type is one that another module declares, or a pointer to one.
func (x *extractor) isStructOutside(t types.Type) bool {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() == nil || x.isLocal(n.Obj().Pkg().Path()) {
		return false
	}
	_, ok = n.Underlying().(*types.Struct)
	return ok
}

// isOutside reports whether an address is in a variable, or in a struct, that another module
// declares.
func (w *writer) isOutside(addr ssa.Value) bool {
	if g := ownerOf(addr); g != nil && !w.isLocal(g.Pkg.Pkg.Path()) {
		return true
	}
	f, ok := addr.(*ssa.FieldAddr)
	return ok && w.isStructOutside(f.X.Type())
}

// adapt lets calls of an interface run what users put into a value that is converted to it and has a
// type of another module: an http.HandlerFunc is a function, and an http.Transport has one in a
// field.
func (w *writer) adapt(in *ssa.MakeInterface) {
	t := in.X.Type()
	if !w.isOutsideType(t) {
		return
	}
	held := w.givenIn(t)
	if len(held) == 0 {
		return
	}
	w.hand(in.X, w.handedKey)
	calling := func(m *types.Func) string {
		return w.calling(givenName+w.typeKey(t), method(m.Signature().Params().Len()), held)
	}
	set := w.prog.MethodSets.MethodSet(t)
	for sel := range set.Methods() {
		if m := sel.Obj().(*types.Func); m.Exported() {
			w.answer(methodKey(m), calling(m))
		}
	}
	iface := in.Type().Underlying().(*types.Interface)
	for m := range iface.Methods() {
		w.answer(memberKey(m, iface), calling(m))
	}
}

// givenName begins the names of bodies that call what users put into a value of a type.
const givenName = "(given)\x00"

// givenIn are the function types and interfaces of what users can put into a value of another
// module's type without its help: what it is, and its exported fields.
func (x *extractor) givenIn(t types.Type) []types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return []types.Type{t}
	case *types.Struct:
		var found []types.Type
		for f := range u.Fields() {
			if f.Exported() && !IsError(f.Type()) && isCalledItself(f.Type()) {
				found = append(found, x.heldTypes(f.Type())...)
			}
		}
		return found
	}
	return nil
}

// isOutsideType reports whether another module declares a type, or the one that it points to.
func (x *extractor) isOutsideType(t types.Type) bool {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	return ok && n.Obj().Pkg() != nil && !x.isLocal(n.Obj().Pkg().Path())
}
