package cacheimpl

import (
	"context"

	cache "github.com/cachegen/cachegen/runtime"
)

// Each function that calls these methods has its own copy of them, so they are next to nothing: the
// function's core does the work.

// Lookup returns the result for a that a call would find, with its entry, and executes nothing. The
// mode of ctx doesn't matter.
func (f Function[A, V]) Lookup(ctx context.Context, a A) (v V, _ cache.Entry, ok bool) {
	p, e, ok := f.Core.core.lookup(ctx, &a)
	if ok {
		v = *p.(*V)
	}
	return v, e, ok
}

// Put makes v the result for a, as if an execution had just begun and returned it.
func (f Function[A, V]) Put(ctx context.Context, a A, v V) error { return f.Core.core.put(ctx, &a, &v) }

// Forget makes the result for a unusable, in all processes that share the store. Executions under
// way don't bring it back. After an error other processes may still use the result.
func (f Function[A, V]) Forget(ctx context.Context, a A) error { return f.Core.core.forget(ctx, &a) }

// Key returns the key of the result for a, in hexadecimal digits.
func (f Function[A, V]) Key(ctx context.Context, a A) (string, error) {
	return f.Core.core.keyOf(ctx, &a)
}

// Explain says what the key for a is made of, and whether a call would find a result. If not, it
// says why, and names the nearest entries and their differences. It executes nothing. It reads up
// to 1,000 entries of the function, for five seconds at most.
func (f Function[A, V]) Explain(ctx context.Context, a A) cache.Explanation {
	return f.Core.core.explain(ctx, &a)
}

// Clear makes all results in the function's namespace and in the scope of ctx unusable, in all
// processes that share the store. For a generic function these are the results of all type
// arguments. Executions under way don't bring them back. After an error other processes may still
// use them.
func (f Function[A, V]) Clear(ctx context.Context) error { return f.Core.core.fn.Clear(ctx) }

// Stats returns the function's counters since the process started.
func (f Function[A, V]) Stats() cache.Stats { return cache.Stats(f.Core.core.fn.Stats()) }

// A function's cache is its controls.
func _[A Args, V any](f Function[A, V]) cache.Controls[A, V] { return f }
