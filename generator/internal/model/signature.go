package model

import (
	"go/types"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/naming"
)

// slot is a type that a signature wants: one of the program, or one by its name, whether the
// program has it or not. The zero slot is any type: K.
type slot struct {
	typ        types.Type
	path, name string
}

func named(path, name string) slot { return slot{path: path, name: name} }

func basic(name string) slot { return slot{typ: types.Universe.Lookup(name).Type()} }

func (s slot) matches(t types.Type) bool {
	switch {
	case s.typ != nil:
		return types.Identical(s.typ, t)
	case s.name != "":
		return isNamed(t, s.path, s.name)
	}
	return true
}

func (s slot) text(typeString func(types.Type) string) string {
	switch {
	case s.typ != nil:
		return typeString(s.typ)
	case s.path == naming.RuntimePath:
		return "cache." + s.name
	case s.name != "":
		return s.path + "." + s.name
	}
	return "K"
}

// signature is what the function of an option has to look like.
type signature struct {
	params   []slot
	variadic bool
	results  []slot
	// receiver may come first, if it is not nil; an error may come last, if mayFail.
	receiver types.Type
	mayFail  bool
}

var (
	varySignature = signature{params: []slot{named("context", "Context")}, results: []slot{{}}}

	policySignature = signature{
		params:  []slot{named("context", "Context"), named(naming.RuntimePath, "VersionParams")},
		results: []slot{basic("string"), basic("error")},
	}
)

// keySignature is that of a key function: the same parameters, and what identifies the result.
func (b *functionBuilder) keySignature() signature {
	s := signature{results: []slot{{}}, mayFail: true, variadic: b.f.Obj.Signature().Variadic()}
	for _, p := range b.f.Params {
		s.params = append(s.params, slot{typ: p.Var.Type()})
	}
	if b.f.Receiver != nil {
		s.receiver = b.f.Receiver.Var.Type()
	}
	return s
}

// validateSignature is that of a validate function.
func (b *functionBuilder) validateSignature() signature {
	s := b.resultsSignature(basic("bool"))
	s.params = append([]slot{named("context", "Context"), named(naming.RuntimePath, "Entry")}, s.params...)
	return s
}

// resultsSignature is that of a function of the results: those without the error, of one element
// for a batch.
func (b *functionBuilder) resultsSignature(result slot) signature {
	s := signature{results: []slot{result}}
	for _, v := range b.f.Kept() {
		t := v.Var.Type()
		if m, ok := t.Underlying().(*types.Map); ok && b.f.Options.Batch != nil {
			t = m.Elem()
		}
		s.params = append(s.params, slot{typ: t})
	}
	return s
}

// match compares a function's signature with the wanted one.
func (s signature) match(found *types.Signature, ref *FuncRef) bool {
	params := variables(found.Params())
	if s.receiver != nil && len(params) == len(s.params)+1 && types.Identical(params[0], s.receiver) {
		ref.WithReceiver = true
		params = params[1:]
	}
	results := variables(found.Results())
	if s.mayFail && len(results) == len(s.results)+1 && basic("error").matches(results[len(results)-1]) {
		ref.WithError = true
		results = results[:len(results)-1]
	}
	return s.variadic == found.Variadic() && matchAll(s.params, params) && matchAll(s.results, results)
}

func matchAll(wanted []slot, found []types.Type) bool {
	if len(wanted) != len(found) {
		return false
	}
	for i, s := range wanted {
		if !s.matches(found[i]) {
			return false
		}
	}
	return true
}

func variables(tuple *types.Tuple) []types.Type {
	var list []types.Type
	for v := range tuple.Variables() {
		list = append(list, v.Type())
	}
	return list
}

// text is the signature as Go writes it, with K for any type that can be in a key.
func (s signature) text(typeString func(types.Type) string) string {
	var params, results []string
	for i, p := range s.params {
		text := p.text(typeString)
		if s.variadic && i == len(s.params)-1 {
			text = "..." + strings.TrimPrefix(text, "[]")
		}
		params = append(params, text)
	}
	for _, r := range s.results {
		results = append(results, r.text(typeString))
	}
	text := "func(" + strings.Join(params, ", ") + ") "
	if len(results) > 1 {
		text += "(" + strings.Join(results, ", ") + ")"
	} else {
		text += results[0]
	}
	if s.mayFail {
		text += " or (" + results[0] + ", error)"
	}
	if s.receiver != nil {
		text += ", optionally with the receiver (" + typeString(s.receiver) + ") first"
	}
	return text
}
