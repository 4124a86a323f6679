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
func (f Function[A, V]) Audit(ctx context.Context, filter cache.Filter) (cache.Audits, error) {
	return f.Core.core.Audit(ctx, filter)
}

// Audit is what [cache.AuditAll] calls.
func (c *core) Audit(ctx context.Context, filter cache.Filter) (audits cache.Audits, err error) {
	if c.spec.Call == nil {
		return audits, cache.ErrNotAllKeyed
	}
	if !c.spec.Options.KeepInputs {
		return audits, cache.ErrInputsNotKept
	}
	var failed []error
	for args, err := range c.inputs(ctx, filter) {
		if err == nil {
			err = guard.Call(c.spec.Name, func() error { return c.audit(ctx, args, &audits) })
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

// audit executes the function for some arguments, and counts what that came to.
func (c *core) audit(ctx context.Context, args any, audits *cache.Audits) error {
	i, hash, err := c.at(ctx, args, c.spec.Call)
	if err != nil {
		return err
	}
	found, there := c.fn.Audit(ctx, hash, i)
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
