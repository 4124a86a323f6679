package cache

import (
	"context"
	"iter"
	"slices"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/key"
)

// AuditError means that a function returned another result than the kept one: "Report.Temps[2]: 3 ≠
// 4". A clock, the environment or a race can do that, which no version sees.
type AuditError = engine.Different

// Audits is the outcome of executing a function for its stored inputs.
type Audits struct {
	// Audited is the number of results that were compared, Missing the number of inputs without a
	// usable result of this code, Failed the number of executions that returned an error.
	Audited, Missing, Failed int
	// Different are the results that differed, the first hundred of them.
	Different []*AuditError
}

// FunctionAudits is the outcome of executing one function for its stored inputs.
type FunctionAudits struct {
	// Func is the function's name.
	Func string
	Audits
	// Err says why the function can't be executed ([ErrNotAllKeyed], [ErrInputsNotKept],
	// [ErrSecretInputs]), or joins the first ten failures to read what the store has.
	Err error
}

// AuditAll audits the cached functions of this process, one after the other, as Audit of [Controls]
// does. It takes the functions whose names are among names, or end so after a slash or dot; without
// names it takes all. With it, a program can offer what "cachegen cache verify -execute" does:
//
//	for a := range cache.AuditAll(ctx, cache.Filter{}) {
//		fmt.Println(a.Func, a.Audited, a.Different, a.Err)
//	}
//
// It leaves out functions that are disabled, and functions with per=receiver. It ends when ctx
// ends.
func AuditAll(ctx context.Context, filter Filter, names ...string) iter.Seq[FunctionAudits] {
	return func(yield func(FunctionAudits) bool) {
		for _, f := range engine.Functions() {
			c, ok := f.Controls.(interface {
				Audit(context.Context, Filter) (Audits, error)
			})
			if !ok || f.Options.Disabled || !isNamed(f.Name, names) {
				continue
			}
			audits, err := c.Audit(ctx, filter)
			if !yield(FunctionAudits{f.Name, audits, err}) || ctx.Err() != nil {
				return
			}
		}
	}
}

// isNamed reports whether a function is called by one of the names. No names mean all.
func isNamed(function string, names []string) bool {
	return len(names) == 0 || slices.ContainsFunc(names, func(name string) bool { return key.Ends(function, name) })
}
