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
func (b *base[A, V]) Inputs(ctx context.Context, filter cache.Filter) iter.Seq2[A, error] {
	return func(yield func(A, error) bool) {
		var none A
		if len(b.secrets().In(reflect.TypeFor[A]())) > 0 {
			yield(none, cache.ErrSecretInputs)
			return
		}
		seen := map[string]bool{}
		for e, err := range b.fn.Scan(ctx, filter.Failed) {
			if err != nil {
				if !yield(none, err) {
					return
				}
				continue
			}
			if seen[string(e.Inputs.Digest)] || !admits(&filter, e) {
				continue
			}
			seen[string(e.Inputs.Digest)] = true
			if !yield(b.restored(e)) {
				return
			}
		}
	}
}

// restored returns the inputs in an entry.
func (b *base[A, V]) restored(e *entry.Entry) (a A, err error) {
	if e.Inputs.Full == nil {
		return a, cache.ErrInputsNotKept
	}
	if err := codec.Decode(e.Inputs.Full, reflect.ValueOf(&a)); err != nil {
		var none A
		return none, err
	}
	return a, nil
}

// admits reports whether an entry passes the filter.
func admits(f *cache.Filter, e *entry.Entry) bool {
	at := time.Unix(0, e.Completed)
	return (f.Version == "" || e.Version == f.Version) &&
		(f.Since.IsZero() || !at.Before(f.Since)) && (f.Until.IsZero() || !at.After(f.Until))
}
