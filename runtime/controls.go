package runtime

import (
	"context"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// controls are what users do with the cache of a function, typed by its arguments.
type controls[A Args, V any] struct {
	spec *Spec[A, V]
	fn   *engine.Function
	// address returns where the result for some arguments is in memory, and a call without a function; nil if they have
	// no key.
	address func(context.Context, A) (uint64, engine.Call)
}

// DoUnkeyed calls a function whose inputs have no key, because of err if it is not nil. It is for generated code.
func (c *controls[A, V]) DoUnkeyed(ctx context.Context, err error, call func(context.Context) (V, error)) (V, error) {
	c.fn.Unkeyed(ctx, err)
	return call(ctx)
}

// Stats returns the function's counters since the process started.
func (c *controls[A, V]) Stats() Stats { return Stats(c.fn.Stats()) }

// describe returns the part of a spec that the engine knows.
func describe[A Args, V any](spec *Spec[A, V]) *engine.Function {
	return &engine.Function{
		Name: spec.Name, Version: spec.Version, Modules: spec.Modules, Shape: spec.Shape,
		Options: engine.Options(spec.Options),
	}
}

// Lookup returns the result for a if it is there and may be used, with its entry. It executes nothing.
func (c *controls[A, V]) Lookup(ctx context.Context, a A) (V, Entry, bool) {
	var zero V
	hash, call := c.address(ctx, a)
	if call == nil {
		return zero, Entry{}, false
	}
	h, e, ok := c.fn.Lookup(ctx, hash, call)
	if !ok {
		return zero, Entry{}, false
	}
	v := *h.Value().(*V)
	if c.spec.Clone != nil {
		v = c.spec.Clone(v)
	}
	return v, Entry(e), true
}

// Put makes v the result for a, as if the function had returned it now.
func (c *controls[A, V]) Put(ctx context.Context, a A, v V) error {
	hash, call := c.address(ctx, a)
	if call == nil {
		return ErrUnkeyed
	}
	h := call.Blank()
	if c.spec.Clone != nil {
		v = c.spec.Clone(v)
	}
	*h.Value().(*V) = v
	return c.fn.Put(ctx, hash, call, h)
}

// Forget makes the result for a unusable, in all processes that share the store, and that of executions which are under way.
func (c *controls[A, V]) Forget(ctx context.Context, a A) error {
	hash, call := c.address(ctx, a)
	if call == nil {
		return ErrUnkeyed
	}
	return c.fn.Forget(ctx, hash, call)
}

// Key returns the key of the result for a, in hexadecimal digits.
func (c *controls[A, V]) Key(ctx context.Context, a A) (string, error) {
	_, call := c.address(ctx, a)
	if call == nil {
		return "", ErrUnkeyed
	}
	return c.fn.Key(ctx, call)
}

// Clear makes all results of the function unusable, in all processes that share the store.
func (c *controls[A, V]) Clear(ctx context.Context) error { return c.fn.Clear(ctx) }
