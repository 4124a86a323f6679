package cache

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// AuditError says that a function returns something else than what is kept of it: "Report.Temps[2]: 3 ≠ 4". Clocks, environments and races
// do that, which no version can see.
type AuditError = engine.Different

// Audits is what executing a function for its stored inputs came to.
type Audits struct {
	// Audited is how many results were compared, Missing how many inputs have no usable result of this code, Failed how many
	// executions returned an error.
	Audited, Missing, Failed int
	// Different are the results that differed, the first hundred of them.
	Different []*AuditError
}

// FunctionAudits is what executing one function for its stored inputs came to.
type FunctionAudits struct {
	// Func is the function's name.
	Func string
	Audits
	// Err says why the function can't be executed ([ErrNotAllKeyed], [ErrInputsNotKept], [ErrSecretInputs]), or joins the first ten
	// failures to read what the store has.
	Err error
}

// AuditAll does what Audit of [Controls] does for the cached functions of this process, one after the other: those whose names are among
// names, or end so after a slash or dot, and without names all of them. A program offers with it what "cachegen cache verify -execute" does:
//
//	for a := range cache.AuditAll(ctx, cache.Filter{}) {
//		fmt.Println(a.Func, a.Audited, a.Different, a.Err)
//	}
//
// Functions that are disabled, or whose results go with a receiver, are left out. It ends when ctx does.
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

// isNamed reports whether a name, or its end after a slash or dot, is among names. No names mean all.
func isNamed(name string, names []string) bool {
	if len(names) == 0 {
		return true
	}
	return slices.ContainsFunc(names, func(end string) bool {
		head, ok := strings.CutSuffix(name, end)
		return ok && (head == "" || strings.HasSuffix(head, "/") || strings.HasSuffix(head, "."))
	})
}
