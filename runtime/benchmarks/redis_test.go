package benchmarks

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/redis/rueidis"

	cache "github.com/cachegen/cachegen/runtime"
	_ "github.com/cachegen/cachegen/runtime/store/redis"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// pages is how many results a caller asks for in turn: no two callers want the same, so none joins another's call.
const pages = 16

// BenchmarkHitInRedis reads results of 1 KiB from a Redis on the same machine, as a program does that has just started, against a bare GET of
// values of that size through the client that the store uses (rueidis, as its README does it). Memory has room for one result. Time on the
// clock is what counts here: most of it is the server's, and the time of processors is without that.
func BenchmarkHitInRedis(b *testing.B) {
	redis := server.StartRedis(b)
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			b.Run("by=GET", func(b *testing.B) { concurrently(b, callers, bareGet(b, redis.Addr, callers)) })
			b.Run("by=cachegen", func(b *testing.B) { concurrently(b, callers, pageInRedis(b, redis.Addr, callers)) })
		})
	}
}

// concurrently has as many callers ask for pages, each for its own.
func concurrently(b *testing.B, callers int, get func(n int) (string, error)) {
	b.ReportAllocs()
	var started atomic.Int64
	b.ResetTimer()
	defer processor(b)()
	if callers == 1 {
		for i := 0; b.Loop(); i++ {
			ask(b, get, i%pages)
		}
		return
	}
	b.SetParallelism(callers / runtime.GOMAXPROCS(0))
	b.RunParallel(func(pb *testing.PB) {
		own := int(started.Add(1)-1) % callers * pages
		for i := 0; pb.Next(); i++ {
			ask(b, get, own+i%pages)
		}
	})
}

func ask(b *testing.B, get func(n int) (string, error), n int) {
	if p, err := get(n); err != nil || len(p) < 1<<10 {
		b.Error(len(p), err)
	}
}

func bareGet(b *testing.B, addr string, callers int) func(n int) (string, error) {
	c, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}, DisableCache: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.Close)
	ctx := context.Background()
	names := make([]string, callers*pages)
	for n := range names {
		names[n] = fmt.Sprintf("bare:page:%d", n)
		page, _ := Page(ctx, n)
		if err := c.Do(ctx, c.B().Set().Key(names[n]).Value(page).Build()).Error(); err != nil {
			b.Fatal(err)
		}
	}
	return func(n int) (string, error) { return c.Do(ctx, c.B().Get().Key(names[n]).Build()).ToString() }
}

func pageInRedis(b *testing.B, addr string, callers int) func(n int) (string, error) {
	open := func() (*cache.Cache, context.Context) {
		c, err := cache.New(cache.Config{URL: "redis://" + addr, MemoryEntries: 1})
		if err != nil {
			b.Fatal(err)
		}
		return c, cache.WithCache(context.Background(), c)
	}
	writer, ctx := open()
	for n := range callers * pages {
		page, _ := Page(ctx, n)
		if err := PageCache.Put(ctx, PageArgs{n}, page); err != nil {
			b.Fatal(err)
		}
	}
	if err := writer.Close(ctx); err != nil { // what is written in the background is no part of a hit
		b.Fatal(err)
	}
	c, ctx := open()
	b.Cleanup(func() { c.Close(ctx) })
	return func(n int) (string, error) { return CachedPage(ctx, n) }
}
