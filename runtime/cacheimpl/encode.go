package cacheimpl

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"unsafe"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/canon"
	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/hash"
)

var errNoRun = errors.New("cache: per=run, and the context names no run")

// encode returns the encoding of the inputs and of what the context says, nil if there is none.
func (c *core) encode(ctx context.Context, args any) ([]byte, error) {
	return c.varied(ctx, encodingOf(ctx, args, []byte{}))
}

// encodeAgain is encode where a wrapper got none: the inputs are large, or what asked the context
// panicked.
func (c *core) encodeAgain(ctx context.Context, args any) ([]byte, error) {
	if c.spec.Vary != nil {
		return c.encode(ctx, args)
	}
	return largeEncodingOf(ctx, args), nil
}

// varied appends what the context says to the encoding of the inputs, nil if there is none.
func (c *core) varied(ctx context.Context, b []byte) ([]byte, error) {
	if b == nil || c.spec.Vary == nil {
		return b, nil
	}
	return c.spec.Vary(ctx, b)
}

// encodingHash returns the hash of the encoding of arguments.
func encodingHash(args any) uint64 {
	var buf [256]byte
	return hash.Bytes(encodingOf(context.Background(), args, buf[:0]))
}

// keyed returns a call of which the encoding identifies the result, and where that is in memory.
func (c *core) keyed(ctx context.Context, inputs []byte, args, call any) (*invocation, uint64, error) {
	if inputs == nil {
		return nil, 0, c.unkeyed(args)
	}
	whole, run, policies, err := c.ask(ctx, inputs)
	if err != nil {
		return nil, 0, err
	}
	i := &invocation{core: c, args: args, text: string(whole), call: call}
	i.key = unsafe.Pointer(&i.text)
	i.answers = answers{inputs: []byte(i.text[:len(inputs)]), run: run, policies: policies}
	return i, hash.Bytes(whole), nil
}

// unkeyed says which part of the arguments has no encoding.
func (c *core) unkeyed(args any) (err error) {
	defer func() {
		if recover() != nil { // a marshaler of the user's
			err = cache.ErrUnkeyed
		}
	}()
	if why := canon.Why(reflect.ValueOf(args), c.spec.Known...); why != "" {
		return fmt.Errorf("%w: %s", cache.ErrUnkeyed, why)
	}
	return cache.ErrUnkeyed
}

// ask returns what identifies the result: the inputs, followed by the run and what the policies say
// where the function has them.
func (c *core) ask(ctx context.Context, inputs []byte) (whole []byte, run string, policies []string, err error) {
	whole = inputs
	if c.spec.Options.PerRun {
		if run = engine.SettingsOf(ctx).Run; run == "" {
			return nil, "", nil, errNoRun
		}
		whole = canon.String(whole, run)
	}
	for _, policy := range c.spec.Policies {
		answer, err := Guard(func() (string, error) {
			return policy(ctx, cache.VersionParams{
				Func: c.spec.Name, Namespace: c.fn.Namespace(), Version: c.spec.Version, Salt: c.spec.Options.Salt,
			})
		})
		if err != nil {
			return nil, "", nil, fmt.Errorf("cache: policy: %w", err)
		}
		whole, policies = canon.String(whole, answer), append(policies, answer)
	}
	return whole, run, policies, nil
}
