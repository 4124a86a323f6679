// Package cachetest helps to test programs whose functions are cached.
//
// A test that must not see what other tests left behind takes a cache of its own:
//
//	c := cachetest.New(t)
//	ctx := c.Context(t.Context())
//	report, err := CachedForecast(ctx, "Berlin", 3)
//
// A test that must not ask the outside world plays back what it once said. The first run asks, and
// keeps each result in a file below testdata that people can read and review. Later runs ask
// nobody:
//
//	ctx := cachetest.Record(t, "testdata/recorded").Context(t.Context())
//	answer, err := client.Ask(ctx, "What is a cache?")
//
// [Hits] and [Misses] assert what the cache did, a [Clock] makes entries old, and [Cache.Break]
// breaks the store.
//
// A context chooses the cache, so a function takes part only if it has a context parameter and is
// called with that context. Functions without one use the default cache, which in test binaries is
// memory only. A test that needs it empty says ParseCache.Clear(ctx).
package cachetest
