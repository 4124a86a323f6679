package memory

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// caller is a body that calls what a value holds: the value is one of its parameters, or captured.
// A reviewed function of a package calls what the package keeps with what it is given itself, and
// not with something else that the package keeps.
type caller struct {
	params   int
	captured bool
	keeps    bool
}

// method is a caller that is called as a method with so many parameters, function one that is
// called as a function.
func method(params int) caller   { return caller{params: params + 1} }
func function(params int) caller { return caller{params: params, captured: true} }

// calling makes a body that calls functions, and methods of interfaces, that a value holds, with
// what its parameters lead to. It returns what they return.
func (x *extractor) calling(name string, c caller, held []types.Type) string {
	name = fmt.Sprintf("%s\x00%d %t %t", name, c.params, c.captured, c.keeps)
	if x.values[name] {
		return name
	}
	x.values[name] = true
	b := &facts.Body{Name: name, Units: [][]facts.ID{nil}}
	something := x.typeRow(types.NewInterfaceType(nil, nil))
	holder := 0
	if c.captured {
		holder, b.Free = c.params, 1
	}
	var given []facts.Source
	for i := range c.params + b.Free {
		b.Params = append(b.Params, something)
		if c.keeps && i == holder {
			continue
		}
		given = append(given, facts.NewSource(facts.ParamSource, i, false), facts.NewSource(facts.ParamSource, i, true))
	}
	from := []facts.Source{facts.NewSource(facts.ParamSource, holder, false), facts.NewSource(facts.ParamSource, holder, true)}
	made := 0
	call := func(o facts.Op, sig *types.Signature) {
		o.Kind = facts.OpInvoke
		for v := range sig.Params().Variables() {
			var a facts.Arg
			if refers(v.Type()) {
				a.Value = given
			}
			o.Args = append(o.Args, a)
		}
		value, err := kindsOf(sig.Results())
		if err {
			made++
			o.Error = made
			b.Errors = join(b.Errors, []facts.Source{facts.NewSource(facts.ResultSource, made, false)})
		}
		if !value {
			b.Ops = append(b.Ops, o)
			return
		}
		made++
		o.Result = made
		result := []facts.Source{facts.NewSource(facts.ResultSource, made, false)}
		b.Ops = append(b.Ops, o)
		b.Returns = join(b.Returns, result)
		if c.captured { // as the function that sync.OnceValue returns
			b.Ops = append(b.Ops, facts.Op{Kind: facts.OpKeep, Base: from[:1], Value: result})
		}
	}
	for _, t := range held {
		switch u := t.Underlying().(type) {
		case *types.Signature:
			call(facts.Op{Key: x.handedKey(u), Base: from}, u)
		case *types.Interface:
			for m := range u.Methods() {
				if m.Exported() {
					call(facts.Op{Key: memberKey(m, u), Args: []facts.Arg{{Value: from}}}, m.Signature())
				}
			}
			if names := methodNames(u); len(names) > 0 {
				made++
				result := facts.NewSource(facts.ResultSource, made, false)
				b.Ops = append(b.Ops, facts.Op{
					Kind: facts.OpInvoke, Key: facts.MemberKey(optionalKey(declaring(t)), names),
					Args: []facts.Arg{{Value: from}, {Value: given}, {Value: given}, {Value: given}}, Result: made, Error: made,
				})
				b.Returns, b.Errors = join(b.Returns, []facts.Source{result}), join(b.Errors, []facts.Source{result})
			}
		}
	}
	x.effects.Bodies = append(x.effects.Bodies, b)
	return name
}

// declaring is the path of the package that declares a type, "" if it has no name.
func declaring(t types.Type) string {
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return pathOf(n.Obj())
	}
	return ""
}

// memberKey is the key by which a method is called of types that have all methods of an interface.
func memberKey(m *types.Func, of *types.Interface) string {
	return facts.MemberKey(methodKey(m), methodNames(of))
}

// heldName begins the names of bodies that call what a value of a type holds.
const heldName = "(held)\x00"

