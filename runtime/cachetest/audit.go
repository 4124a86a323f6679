package cachetest

import (
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// Audit is like [New], and checks hits: each hit also executes the function, in the background. The
// test fails if a result differs from the cached one. So Audit finds results that depend on what no
// version sees, such as a clock:
//
//	c := cachetest.Audit(t)
//	ctx := c.Context(t.Context())
//	CachedForecast(ctx, "Berlin", 3)
//	CachedForecast(ctx, "Berlin", 3) // a hit; Forecast is executed all the same, and compared
//
// A failed execution is not compared. Don't use Audit for functions whose results may differ, such
// as the time.
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
