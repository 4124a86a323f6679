package cache

import (
	"context"
	"iter"
)

// Controls are the methods of one function's cache, typed by the inputs that identify a result and by the result. Generated code has a
// variable for each function, ForecastCache for Forecast, whose type has them; for a method with per=receiver ForecastCache.Of(r) has,
// and for a generic function ForecastCache[T]().
//
//	err := ForecastCache.Forget(ctx, ForecastArgs{City: "Berlin", Days: 3})
//
// They are safe for concurrent use.
type Controls[A, V any] interface {
	// Lookup returns the result for a that a call would find, with its entry, and executes nothing. The mode of ctx doesn't matter.
	Lookup(ctx context.Context, a A) (V, Entry, bool)
	// Put makes v the result for a, as if an execution had just begun and returned it.
	Put(ctx context.Context, a A, v V) error
	// Forget makes the result for a unusable, in all processes that share the store, and what executions under way come to. With
	// an error other processes may still use it.
	Forget(ctx context.Context, a A) error
	// Key returns the key of the result for a, in hexadecimal digits.
	Key(ctx context.Context, a A) (string, error)
	// Explain says what the key for a is made of, and what a call would find; if that is nothing, why, with the entries that are nearest
	// and how they differ. It executes nothing. It reads up to 1,000 entries of the function, for five seconds at most.
	Explain(ctx context.Context, a A) Explanation
	// Clear makes all results in the function's namespace unusable, in the scope of ctx, in all processes that share the store, and
	// what executions under way come to; so for a generic function those of all type arguments. With an error other processes may
	// still use them.
	Clear(ctx context.Context) error
	// Stats returns the function's counters since the process started.
	Stats() Stats
	// Audit executes the function for the inputs that the store has in full and the filter means, and compares what it returns with
	// the results that a call would find. What differs is replaced, unless the mode lets nothing be written. It needs keep-inputs, and
	// every parameter in the key: else it is [ErrInputsNotKept] or [ErrNotAllKeyed].
	Audit(ctx context.Context, filter Filter) (Audits, error)
	// Inputs goes through the inputs that the store has of the function in the scope of ctx, of all versions, each list once. Inputs
	// that can't be had are an error each, which does not end the sequence; results that were forgotten by tag, or cleared, are there
	// as long as the store has them.
	Inputs(ctx context.Context, filter Filter) iter.Seq2[A, error]
	// Warm calls the function, through its cache, for all inputs: what has a result already costs a look, so a Warm that was cancelled
	// can just be started again. After a new version was deployed,
	//
	//	err := ReportCache.Warm(ctx, ReportCache.Inputs(ctx, cache.Filter{}))
	//
	// makes its results from the inputs of older ones, and with Filter{Failed: true} failed calls are executed again. It goes on after
	// a failure; the error joins the first ten failures, or is ctx's.
	Warm(ctx context.Context, inputs iter.Seq2[A, error], options ...WarmOption) error
}
