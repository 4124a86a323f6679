// Package defaults has a default for its cached functions, as a Flyte project has for its tasks.
//
//cache:default override version=7 max-age=1h ignore=n
package defaults

import "context"

// Counter counts executions.
type Counter struct{ N int }

// Next counts one.
func (c *Counter) Next() int {
	c.N++
	return c.N
}

// inherits has the default's behaviour and all its options.
//
//cache:inherit
func inherits(_ context.Context, c *Counter, n int) (int, error) { return c.Next() + n, nil }
