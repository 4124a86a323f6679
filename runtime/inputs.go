package runtime

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/codec"
	"github.com/cachegen/cachegen/runtime/internal/entry"
)

// Filter says which inputs to go through. The zero Filter means those of all results.
type Filter struct {
	// Failed means the inputs of calls that failed, and have not succeeded since, instead of those of results. They are there for
	// functions with keep-failed.
	Failed bool
	// Version is the only version that counts; "" is any.
	Version string
	// Since and Until bound when the execution ended; zero times don't.
	Since, Until time.Time
}

func (f *Filter) admits(e *entry.Entry) bool {
	at := time.Unix(0, e.Completed)
	return (f.Version == "" || e.Version == f.Version) &&
		(f.Since.IsZero() || !at.Before(f.Since)) && (f.Until.IsZero() || !at.After(f.Until))
}

// Errors that are yielded in place of inputs.
var (
	// ErrInputsNotKept says that a result's inputs are not in the store in full: the function had no keep-inputs.
	ErrInputsNotKept = errors.New("cache: the inputs were not kept")
	// ErrSecretInputs says that inputs can't be had because some of them are secret.
	ErrSecretInputs = errors.New("cache: the function has secret inputs")
)

// Inputs goes through the inputs that the store has of the function in the scope of ctx, of all versions, each list once. They can be
// given to [Function.Warm]. Inputs that can't be had are an error each, which does not end the sequence; results that were forgotten by
// tag, or cleared, are there as long as the store has them.
func (b *base[A, V]) Inputs(ctx context.Context, filter Filter) iter.Seq2[A, error] {
	return func(yield func(A, error) bool) {
		var none A
		if len(b.spec.Secret) > 0 {
			yield(none, ErrSecretInputs)
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
			if seen[string(e.Inputs.Digest)] || !filter.admits(e) {
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
		return a, ErrInputsNotKept
	}
	if err := codec.Decode(e.Inputs.Full, reflect.ValueOf(&a)); err != nil {
		var none A
		return none, err
	}
	return a, nil
}
