package model

import (
	"slices"
	"strings"
)

// Conflict says that an option doesn't go with others, and why. A term is an option, or an option
// with a value: "max-age", "per=run", "coalesce=off".
type Conflict struct {
	Option string
	With   []string
	Why    string
}

// Conflicts is the table of options that contradict each other.
var Conflicts = []Conflict{
	{"key=fn", []string{"secret"}, "the inputs that are stored are what the function returns: return a digest of the secret there"},
	{"key", []string{"batch"}, "a batch is keyed by its elements"},
	{"secret", []string{"keep-inputs", "keep-failed"}, "they store inputs in full, and a secret never is"},
	{
		"target",
		[]string{"max-age", "stale-while-revalidate", "stale-if-error", "error-max-age"},
		"a target that exists is valid, whatever its age",
	},
	{"target", []string{"tags", "namespace", "salt", "policy", "validate"}, "a target that exists is valid: its path is its whole key"},
	{"target", []string{"serialize"}, "a target has no lease"},
	{"target", []string{"per=run"}, "a target's path doesn't have the run in it"},
	{"target", []string{"keep-inputs", "keep-failed"}, "a target holds the bare result and nothing else"},
	{"target", []string{"secret"}, "a target's path shows every keyed input"},
	{
		"per=receiver",
		[]string{"store", "target", "serialize", "keep-inputs", "keep-failed"},
		"entries of a receiver are in memory and gone with it: they are in no store",
	},
	{"per=receiver", []string{"namespace"}, "entries of a receiver are its own and shared with nobody"},
	{"store=memory", []string{"target", "serialize", "keep-inputs", "keep-failed"}, "what this process alone has is in no store"},
	{"batch", []string{"drop"}, "the one result of a batch is what its elements are cached of"},
	{"serialize", []string{"coalesce=off"}, "one execution among all processes is one in this process too"},
	{"serialize", []string{"batch"}, "batches that overlap would wait for each other's leases"},
	{"batch", []string{"stale-if-error", "error-max-age", "keep-failed"}, "an error of a batch is none of a single element"},
	{
		"max-age=0",
		[]string{"stale-while-revalidate", "stale-if-error"},
		"completed results are never reused, so none is stale; they need a positive max-age",
	},
	{"policy=deep", []string{"policy=body"}, "the version is made from all that the function reaches, or from the function alone"},
}

// term is a parsed term of a conflict.
type term struct{ option, value string }

func parseTerm(s string) term {
	option, value, _ := strings.Cut(s, "=")
	return term{option, value}
}

// stands reports whether what is said of a term holds of an option with a value, too.
func (t term) stands(option term) bool {
	return t.option == option.option && (t.value == "" || t.value == option.value)
}

// GoesWith reports whether an option, such as "per=receiver", contradicts none of those that the
// function has: others are no way out of anything.
func (f *Function) GoesWith(option string) bool {
	it := parseTerm(option)
	return !slices.ContainsFunc(Conflicts, func(c Conflict) bool {
		one := parseTerm(c.Option)
		return slices.ContainsFunc(c.With, func(with string) bool {
			other := parseTerm(with)
			return one.stands(it) && f.set.holds(other) || other.stands(it) && f.set.holds(one)
		})
	})
}

// conflicts reports the settings that contradict each other.
func (b *functionBuilder) conflicts() {
	for _, c := range Conflicts {
		one := parseTerm(c.Option)
		if !b.set.holds(one) {
			continue
		}
		for _, with := range c.With {
			if other := parseTerm(with); b.set.holds(other) {
				b.conflict(c, one, other, with)
			}
		}
	}
}

// conflict reports one contradiction, at what the function says itself, or at the later of two.
func (b *functionBuilder) conflict(c Conflict, one, other term, with string) {
	first, second := b.set[one.option], b.set[other.option]
	at, out := second, ""
	if first.inherited != second.inherited {
		out = first.wayOut() + second.wayOut()
	}
	if second.inherited && !first.inherited || first.inherited == second.inherited && first.Pos.Offset > second.Pos.Offset {
		at = first
	}
	b.errorf(at.Pos, "%s%s does not go with %s%s: %s%s", c.Option, first.where(), with, second.where(), c.Why, out)
}
