package cache

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// WithMaxAge returns a context in which entries are used only while they are no older than d, whatever the functions' max-age
// is; 0 uses none. Lifetimes that a result itself decides are only shortened by it.
func WithMaxAge(ctx context.Context, d time.Duration) context.Context {
	return engine.With(ctx, func(s *engine.Settings) { s.MaxAge, s.HasMaxAge = d, true })
}

// Scope sets results apart: entries of one scope are not seen in another.
type Scope struct {
	Project, Domain string
}

// WithScope returns a context whose results belong to scope.
func WithScope(ctx context.Context, scope Scope) context.Context {
	return engine.With(ctx, func(s *engine.Settings) { s.Project, s.Domain, s.Scoped = scope.Project, scope.Domain, true })
}

// WithRun returns a context whose results of functions with per=run belong to the run called id.
func WithRun(ctx context.Context, id string) context.Context {
	return engine.With(ctx, func(s *engine.Settings) { s.Run = id })
}

// WithCache returns a context whose results are in c, and apart from those of all other caches.
func WithCache(ctx context.Context, c *Cache) context.Context {
	return engine.With(ctx, func(s *engine.Settings) { s.Cache = c.engine })
}
