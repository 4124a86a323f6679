package cacheimpl

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/canon"
	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/hash"
)

// EncodedFunction is the cache of a function whose key is an encoding of its arguments. It is for
// arguments that Go can't compare, or compares in another way than the cache (floats, times,
// pointers, slices, maps), and for keys with further parts. Generated code makes it. Its methods
// are safe for concurrent use.
type EncodedFunction[A Args, V any] struct {
	base[A, V]
}

// NewEncodedFunction returns the cache of the function that spec describes. It allocates no memory
// for results before the first one.
func NewEncodedFunction[A Args, V any](spec Spec[A, V]) *EncodedFunction[A, V] {
	return newEncodedFunction(&spec, engine.Register(describe(&spec)))
}

func newEncodedFunction[A Args, V any](spec *Spec[A, V], fn *engine.Function) *EncodedFunction[A, V] {
	f := new(EncodedFunction[A, V])
	fn.Held = heldAt[string, V]
	f.init(spec, fn)
	f.at = func(ctx context.Context, a A) (uint64, engine.Call, error) {
		c, hash, err := f.invocation(ctx, f.encode(ctx, a), a, nil)
		return hash, c, err
	}
	f.do = func(ctx context.Context, a A, call func(context.Context) (V, error)) (V, error) {
		return DoEncoded(ctx, f, f.encode(ctx, a), a, call)
	}
	return f
}

// encode returns the encoding of the inputs and of what the context says, nil if there is none.
func (f *EncodedFunction[A, V]) encode(ctx context.Context, a A) []byte {
	return f.varied(ctx, encodingOf(ctx, a, []byte{}))
}

// varied appends what the context says to the encoding of the inputs.
func (f *EncodedFunction[A, V]) varied(ctx context.Context, b []byte) []byte {
	if b != nil && f.spec.Vary != nil {
		b = f.spec.Vary(ctx, b)
	}
	return b
}

// invocation returns a call, and where its result is in memory.
func (f *EncodedFunction[A, V]) invocation(
	ctx context.Context, inputs []byte, a A, call func(context.Context) (V, error),
) (*invocation[A, string, V], uint64, error) {
	if inputs == nil {
		return nil, 0, f.unkeyed(a)
	}
	whole, run, policies, err := f.ask(ctx, inputs)
	if err != nil {
		return nil, 0, err
	}
	c := &invocation[A, string, V]{base: &f.base, args: a, key: string(whole), call: call}
	c.inputs, c.run, c.policies = []byte(c.key[:len(inputs)]), run, policies
	return c, hash.Bytes(whole), nil
}

// unkeyed says which part of the arguments has no encoding.
func (f *EncodedFunction[A, V]) unkeyed(a A) (err error) {
	defer func() {
		if recover() != nil { // a marshaler of the user's
			err = cache.ErrUnkeyed
		}
	}()
	if why := canon.Why(reflect.ValueOf(&a), f.spec.Known...); why != "" {
		return fmt.Errorf("%w: %s", cache.ErrUnkeyed, why)
	}
	return cache.ErrUnkeyed
}

// ask returns the parts that identify the result: the inputs, and after them the run and the
// results of policies, if the function has them.
func (f *EncodedFunction[A, V]) ask(ctx context.Context, inputs []byte) (whole []byte, run string, policies []string, err error) {
	whole = inputs
	if f.spec.Options.PerRun {
		if run = engine.SettingsOf(ctx).Run; run == "" {
			return nil, "", nil, errNoRun
		}
		whole = canon.String(whole, run)
	}
	for _, policy := range f.spec.Policies {
		answer, err := policy(ctx, cache.VersionParams{
			Func: f.spec.Name, Namespace: f.fn.Namespace(), Version: f.spec.Version, Salt: f.spec.Options.Salt,
		})
		if err != nil {
			return nil, "", nil, fmt.Errorf("cache: policy: %w", err)
		}
		whole, policies = canon.String(whole, answer), append(policies, answer)
	}
	return whole, run, policies, nil
}

var (
	errNoRun    = errors.New("cache: per=run, and the context names no run")
	errUncopied = errors.New("cache: the result can't be copied")
)
