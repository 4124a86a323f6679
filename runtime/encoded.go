package runtime

import (
	"context"
	"hash/maphash"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// EncodedFunction is the cache of one function whose arguments Go cannot compare, or not as the cache must: floats, times,
// pointers, slices, maps. Their encoding is the key. Generated code makes it; its methods are safe for concurrent use.
type EncodedFunction[A Args, V any] struct {
	controls[A, V]
}

// NewEncodedFunction returns the cache of the function that spec describes. It takes no memory for results before there is one.
func NewEncodedFunction[A Args, V any](spec Spec[A, V]) *EncodedFunction[A, V] {
	return newEncodedFunction(&spec, engine.Register(describe(&spec)))
}

func newEncodedFunction[A Args, V any](spec *Spec[A, V], fn *engine.Function) *EncodedFunction[A, V] {
	f := &EncodedFunction[A, V]{controls[A, V]{spec: spec, fn: fn}}
	f.address = func(ctx context.Context, a A) (uint64, engine.Call) {
		key := a.AppendCacheKey([]byte{})
		if spec.Vary != nil {
			key = spec.Vary(ctx, key)
		}
		c := encodedInvocation(spec, key, a, nil)
		if c == nil {
			return 0, nil
		}
		return maphash.Bytes(seed, key), c
	}
	return f
}

func encodedInvocation[A Args, V any](
	spec *Spec[A, V], key []byte, a A, call func(context.Context) (V, error),
) *invocation[A, string, V] {
	if key == nil {
		return nil
	}
	return &invocation[A, string, V]{spec: spec, args: a, key: string(key), call: call}
}

// Hit returns the result that is in memory under key, the encoding of the arguments, or nil. It is all that a hit costs: it
// allocates nothing, and does not keep key. The caller must not change the result. It is for generated code.
func (f *EncodedFunction[A, V]) Hit(ctx context.Context, key []byte) *V {
	if key == nil {
		return nil
	}
	h := f.fn.Hit(ctx, maphash.Bytes(seed, key))
	if r, ok := h.(*result[string, V]); ok && r.key == string(key) && f.fn.Usable(&r.Meta) {
		return &r.val
	}
	return nil
}

// Do returns the result under key, the encoding of a: found, shared with a call in flight, or made by call, in this goroutine.
// A nil key says that a cannot be encoded: call is called. It may keep a and call, but not key. It is for generated code.
func (f *EncodedFunction[A, V]) Do(ctx context.Context, key []byte, a A, call func(context.Context) (V, error)) (V, error) {
	c := encodedInvocation(f.spec, key, a, call)
	if c == nil {
		return f.DoUnkeyed(ctx, nil, call)
	}
	return c.returns(f.fn.Do(ctx, maphash.Bytes(seed, key), c))
}
