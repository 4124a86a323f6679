package runtime

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

// NewFunction returns the cache of the function that spec describes. It takes no memory for results before there is one. It is for
// generated code.
func NewFunction[A ComparableArgs, V any](spec Spec[A, V]) *Function[A, V] {
	return newFunction(&spec, engine.Register(describe(&spec)))
}

func newFunction[A ComparableArgs, V any](spec *Spec[A, V], fn *engine.Function) *Function[A, V] {
	f := new(Function[A, V])
	f.init(spec, fn)
	f.at = func(_ context.Context, a A) (uint64, engine.Call, error) {
		return hashOf(a), f.invocation(a, nil), nil
	}
	f.do = f.Do
	return f
}

func (f *Function[A, V]) invocation(a A, call func(context.Context) (V, error)) *invocation[A, A, V] {
	return &invocation[A, A, V]{base: &f.base, args: a, key: a, call: call}
}

// Hit returns the result for a that is in memory, or nil. It is all that a hit costs: it allocates nothing. The caller must not
// change the result. It is for generated code.
func (f *Function[A, V]) Hit(ctx context.Context, a A) *V {
	if r, ok := f.fn.Hit(ctx, hashOf(a)).(*result[A, V]); ok && r.key == a && f.fn.Usable(&r.Meta) {
		return &r.val
	}
	return nil
}

// Do returns the result for a: found, shared with a call in flight, or made by call, in this goroutine. It may keep a and call.
// It is for generated code.
func (f *Function[A, V]) Do(ctx context.Context, a A, call func(context.Context) (V, error)) (V, error) {
	c := f.invocation(a, call)
	h, err := f.fn.Do(ctx, hashOf(a), c)
	return c.returns(ctx, h, err)
}
