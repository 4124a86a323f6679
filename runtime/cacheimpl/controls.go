package cacheimpl

import (
	"context"
	"reflect"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/codec"
	"github.com/cachegen/cachegen/runtime/internal/entry"
)

// Lookup returns the result that a call with a would find, with its entry. It executes nothing, and
// ignores the mode of ctx.
func (b *base[A, V]) Lookup(ctx context.Context, a A) (v V, _ cache.Entry, ok bool) {
	hash, c, err := b.at(ctx, a)
	if err != nil {
		return v, cache.Entry{}, false
	}
	h, e, ok := b.fn.Lookup(ctx, hash, c)
	if !ok {
		return v, cache.Entry{}, false
	}
	if v, ok = b.copied(*h.Value().(*V)); !ok {
		var none V
		return none, cache.Entry{}, false
	}
	return v, cache.Entry(e), true
}

// Put makes v the result for a, as if an execution had just begun and returned it.
func (b *base[A, V]) Put(ctx context.Context, a A, v V) error {
	hash, c, err := b.at(ctx, a)
	if err != nil {
		return err
	}
	v, ok := b.kept(ctx, v)
	if !ok {
		return errUncopied
	}
	h := c.Blank()
	*h.Value().(*V) = v
	return b.fn.Put(ctx, hash, c, h)
}

// Forget makes the result for a unusable, in all processes that share the store. Results of
// executions under way become unusable too. After an error other processes may still use the old
// result.
func (b *base[A, V]) Forget(ctx context.Context, a A) error {
	hash, c, err := b.at(ctx, a)
	if err != nil {
		return err
	}
	return b.fn.Forget(ctx, hash, c)
}

// Key returns the key of the result for a, in hexadecimal digits.
func (b *base[A, V]) Key(ctx context.Context, a A) (string, error) {
	_, c, err := b.at(ctx, a)
	if err != nil {
		return "", err
	}
	return b.fn.Key(ctx, c), nil
}

// Explain returns the parts of the key for a, and what a call would find. If it would find nothing,
// the explanation has the reason, and the nearest entries with their differences. Explain executes
// nothing. It reads up to 1,000 entries of the function, for five seconds at most.
func (b *base[A, V]) Explain(ctx context.Context, a A) cache.Explanation {
	hash, c, err := b.at(ctx, a)
	if err != nil {
		return cache.Explanation(b.fn.ExplainUnkeyed(ctx, err))
	}
	return cache.Explanation(b.fn.Explain(ctx, hash, c))
}

// Clear makes all results in the function's namespace unusable, in the scope of ctx, in all
// processes that share the store. Results of executions under way become unusable too. For a
// generic function it clears the results of all type arguments. After an error other processes may
// still use the old results.
func (b *base[A, V]) Clear(ctx context.Context) error { return b.fn.Clear(ctx) }

// Stats returns the function's counters since the process started.
func (b *base[A, V]) Stats() cache.Stats { return cache.Stats(b.fn.Stats()) }

// secrets says which inputs are never stored or logged.
func (b *base[A, V]) secrets() entry.Secrets {
	return entry.Secrets{Fields: b.spec.Secret, Open: b.spec.NoSecrets}
}

// storedInputs returns the stored form of a without its secrets, nil if there is none.
func (b *base[A, V]) storedInputs(a A) []byte {
	a = entry.Redact(a, b.secrets().In(reflect.TypeFor[A]()))
	p, err := codec.Append([]byte{}, reflect.ValueOf(&a))
	if err != nil {
		return nil
	}
	return p
}

// The caches of functions are their controls.
func _[A ComparableArgs, V any](f *Function[A, V]) cache.Controls[A, V] { return f }
func _[A Args, V any](f *EncodedFunction[A, V]) cache.Controls[A, V]    { return f }
