package memory

import (
	"go/types"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// What the user's code returns to code outside that called it, code outside has as if it had been
// given it: json.Marshal reads the bytes that a MarshalJSON returns, a template looks into what a
// function returns, errors.As finds what Unwrap returns.

// callable reports whether there may be something in an argument that the function can call.
func (h *handover) callable(a operand) bool {
	return a.refers && slices.ContainsFunc(a.types, func(t types.Type) bool { return IsError(t) || !h.isData(t) })
}

// given are the sources of what the functions return that the function calls.
func (h *handover) given() []facts.Source {
	if h.back.value == 0 {
		return nil
	}
	own := []facts.Source{facts.NewSource(facts.ResultSource, h.back.value, false)}
	return join(own, deep(own))
}

// receives lets the function have what it calls return.
func (h *handover) receives(o *facts.Op, sig *types.Signature) {
	value, err := kindsOf(sig.Results())
	if value {
		o.Result = h.back.value
	}
	if err {
		o.Error = h.back.err
	}
	for v := range sig.Results().Variables() {
		if refers(v.Type()) {
			h.gets(v.Type())
		}
	}
}

// gets notes that something which the function calls returns a value of a type.
func (h *handover) gets(t types.Type) {
	key := h.typeKey(t)
	if !slices.ContainsFunc(h.returned, func(known types.Type) bool { return h.typeKey(known) == key }) {
		h.returned = append(h.returned, t)
	}
}

// looksAtReturned reads what was returned, and calls what is in it. That may return more.
func (h *handover) looksAtReturned() {
	given := h.given()
	if len(given) == 0 {
		return
	}
	for i := 0; i < len(h.returned); i++ {
		t := h.returned[i]
		if IsError(t) && !stdmodel.Fetches(h.id) {
			continue // it hands the error on
		}
		h.load(given, []int{h.reachOf(t)})
		if IsError(t) {
			h.callsUsual(t.Underlying().(*types.Interface), facts.Arg{Value: given}, false)
			continue
		}
		h.handAny(t, h.handedKey)
		if held := h.heldTypes(t); len(held) > 0 {
			h.callHeld(heldName+h.typeKey(t), method(1), held, given[:1])
		}
	}
}

// passesOn reports whether the function may return what something returned that it called.
func (h *handover) passesOn() bool {
	if h.conduct.Copies {
		return false
	}
	for _, t := range h.returned {
		for r := range h.sig.Results().Variables() {
			if !IsError(t) && !IsError(r.Type()) && types.AssignableTo(t, r.Type()) {
				return true
			}
		}
	}
	return false
}

// signaturesOf are the signatures of a function type, or of the methods of an interface.
func signaturesOf(t types.Type) []*types.Signature {
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return []*types.Signature{u}
	case *types.Interface:
		var found []*types.Signature
		for m := range u.Methods() {
			if m.Exported() {
				found = append(found, m.Signature())
			}
		}
		return found
	}
	return nil
}
