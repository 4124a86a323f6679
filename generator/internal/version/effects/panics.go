package effects

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// A value that somebody panics with is seen by those who recover. Where nobody does, nobody sees
// it.

// isPanicking reports whether a source is the variable that holds what somebody panicked with, or
// what is behind it.
func (b *body) isPanicking(s facts.Source) bool {
	return s.Kind() == facts.GlobalSource && b.numbering.globals[s.Number()] == b.numbering.panicking
}

// panics reports whether an operation does no more than to panic with a value.
func (b *body) panics(o *facts.Op) bool {
	return o.Kind == facts.OpKeep && len(o.Base) == 1 && !o.Base[0].Deep() && b.isPanicking(o.Base[0])
}

// recovers reports whether the body can see what somebody panicked with.
func (b *body) recovers() bool {
	sees := func(from []facts.Source) bool { return slices.ContainsFunc(from, b.isPanicking) }
	for i := range b.Ops {
		o := &b.Ops[i]
		if b.panics(o) {
			continue
		}
		if sees(o.Base) || sees(o.Value) || slices.ContainsFunc(o.Args, func(a facts.Arg) bool { return sees(a.Value) }) {
			return true
		}
	}
	return sees(b.Returns) || sees(b.Errors)
}
