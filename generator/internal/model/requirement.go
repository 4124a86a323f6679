package model

import (
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// Requirement says what a function must have for an option.
type Requirement struct {
	Option string // a term, as in [Conflict]
	Needs  string
	Why    string

	met func(b *functionBuilder) bool
	// vacuous says that the option means nothing for the function, rather than something else than
	// was meant: then one of the package's default is left out for it. nil: never.
	vacuous func(b *functionBuilder) bool
}

// Requirements is the table of what options need.
var Requirements = []Requirement{
	{"vary", "a context.Context as first parameter", "it asks the context", hasContext, noContext},
	{"per=run", "a context.Context as first parameter", "the run is in the context", hasContext, nil},
	{
		"per=receiver", "a pointer receiver of a type with a size",
		"entries go with the receiver, and values without a size share an address", hasIdentity, nil,
	},
	{"stale-if-error", "an error as last result", "nothing else says that the function failed", hasError, withoutError},
	{"error-max-age", "an error as last result", "nothing else says that the function failed", hasError, withoutError},
	{"keep-failed", "an error as last result", "nothing else says that the function failed", hasError, withoutError},
	{"stale-while-revalidate", "max-age", "an entry without an age is never stale", hasAge, nil},
	{"stale-if-error", "max-age", "an entry without an age is never stale", hasAge, nil},
	{"max-age=fn", "a result besides the error", "the function judges results", hasValue, withoutValue},
	{"unless", "a result besides the error", "it judges results", hasValue, withoutValue},
	{"target", "a result besides the error", "the target holds it", hasValue, nil},
	{"types", "a result besides the error", "they are behind interfaces in it", hasValue, nil},
	{"drop", "a result besides the error", "that is what is kept or not", hasValue, nil},
}

func hasContext(b *functionBuilder) bool   { return b.f.Context != nil }
func hasError(b *functionBuilder) bool     { return b.f.HasError }
func withoutError(b *functionBuilder) bool { return !b.f.HasError }
func hasValue(b *functionBuilder) bool     { return len(b.f.Values) > 0 }
func withoutValue(b *functionBuilder) bool { return len(b.f.Values) == 0 }

// noContext reports whether the function has no context at all: one that isn't the first parameter
// could vary results.
func noContext(b *functionBuilder) bool {
	for _, p := range b.f.Params {
		if stdmodel.IsContext(p.Var.Type()) {
			return false
		}
	}
	return true
}

func hasAge(b *functionBuilder) bool { return b.set.flag("max-age") }

// hasIdentity reports whether receivers are told apart by their address.
func hasIdentity(b *functionBuilder) bool {
	if b.f.Receiver == nil {
		return false
	}
	p, ok := types.Unalias(b.f.Receiver.Var.Type()).(*types.Pointer)
	return ok && !sizeless(p.Elem())
}

// sizeless reports whether values of t can be without a size; a type parameter can.
func sizeless(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return true
	}
	switch t := t.Underlying().(type) {
	case *types.Struct:
		for f := range t.Fields() {
			if !sizeless(f.Type()) {
				return false
			}
		}
		return true
	case *types.Array:
		return t.Len() == 0 || sizeless(t.Elem())
	}
	return false
}

// requirements reports options whose needs the function doesn't meet. They are left out, as are
// those of the package's default that mean nothing for the function.
func (b *functionBuilder) requirements() {
	for _, r := range Requirements {
		t := parseTerm(r.Option)
		if !b.set.holds(t) || r.met(b) {
			continue
		}
		one := b.set[t.option]
		if !one.inherited || r.vacuous == nil || !r.vacuous(b) {
			b.errorf(one.Pos, "%s%s needs %s: %s%s", r.Option, one.where(), r.Needs, r.Why, one.wayOut())
		}
		delete(b.set, t.option)
	}
}
