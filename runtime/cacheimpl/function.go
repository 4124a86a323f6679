package cacheimpl

import (
	"context"
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/hash"
)

// Function is the cache of a function whose arguments are compared by ==. Generated code makes it.
// Its methods are safe for concurrent use.
type Function[A ComparableArgs, V any] struct {
	base[A, V]
	plan hash.Plan
}

// NewFunction returns the cache of the function that spec describes. It allocates no memory for
// results before the first one.
func NewFunction[A ComparableArgs, V any](spec Spec[A, V]) *Function[A, V] {
	return newFunction(&spec, engine.Register(describe(&spec)))
}

func newFunction[A ComparableArgs, V any](spec *Spec[A, V], fn *engine.Function) *Function[A, V] {
	f := new(Function[A, V])
	f.plan = hash.PlanOf(reflect.TypeFor[A]())
	fn.Held = heldAt[A, V]
	f.init(spec, fn)
	f.at = func(_ context.Context, a A) (uint64, engine.Call, error) {
		return hash.Of(&f.plan, &a), f.invocation(a, nil), nil
	}
	f.do = func(ctx context.Context, a A, call func(context.Context) (V, error)) (V, error) {
		return Do(ctx, f, a, call)
	}
	return f
}

func (f *Function[A, V]) invocation(a A, call func(context.Context) (V, error)) *invocation[A, A, V] {
	return &invocation[A, A, V]{base: &f.base, args: a, key: a, call: call}
}
