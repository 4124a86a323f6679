package cacheimpl

import (
	"context"
	"errors"
	"fmt"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/hash"
)

// Wrappers call functions and not methods, so that a function's controls don't show methods that
// are not for users.

// Hit returns the result for a in f's memory, or nil. It is the whole cost of a hit, and allocates
// nothing. The caller must not change the result.
func Hit[A ComparableArgs, V any](ctx context.Context, f *Function[A, V], a A) *V {
	if h, way := f.fn.Hit(ctx, hash.Of(&f.plan, &a)); h != nil {
		if r := resultAt[A, V](h); r.key == a && f.fn.Usable(&r.Meta) {
			if way.Observed() {
				way.Tell(ctx, r)
			}
			return &r.val
		}
	}
	return nil
}

// HitEncoded is Hit for an EncodedFunction: it returns the result under key, the encoding of the
// arguments, and does not keep key.
func HitEncoded[A Args, V any](ctx context.Context, f *EncodedFunction[A, V], key []byte) *V {
	if key == nil {
		return nil
	}
	if h, way := f.fn.Hit(ctx, hash.Bytes(key)); h != nil {
		if r := resultAt[string, V](h); r.key == string(key) && f.fn.Usable(&r.Meta) {
			if way.Observed() {
				way.Tell(ctx, r)
			}
			return &r.val
		}
	}
	return nil
}

// Do returns the result for a. It finds the result, joins a call under way, or calls call in this
// goroutine. It may keep a and call.
func Do[A ComparableArgs, V any](
	ctx context.Context, f *Function[A, V], a A, call func(context.Context) (V, error),
) (V, error) {
	c := f.invocation(a, call)
	h, err := f.fn.Do(ctx, hash.Of(&f.plan, &a), c)
	return c.returns(ctx, h, err)
}

// DoEncoded is Do for an EncodedFunction. key is the encoding of a. A nil key means that a has no
// encoding; then DoEncoded calls call. It may keep a and call, but not key.
func DoEncoded[A Args, V any](
	ctx context.Context, f *EncodedFunction[A, V], key []byte, a A, call func(context.Context) (V, error),
) (V, error) {
	if key == nil {
		key = f.varied(ctx, largeEncodingOf(ctx, a))
	}
	c, hash, err := f.invocation(ctx, key, a, call)
	if err != nil {
		return DoUnkeyed(ctx, f, err, call)
	}
	h, err := f.fn.Do(ctx, hash, c)
	return c.returns(ctx, h, err)
}

// cached is the cache of a function of either kind.
type cached[A Args, V any] interface{ core() *base[A, V] }

// DoUnkeyed calls a function whose inputs have no key. err is the reason, or nil.
func DoUnkeyed[A Args, V any](
	ctx context.Context, f cached[A, V], err error, call func(context.Context) (V, error),
) (V, error) {
	why := engine.Unkeyed
	if errors.Is(err, errNoRun) {
		why = engine.NoRun
	}
	if err := f.core().fn.Unkeyed(ctx, why, err); err != nil {
		var none V
		return none, err
	}
	return call(ctx)
}

// Identify calls f, which returns a part of a key. If f panics, in a user's method or at a nil
// pointer, Identify returns an error: the inputs have no key.
func Identify[K any](f func() (K, error)) (id K, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: making it panicked: %v", engine.ErrUnkeyed, r)
		}
	}()
	return f()
}

// Bypassed tells observers of a call that bypasses f's cache, such as a call of a disabled
// function.
func Bypassed[A Args, V any](ctx context.Context, f cached[A, V]) {
	_ = f.core().fn.Unkeyed(ctx, 0, nil)
}

// SetCall sets the function that executes f's function for some arguments; see [Spec.Call].
// Generated code calls it in an init function if the function reaches its own wrapper: then the
// initialiser of the cache can't name the function.
func SetCall[A Args, V any](f cached[A, V], call func(context.Context, A) (V, error)) {
	f.core().spec.Call = call
}
