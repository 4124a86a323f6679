package cacheimpl

import (
	"context"

	cache "github.com/cachegen/cachegen/runtime"
)

// lookup returns a pointer to the result that a call would find.
func (c *core) lookup(ctx context.Context, args any) (any, cache.Entry, bool) {
	i, hash, err := c.at(ctx, args, nil)
	if err != nil {
		return nil, cache.Entry{}, false
	}
	h, e, ok := c.fn.Lookup(ctx, hash, i)
	if !ok {
		return nil, cache.Entry{}, false
	}
	p, ok := c.copied(h.Value())
	if !ok {
		return nil, cache.Entry{}, false
	}
	return p, cache.Entry(e), true
}

// put makes what value points to the result.
func (c *core) put(ctx context.Context, args, value any) error {
	i, hash, err := c.at(ctx, args, nil)
	if err != nil {
		return err
	}
	h := i.Blank()
	if !c.keep(ctx, h, value) {
		return errUncopied
	}
	return c.fn.Put(ctx, hash, i, h)
}

// forget makes the result unusable.
func (c *core) forget(ctx context.Context, args any) error {
	i, hash, err := c.at(ctx, args, nil)
	if err != nil {
		return err
	}
	return c.fn.Forget(ctx, hash, i)
}

// keyOf returns the key of the result.
func (c *core) keyOf(ctx context.Context, args any) (string, error) {
	i, _, err := c.at(ctx, args, nil)
	if err != nil {
		return "", err
	}
	return c.fn.Key(ctx, i), nil
}

// explain says what a call would find, and why.
func (c *core) explain(ctx context.Context, args any) cache.Explanation {
	i, hash, err := c.at(ctx, args, nil)
	if err != nil {
		return cache.Explanation(c.fn.ExplainUnkeyed(ctx, err))
	}
	return cache.Explanation(c.fn.Explain(ctx, hash, i))
}