// callsHeld lets a function outside call what its arguments hold, and what its package keeps.
func (h *handover) callsHeld(operands []operand) {
	for i, a := range operands {
		if !a.refers || h.asksLittle(i) || a.value != nil && h.madeOfData(a.value) {
			continue
		}
		for _, t := range a.types {
			if !isCalledItself(t) {
				h.callHeld(heldName+h.typeKey(t), method(1), h.heldTypes(t), a.own)
			}
		}
	}
	if h.keepsSomething() {
		c := method(1)
		c.keeps = !h.unknown
		h.callHeld(keptName+h.path, c, h.keptByPackage(h.pkg), []facts.Source{h.module()})
	}
	if h.callsFunctions() && len(h.all) > 0 {
		o := facts.Op{
			Kind: facts.OpInvoke, Key: facts.ConvertedKey, Base: h.all, Result: h.back.value, Error: h.back.err, Sunk: h.conduct.Logs,
		}
		h.load(h.given(), []int{h.location(facts.Anything)})
		for range maxReflected {
			o.Args = append(o.Args, facts.Arg{Value: h.all})
		}
		h.op(o)
		if h.unknown && stdmodel.CallsByReflection(h.doing) {
			o.Key = facts.ReflectedKey
			h.op(o)
		}
	}
	h.wraps()
}

// maxReflected is how many parameters are told apart of functions that are called by reflection.
const maxReflected = 16

// callsFunctions reports whether the function may call functions that it finds in values by
// reflection.
func (h *handover) callsFunctions() bool {
	return h.conduct.Reflects && !(stdmodel.IsPath(h.path) && stdmodel.AsksTheUsual(h.path))
}

// wraps notes that results hold what the function was given, behind other interfaces: who reads
// from an io.TeeReader writes, and who calls the next of iter.Pull runs the iterator.
func (h *handover) wraps() {
	var results, given []types.Type
	for i := range h.sig.Results().Len() {
		if len(h.heldTypes(h.generic.Results().At(i).Type())) > 0 { // what a type parameter stands for is handed through
			results = append(results, h.heldTypes(h.sig.Results().At(i).Type())...)
		}
	}
	if len(results) == 0 {
		return
	}
	for i := range h.sig.Params().Len() {
		if isCalledItself(elementOf(h.generic.Params().At(i).Type())) {
			given = append(given, h.heldTypes(h.sig.Params().At(i).Type())...)
		}
	}
	seen := map[string]bool{}
	for _, outer := range results {
		seen[h.typeKey(outer)] = true
	}
	for _, inner := range given {
		offered := slices.ContainsFunc(results, func(outer types.Type) bool { return offers(outer, inner) })
		if key := h.typeKey(inner); !seen[key] && !offered { // else it is called as what the result holds
			seen[key] = true
			for _, outer := range results {
				h.wrap(outer, inner)
			}
		}
	}
}

// offers reports whether one interface has all methods of another: an io.ReadCloser hands Read on
// as Read.
func offers(outer, inner types.Type) bool {
	i, ok := inner.Underlying().(*types.Interface)
	return ok && types.IsInterface(outer) && types.Implements(outer, i)
}

// wrap notes that calls of one type may run what is of another.
func (x *extractor) wrap(outer, inner types.Type) {
	switch u := outer.Underlying().(type) {
	case *types.Signature:
		x.foreignCaller(x.callKey(u), inner, function(u.Params().Len()))
	case *types.Interface:
		for m := range u.Methods() {
			if m.Exported() {
				c := method(m.Signature().Params().Len())
				x.foreignCaller(methodKey(m), inner, c)
				x.foreignCaller(memberKey(m, u), inner, c)
			}
		}
	}
}

// foreignCaller lets calls by a key run what a value of a type is.
func (x *extractor) foreignCaller(key string, held types.Type, c caller) {
	x.answer(key, x.calling(heldName+x.typeKey(held), c, []types.Type{held}))
}

// callHeld calls what a value holds, or writes to it.
func (h *handover) callHeld(name string, c caller, held []types.Type, from []facts.Source) {
	if len(held) == 0 {
		return
	}
	all := join(from, deep(from))
	o := facts.Op{
		Kind: facts.OpInvoke, Callee: h.calling(name, c, held), Args: []facts.Arg{{Value: all}, {Value: h.all}},
		Sunk: h.conduct.Logs,
	}
	for _, t := range held {
		for _, sig := range signaturesOf(t) {
			h.receives(&o, sig)
		}
	}
	h.op(o)
	if !h.conduct.Logs {
		return // what it writes there is what the model says
	}
	for _, t := range held {
		if types.IsInterface(t) {
			h.mayStore(all, []int{h.statesOf(t)})
		}
	}
}

// keptName begins the names of bodies that call what a package keeps.
const keptName = "(kept)\x00"

// asksLittle reports whether the function knows nothing of an argument, and calls no more of its
// methods than those that are asked for of any value.
func (h *handover) asksLittle(i int) bool {
	if h.unknown || h.conduct.Reflects {
		return false
	}
	t := h.parameter(i)
	if t == nil {
		return false
	}
	iface, ok := elementOf(t).Underlying().(*types.Interface)
	return ok && iface.NumMethods() == 0
}
