package cacheimpl

import (
	"bytes"
	"context"
	"crypto/sha256"
	"unsafe"

	"github.com/cachegen/cachegen/runtime/internal/canon"
	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/internal/memory"
)

// result is a result in memory under a key that == compares: the arguments themselves, or what
// identifies the result as a string.
type result[K comparable, V any] struct {
	engine.Meta
	key K
	val V
}

// resultAt returns the result that begins with a header. All entries of a function's memory are
// results of one type: what else is there to say of an entry is the caller's to know, for a pointer
// to it that said so would cost every entry 16 bytes.
func resultAt[K comparable, V any](h *memory.Header) *result[K, V] {
	return (*result[K, V])(unsafe.Pointer(h))
}

func heldAt[K comparable, V any](h *memory.Header) engine.Held { return resultAt[K, V](h) }

// Value returns a pointer to the value.
func (r *result[K, V]) Value() any { return &r.val }

// Keyed returns a pointer to what identifies the value.
func (r *result[K, V]) Keyed() any { return &r.key }

// invocation is one call of a function, as the engine sees it.
type invocation[A Args, K comparable, V any] struct {
	base *base[A, V]
	args A
	key  K
	call func(context.Context) (V, error)
	answers

	own   V // what this call's own execution returned, if it ran
	made  *result[K, V]
	ran   bool
	moved bool // whether the inputs changed meanwhile
}

// answers are what joins the inputs in a key.
type answers struct {
	inputs   []byte // the inputs' encoding; nil: the arguments have it
	run      string
	policies []string
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

// Key returns the key in stores.
func (c *invocation[A, K, V]) Key(p key.Prefix) key.Key {
	var buf [256]byte
	return p.Key(c.run, c.policies, c.encoding(buf[:0]))
}

func (c *invocation[A, K, V]) encoding(b []byte) []byte {
	if c.inputs != nil {
		return c.inputs
	}
	return encodingOf(context.Background(), c.args, b)
}

// Inputs returns what an entry tells about the inputs.
func (c *invocation[A, K, V]) Inputs(full bool) entry.Inputs {
	var buf [256]byte
	digest := sha256.Sum256(c.encoding(buf[:0]))
	in := entry.Inputs{Digest: digest[:], Preview: entry.Preview(c.args, c.base.secrets())}
	if full {
		in.Full = c.base.storedInputs(c.args)
	}
	return in
}

// Blank returns a result whose value is yet to be filled in.
func (c *invocation[A, K, V]) Blank() engine.Held { return &result[K, V]{key: c.key} }

// Execute runs the function.
func (c *invocation[A, K, V]) Execute(ctx context.Context) (engine.Held, error) {
	v, err := c.call(ctx)
	c.own, c.ran = v, true
	kept, ok := c.base.kept(ctx, v)
	if !ok {
		return nil, err
	}
	if c.moved = c.changed(); c.moved {
		return nil, err
	}
	c.made = &result[K, V]{key: c.key, val: kept}
	return c.made, err
}

// Moved reports whether the inputs changed while the function was executed.
func (c *invocation[A, K, V]) Moved() bool { return c.moved }

// changed reports whether the inputs changed since the call began: a file was edited while it was
// read, or a caller changed the memory behind an argument. Then the result does not belong to this
// key.
func (c *invocation[A, K, V]) changed() bool {
	if c.inputs == nil {
		return false // the arguments themselves are the key
	}
	var buf [256]byte
	b := buf[:0]
	if len(c.inputs) > canon.Small/2 {
		b = make([]byte, 0, len(c.inputs))
	}
	now := c.args.AppendCacheKey(b)
	return now == nil || !bytes.HasPrefix(c.inputs, now)
}

// Again returns a call with the same key that can execute while this one does.
func (c *invocation[A, K, V]) Again() engine.Call {
	return &invocation[A, K, V]{base: c.base, args: c.args, key: c.key, call: c.call, answers: c.answers}
}

// returns turns what the engine came to into what the caller gets. Where that can't be copied after
// all, the function is called.
func (c *invocation[A, K, V]) returns(ctx context.Context, h engine.Held, err error) (v V, _ error) {
	r, _ := h.(*result[K, V])
	switch {
	case c.ran && r == c.made:
		return c.own, err
	case r == nil:
		return v, err
	}
	v, ok := c.base.copied(r.val)
	if !ok {
		return c.call(ctx)
	}
	return v, err
}

func (c *invocation[A, K, V]) arguments() A { return c.args }

// executing says what executes the call.
func (c *invocation[A, K, V]) executing(call func(context.Context) (V, error)) { c.call = call }
