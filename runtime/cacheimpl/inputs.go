package cacheimpl

import (
	"context"
	"iter"
	"reflect"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/codec"
	"github.com/cachegen/cachegen/runtime/internal/entry"
)

// Inputs goes through the inputs that the store has of the function in the scope of ctx, of all
// versions, each list once. They can be given to [Function.Warm]. Inputs that can't be had are an
// error each, which does not end the sequence; results that were forgotten by tag, or cleared, are
// there as long as the store has them.
func (f Function[A, V]) Inputs(ctx context.Context, filter cache.Filter) iter.Seq2[A, error] {
	return func(yield func(A, error) bool) {
		for p, err := range f.Core.core.inputs(ctx, filter) {
			var a A
			if err == nil {
				a = *p.(*A)
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

// inputs goes through pointers to the inputs.
func (c *core) inputs(ctx context.Context, filter cache.Filter) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		if len(c.secrets().In(c.args)) > 0 {
			yield(nil, cache.ErrSecretInputs)
			return
		}
		seen := map[string]bool{}
		for e, err := range c.fn.Scan(ctx, filter.Failed) {
			if err != nil {
				if !yield(nil, err) {
					return
				}
				continue
			}
			if seen[string(e.Inputs.Digest)] || !admits(&filter, e) {
				continue
			}
			seen[string(e.Inputs.Digest)] = true
			if !yield(c.restored(e)) {
				return
			}
		}
	}
}

// restored returns a pointer to the inputs in an entry.
func (c *core) restored(e *entry.Entry) (any, error) {
	if e.Inputs.Full == nil {
		return nil, cache.ErrInputsNotKept
	}
	p := reflect.New(c.args)
	if err := codec.Decode(e.Inputs.Full, p); err != nil {
		return nil, err
	}
	return p.Interface(), nil
}

// admits reports whether an entry passes the filter.
func admits(f *cache.Filter, e *entry.Entry) bool {
	at := time.Unix(0, e.Completed)
	return (f.Version == "" || e.Version == f.Version) &&
		(f.Since.IsZero() || !at.Before(f.Since)) && (f.Until.IsZero() || !at.After(f.Until))
}
