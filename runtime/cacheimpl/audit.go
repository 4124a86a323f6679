package cacheimpl

import (
	"context"
	"errors"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/guard"
)

// maxDifferent bounds the differences that an audit lists.
const maxDifferent = 100

// Audit executes the function for the inputs that the store has in full and the filter means, and
// compares what it returns with the results that a call would find. What differs is replaced,
// unless the mode lets nothing be written. It needs keep-inputs, and every parameter in the key:
// else it is [cache.ErrInputsNotKept] or [cache.ErrNotAllKeyed].
func (b *base[A, V]) Audit(ctx context.Context, filter cache.Filter) (audits cache.Audits, err error) {
	if b.spec.Call == nil {
		return audits, cache.ErrNotAllKeyed
	}
	if !b.spec.Options.KeepInputs {
		return audits, cache.ErrInputsNotKept
	}
	var failed []error
	for a, err := range b.Inputs(ctx, filter) {
		if err == nil {
			err = guard.Call(b.spec.Name, func() error { return b.audit(ctx, a, &audits) })
		}
		if err != nil && len(failed) < 10 {
			failed = append(failed, err)
		}
		if ctx.Err() != nil {
			return audits, ctx.Err()
		}
	}
	return audits, errors.Join(failed...)
}

// audit executes the function for a, and counts what that came to.
func (b *base[A, V]) audit(ctx context.Context, a A, audits *cache.Audits) error {
	hash, c, err := b.at(ctx, a)
	if err != nil {
		return err
	}
	executes, ok := c.(interface {
		executing(func(context.Context) (V, error))
	})
	if !ok {
		return cache.ErrNotAllKeyed
	}
	executes.executing(func(ctx context.Context) (V, error) { return b.spec.Call(ctx, a) })
	found, there := b.fn.Audit(ctx, hash, c)
	switch {
	case !there:
		audits.Missing++
		return nil
	case found.Err != nil:
		audits.Failed++
		return nil
	}
	audits.Audited++
	if found.Different != nil && len(audits.Different) < maxDifferent {
		audits.Different = append(audits.Different, found.Different)
	}
	return nil
}
