package memory

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// A function returns a value and an error. Who prints the error, or panics with it, has nothing of
// the value. So the results of a call that are errors are one thing, and all others another. A
// result whose type is a type parameter may be either.

// callResult is what a call returns: its errors, or what else it returns. Results of calls that are
// no instructions, because code outside does them, are numbered.
type callResult struct {
	call   ssa.Instruction
	errors bool
	within int
}

// results are the numbers of what a call returns; 0 is none.
type results struct{ value, err int }

// result is the source of what a call returns.
func (t *tracer) result(r callResult) facts.Source {
	n, ok := t.results[r]
	if !ok {
		n = len(t.results) + 1
		t.results[r] = n
	}
	return facts.NewSource(facts.ResultSource, n, false)
}

// withinResult numbers what functions return that code outside calls.
func (t *tracer) withinResult() int {
	return t.result(callResult{within: len(t.results) + 1}).Number()
}

// resultsOfType are the sources of a result of a call that has a type, or of all of a tuple.
func (t *tracer) resultsOfType(in ssa.Instruction, typ types.Type) []facts.Source {
	var from []facts.Source
	value, err := kindsOf(typ)
	if value {
		from = join(from, []facts.Source{t.result(callResult{call: in})})
	}
	if err {
		from = join(from, []facts.Source{t.result(callResult{call: in, errors: true})})
	}
	return from
}

// kindsOf reports whether results of a type may be values that lead to memory, and errors.
func kindsOf(t types.Type) (value, err bool) {
	switch u := types.Unalias(t).(type) {
	case *types.Tuple:
		for v := range u.Variables() {
			v, e := kindsOf(v.Type())
			value, err = value || v, err || e
		}
		return value, err
	case *types.TypeParam:
		return true, true
	}
	return refers(t) && !IsError(t), IsError(t)
}

// resultsOf numbers what a call returns.
func (w *writer) resultsOf(in ssa.CallInstruction) results {
	v := in.Value()
	if v == nil {
		return results{}
	}
	var n results
	value, err := kindsOf(v.Type())
	if value {
		n.value = w.result(callResult{call: in}).Number()
	}
	if err {
		n.err = w.result(callResult{call: in, errors: true}).Number()
	}
	return n
}

// returns notes what a result of a type may be.
func returns(b *facts.Body, t types.Type, from []facts.Source) {
	value, err := kindsOf(t)
	if value {
		b.Returns = join(b.Returns, from)
	}
	if err {
		b.Errors = join(b.Errors, from)
	}
}

// returnsAll notes what any result may be.
func returnsAll(b *facts.Body, from []facts.Source) {
	b.Returns, b.Errors = join(b.Returns, from), join(b.Errors, from)
}
