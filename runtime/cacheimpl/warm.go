package cacheimpl

import (
	"context"
	"iter"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/guard"
	"github.com/cachegen/cachegen/runtime/internal/warm"
)

// Warm calls the function, through its cache, for all inputs: what has a result already costs a
// look, so a Warm that was cancelled can just be started again. After a new version was deployed,
//
//	err := ReportCache.Warm(ctx, ReportCache.Inputs(ctx, cache.Filter{}))
//
// makes its results from the inputs of older ones, and with Filter{Failed: true} failed calls are
// executed again. It goes on after a failure; the error joins the first ten failures, or is ctx's.
func (f Function[A, V]) Warm(ctx context.Context, inputs iter.Seq2[A, error], options ...cache.WarmOption) error {
	if f.Core.core.spec.Call == nil {
		return cache.ErrNotAllKeyed
	}
	s := warm.Settings{Parallel: 1, Progress: func(int, int) {}}
	for _, o := range options {
		o(&s)
	}
	return warm.Run(ctx, s, inputs, func(ctx context.Context, a A) error { return f.Core.core.warm(ctx, &a) })
}

// warm calls the function for some arguments, through its cache. A panic is an error: it must not
// end what else is being warmed.
func (c *core) warm(ctx context.Context, args any) error {
	return guard.Call(c.spec.Name, func() error {
		i, hash, err := c.at(ctx, args, c.spec.Call)
		if err != nil {
			_, err = c.doUnkeyed(ctx, err, c.spec.Call, args)
			return err
		}
		_, err = i.do(ctx, hash)
		return err
	})
}
