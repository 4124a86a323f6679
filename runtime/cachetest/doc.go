// Package cachetest helps to test programs whose functions are cached.
//
// A test that must not see entries of other tests uses a cache of its own:
//
//	c := cachetest.New(t)
//	ctx := c.Context(t.Context())
//	report, err := CachedForecast(ctx, "Berlin", 3)
//
// A test that must not call the outside world plays back recordings. The first run calls the
// functions, and writes each result to a file below testdata, which people can read and review.
// Later runs call nothing:
//
//	ctx := cachetest.Record(t, "testdata/recorded").Context(t.Context())
//	answer, err := client.Ask(ctx, "What is a cache?")
//
// [Hits] and [Misses] assert what the cache did, a [Clock] makes entries old, and [Cache.Break]
// breaks the store.
//
// The context chooses the cache. So a function uses the test's cache only if it has a context
// parameter, and is called with that context. Other functions use the default cache, which in a
// test binary has memory alone. To empty it for a function, call ParseCache.Clear(ctx).
package cachetest
