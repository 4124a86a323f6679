package cacheimpl

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"unsafe"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/hash"
)

// Wrappers call functions and not methods, so that a function's controls don't show methods that
// are not for users.

// Hit returns the result for a that is in f's memory, or nil. It is all that a hit costs: it
// allocates nothing. The caller must not change the result.
func Hit[A ComparableArgs, V any](ctx context.Context, f Core[A, V], a A) *V {
	if h, way := f.core.fn.Hit(ctx, f.core.plan.Of(unsafe.Pointer(&a))); h != nil {
		if r := (*result[A, V])(unsafe.Pointer(h)); r.key == a && f.core.fn.Usable(&r.meta) {
			if way.Observed() {
				way.Tell(ctx, &r.meta)
			}
			return &r.val
		}
	}
	return nil
}

// HitEncoded is Hit for an EncodedFunction: it returns the result under key, the encoding of the
// arguments, and does not keep key.
func HitEncoded[A Args, V any](ctx context.Context, f Core[A, V], key []byte) *V {
	if key == nil {
		return nil
	}
	if h, way := f.core.fn.Hit(ctx, hash.Bytes(key)); h != nil {
		if r := (*result[string, V])(unsafe.Pointer(h)); r.key == string(key) && f.core.fn.Usable(&r.meta) {
			if way.Observed() {
				way.Tell(ctx, &r.meta)
			}
			return &r.val
		}
	}
	return nil
}

// Do returns the result for a. It finds the result, joins a call under way, or calls call in this
// goroutine. It may keep a and call.
func Do[A ComparableArgs, V any](
	ctx context.Context, f Core[A, V], a A, call func(context.Context) (V, error),
) (v V, _ error) {
	r := &result[A, V]{key: a}
	p, err := f.core.do(ctx, &r.meta, &r.key, call)
	if p != nil {
		v = *p.(*V)
	}
	return v, err
}

// do is Do for arguments that are in a blank result.
func (c *core) do(ctx context.Context, m *engine.Meta, args, call any) (any, error) {
	i, hash, err := c.at(ctx, args, call)
	if err != nil {
		return nil, err
	}
	i.blank = c.fn.Made(m)
	return i.do(ctx, hash)
}

// DoEncoded is Do for an EncodedFunction. key is the encoding of a. A nil key means that a has no
// encoding; then DoEncoded calls call. It may keep a and call, but not key.
func DoEncoded[A Args, V any](
	ctx context.Context, f Core[A, V], key []byte, a A, call func(context.Context) (V, error),
) (v V, _ error) {
	p, err := f.core.doEncoded(ctx, key, &a, call)
	if p != nil {
		v = *p.(*V)
	}
	return v, err
}

func (c *core) doEncoded(ctx context.Context, key []byte, args, call any) (any, error) {
	var err error
	if key == nil {
		key, err = c.encodeAgain(ctx, args)
	}
	if err != nil {
		return c.doUnkeyed(ctx, err, call, args)
	}
	i, hash, err := c.keyed(ctx, key, args, call)
	if err != nil {
		return c.doUnkeyed(ctx, err, call, args)
	}
	return i.do(ctx, hash)
}

// DoUnkeyed calls a function whose inputs have no key. err is the reason, or nil.
func DoUnkeyed[A Args, V any](
	ctx context.Context, f Core[A, V], err error, call func(context.Context) (V, error),
) (v V, _ error) {
	p, err := f.core.doUnkeyed(ctx, err, call, nil)
	if p != nil {
		v = *p.(*V)
	}
	return v, err
}

func (c *core) doUnkeyed(ctx context.Context, err error, call, args any) (any, error) {
	why := engine.Unkeyed
	if errors.Is(err, errNoRun) {
		why = engine.NoRun
	}
	if err := c.fn.Unkeyed(ctx, why, err); err != nil {
		return nil, err
	}
	return c.execute(ctx, call, args)
}

// execute returns a pointer to what call returns.
func (c *core) execute(ctx context.Context, call, args any) (any, error) {
	own := reflect.New(c.value()).Interface()
	err := c.run(ctx, call, args, own)
	return own, err
}

// Guard returns what f returns, which is a key or a part of one. If f panics, in a user's method or
// at a nil pointer, Guard returns an error: the inputs have no key.
func Guard[K any](f func() (K, error)) (key K, err error) {
	defer NoKey(&err)
	return f()
}

// NoKey is to be deferred where a part of a key is made. It makes an error of a panic there.
func NoKey(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: making it panicked: %v", engine.ErrUnkeyed, p)
	}
}

// Bypassed tells observers of a call that goes past f's cache, as those of a disabled function do.
func Bypassed[A Args, V any](ctx context.Context, f Core[A, V]) {
	_ = f.core.fn.Unkeyed(ctx, 0, nil)
}

// SetCall sets what executes f's function for some arguments; see [Spec.Call]. It is for init: the
// cache of a function that reaches its own wrapper can't name the function in its initialiser.
func SetCall[A Args, V any](f Core[A, V], call func(context.Context, A) (V, error)) {
	f.core.spec.Call = call
}
