package cache

import "context"

// Drain waits until what c does in the background is done.
func (c *Cache) Drain(ctx context.Context) error { return c.engine.Drain(ctx) }
