package runtime

import (
	"context"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// result is a result in memory under a key that == compares: the arguments themselves, or their encoding as a string.
type result[K comparable, V any] struct {
	engine.Meta
	key K
	val V
}

// Value returns a pointer to the value.
func (r *result[K, V]) Value() any { return &r.val }

// invocation is one call of a function, as the engine sees it.
type invocation[A Args, K comparable, V any] struct {
	spec *Spec[A, V]
	args A
	key  K // args, or their encoding
	call func(context.Context) (V, error)

	own V // what this call's own execution returned, if it ran
	ran bool
}

// Same reports whether other has this call's key.
func (c *invocation[A, K, V]) Same(other engine.Call) bool {
	o, ok := other.(*invocation[A, K, V])
	return ok && o.key == c.key
}

// Holds reports whether h is a result for this call's key.
func (c *invocation[A, K, V]) Holds(h engine.Held) bool {
	r, ok := h.(*result[K, V])
	return ok && r.key == c.key
}

// AppendInputs appends the encoding of what identifies the result.
func (c *invocation[A, K, V]) AppendInputs(b []byte) []byte {
	if key, ok := any(c.key).(string); ok {
		return append(b, key...)
	}
	return c.args.AppendCacheKey(b)
}

// Blank returns a result whose value is yet to be filled in.
func (c *invocation[A, K, V]) Blank() engine.Held { return &result[K, V]{key: c.key} }

// Execute runs the function.
func (c *invocation[A, K, V]) Execute(ctx context.Context) (engine.Held, error) {
	v, err := c.call(ctx)
	c.own, c.ran = v, true
	return &result[K, V]{key: c.key, val: c.copied(v)}, err
}

// Again returns a call with the same key that can execute while this one does.
func (c *invocation[A, K, V]) Again() engine.Call {
	return &invocation[A, K, V]{spec: c.spec, args: c.args, key: c.key, call: c.call}
}

// returns turns what the engine found into what the caller gets.
func (c *invocation[A, K, V]) returns(h engine.Held, err error) (V, error) {
	if c.ran {
		return c.own, err
	}
	if r, ok := h.(*result[K, V]); ok {
		return c.copied(r.val), err
	}
	var zero V
	return zero, err
}

func (c *invocation[A, K, V]) copied(v V) V {
	if c.spec.Clone == nil {
		return v
	}
	return c.spec.Clone(v)
}
