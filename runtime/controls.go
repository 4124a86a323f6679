package cache

import (
	"context"
	"iter"
)

// Controls are the controls of one function's cache. A are the inputs that identify a result, and V
// is the result. Generated code has a variable with these methods for each function: ForecastCache
// for Forecast. For a method with per=receiver it is ForecastCache.Of(r), and for a generic
// function ForecastCache[T]().
//
//	err := ForecastCache.Forget(ctx, ForecastArgs{City: "Berlin", Days: 3})
//
// All methods are safe for concurrent use.
type Controls[A, V any] interface {
	// Lookup returns the result that a call with a would find, with its entry. It executes nothing,
	// and ignores the mode of ctx.
	Lookup(ctx context.Context, a A) (V, Entry, bool)
	// Put makes v the result for a, as if an execution had just begun and returned it.
	Put(ctx context.Context, a A, v V) error
	// Forget makes the result for a unusable, in all processes that share the store. Results of
	// executions under way become unusable too. After an error other processes may still use the
	// old result.
	Forget(ctx context.Context, a A) error
	// Key returns the key of the result for a, as 64 hexadecimal digits.
	Key(ctx context.Context, a A) (string, error)
	// Explain returns the parts of the key for a, and what a call would find. If it would find
	// nothing, the explanation has the reason, and the nearest entries with their differences.
	// Explain executes nothing. It reads up to 1,000 entries of the function, for five seconds at
	// most.
	Explain(ctx context.Context, a A) Explanation
	// Clear makes all results in the function's namespace unusable, in the scope of ctx, in all
	// processes that share the store. Results of executions under way become unusable too. For a
	// generic function it clears the results of all type arguments. After an error other processes
	// may still use the old results.
	Clear(ctx context.Context) error
	// Stats returns the function's counters since the process started.
	Stats() Stats
	// Audit executes the function for the stored inputs that pass the filter, and compares each
	// result with the result that a call would find. A new result replaces an old one that differs,
	// unless the mode forbids writes. Audit needs keep-inputs, and every parameter must be in the
	// key; otherwise it returns [ErrInputsNotKept] or [ErrNotAllKeyed].
	Audit(ctx context.Context, filter Filter) (Audits, error)
	// Inputs yields the stored inputs of the function, in the scope of ctx, of all versions, each
	// once. It yields an error for inputs that can't be read, and goes on. Inputs of results that
	// were cleared or forgotten by a tag are among them, as long as the store has them.
	Inputs(ctx context.Context, filter Filter) iter.Seq2[A, error]
	// Warm calls the function, through its cache, for all inputs. Inputs that have a result only
	// cost a look, so you can start a cancelled Warm again. After the deployment of a new version,
	//
	//	err := ReportCache.Warm(ctx, ReportCache.Inputs(ctx, cache.Filter{}))
	//
	// computes the new version's results from the inputs of older versions. With Filter{Failed:
	// true} it executes failed calls again. Warm goes on after a failure. Its error joins the first
	// ten failures, or is the error of ctx.
	Warm(ctx context.Context, inputs iter.Seq2[A, error], options ...WarmOption) error
}
