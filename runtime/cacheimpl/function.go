package cacheimpl

import (
	"context"
	"hash/maphash"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// seed makes the hashes of the memory tier unpredictable from outside, and different in each process.
var seed = maphash.MakeSeed()

func hashOf[A comparable](a A) uint64 { return maphash.Comparable(seed, a) }

// Function is the cache of one function whose arguments Go compares as the cache must. Generated code makes it; its methods are
// safe for concurrent use.
type Function[A ComparableArgs, V any] struct {
	base[A, V]
}

// NewFunction returns the cache of the function that spec describes. It takes no memory for results before there is one.
func NewFunction[A ComparableArgs, V any](spec Spec[A, V]) *Function[A, V] {
	return newFunction(&spec, engine.Register(describe(&spec)))
}

func newFunction[A ComparableArgs, V any](spec *Spec[A, V], fn *engine.Function) *Function[A, V] {
	f := new(Function[A, V])
	fn.Held = heldAt[A, V]
	f.init(spec, fn)
	f.at = func(_ context.Context, a A) (uint64, engine.Call, error) {
		return hashOf(a), f.invocation(a, nil), nil
	}
	f.do = func(ctx context.Context, a A, call func(context.Context) (V, error)) (V, error) {
		return Do(ctx, f, a, call)
	}
	return f
}

func (f *Function[A, V]) invocation(a A, call func(context.Context) (V, error)) *invocation[A, A, V] {
	return &invocation[A, A, V]{base: &f.base, args: a, key: a, call: call}
}
