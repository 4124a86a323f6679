package cache

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// WithMaxAge returns a context in which calls use only entries that are at most as old as d,
// whatever the functions' max-age is; 0 uses none. It can shorten a lifetime that the result
// decides (max-age=fn), but not prolong it.
func WithMaxAge(ctx context.Context, d time.Duration) context.Context {
	return engine.With(ctx, func(s *engine.Settings) { s.MaxAge, s.HasMaxAge = d, true })
}

// Scope separates results: calls in one scope don't find entries of another.
type Scope struct {
	Project, Domain string
}

// WithScope returns a context in which results belong to scope.
func WithScope(ctx context.Context, scope Scope) context.Context {
	return engine.With(ctx, func(s *engine.Settings) { s.Project, s.Domain, s.Scoped = scope.Project, scope.Domain, true })
}

// WithRun returns a context in which results of functions with per=run belong to the run called id.
func WithRun(ctx context.Context, id string) context.Context {
	return engine.With(ctx, func(s *engine.Settings) { s.Run = id })
}

// WithCache returns a context in which functions use c instead of the default cache.
func WithCache(ctx context.Context, c *Cache) context.Context {
	return engine.With(ctx, func(s *engine.Settings) { s.Cache = c.engine })
}
