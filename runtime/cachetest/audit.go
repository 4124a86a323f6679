package cachetest

import (
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// Audit is [New], and sees that hits are right: each hit is executed as well, in the background,
// and the test fails if a result differs from what was cached. It finds what no version can see,
// say a function that reads a clock:
//
//	c := cachetest.Audit(t)
//	ctx := c.Context(t.Context())
//	CachedForecast(ctx, "Berlin", 3)
//	CachedForecast(ctx, "Berlin", 3) // a hit; Forecast is executed all the same, and compared
//
// An execution that fails tells nothing. Results that are to differ, such as the time, are not for
// this.
func Audit(t testing.TB, options ...Option) *Cache {
	t.Helper()
	return New(t, append(options, func(s *settings) { s.audit = true })...)
}

// audited fails the test if an audit found a difference.
func (c *Cache) audited(e engine.Event) {
	if e.Outcome == cache.Fault && e.Reason == cache.Differs {
		c.t.Errorf("cachetest: a cached result of %s is not what the function returns now: %v", e.Func, e.Err)
	}
}
