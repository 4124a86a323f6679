package cacheimpl

import (
	"context"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// Function is the cache of one function, and its controls. Generated code makes it; its methods are
// safe for concurrent use.
//
// A program has a copy of what is generic for each function. So that is next to nothing, and what
// it calls is compiled once. Wrappers pass the Core, which has no methods: so the linker leaves out
// the controls that a program doesn't call. It keeps all methods of a type that a generic function
// takes or returns.
type Function[A Args, V any] struct {
	// Core is what wrappers call.
	Core Core[A, V]
}

// Core is the cache of one function, for what wrappers call.
type Core[A Args, V any] struct{ core *core }

// EncodedFunction is a Function whose arguments Go cannot compare, or not as the cache must:
// floats, times, pointers, slices, maps; or whose key has more to it. What identifies a result is
// the key, encoded.
type EncodedFunction[A Args, V any] = Function[A, V]

// New returns the cache of the function that spec describes, whose arguments Go compares as the
// cache must. It takes no memory for results before there is one.
func New[A ComparableArgs, V any](spec Spec) Core[A, V] {
	return Core[A, V]{newCore(&spec, kind{(*A)(nil), (*result[A, V])(nil), run[A, V]})}
}

// NewEncoded is New for an [EncodedFunction].
func NewEncoded[A Args, V any](spec Spec) Core[A, V] {
	return Core[A, V]{newCore(&spec, kind{(*A)(nil), (*result[string, V])(nil), run[A, V]})}
}

// run calls a func(context.Context) (V, error), or one that takes an A too for that which args
// points to, and sets the V that own points to.
func run[A, V any](ctx context.Context, call, args, own any) (err error) {
	switch call := call.(type) {
	case func(context.Context) (V, error):
		*own.(*V), err = call(ctx)
	case func(context.Context, A) (V, error):
		*own.(*V), err = call(ctx, *args.(*A))
	}
	return err
}

// NewFunction returns the cache that New does, with its controls, all of which the linker keeps
// then.
func NewFunction[A ComparableArgs, V any](spec Spec) Function[A, V] {
	return Function[A, V]{New[A, V](spec)}
}

// NewEncodedFunction is NewFunction for an EncodedFunction.
func NewEncodedFunction[A Args, V any](spec Spec) EncodedFunction[A, V] {
	return Function[A, V]{NewEncoded[A, V](spec)}
}

// result is a result in memory under a key that == compares: the arguments themselves, or what
// identifies the result as a string.
//
// All entries of a function's memory are results of one type: what else is there to say of an entry
// is the caller's to know, for a pointer to it that said so would cost every entry 16 bytes. The
// Meta is not embedded, for its methods would be code for each function.
type result[K comparable, V any] struct {
	meta engine.Meta
	key  K
	val  V
}
