package cache_test

import (
	"context"
	"fmt"
	"time"

	"github.com/cachegen/cachegen/examples/weather"
	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/store/memory"
)

// isolated returns a context with an empty cache of its own, so that no example sees what another one left behind.
func isolated(c cache.Config) (context.Context, *cache.Cache) {
	if c.URL == "" && c.Store == nil {
		c.Store = memory.New(memory.Options{})
	}
	own, err := cache.New(c)
	if err != nil {
		panic(err)
	}
	return cache.WithCache(context.Background(), own), own
}

// check ends an example that went wrong.
func check(err error) {
	if err != nil {
		panic(err)
	}
}

func Example() {
	ctx, c := isolated(cache.Config{})
	defer c.Close(ctx)
	for range 2 {
		report, err := weather.CachedForecast(ctx, "Berlin", 3)
		fmt.Println(report.Text, err)
	}
	// Output:
	// asking about Berlin
	// sunny <nil>
	// sunny <nil>
}

// A program says once, before it calls the first cached function, where results are kept.
func ExampleConfigure() {
	err := cache.Configure(cache.Config{URL: "redis://cache:6379", Project: "shop", Domain: "staging"})
	if err != nil {
		panic(err) // say, a driver that is not imported
	}
}

func ExampleConfig() {
	c, err := cache.New(cache.Config{
		URL:           "memory:?limit=16MiB",
		MemoryEntries: 100_000,
		MemoryBytes:   256 << 20,
		StoreTimeout:  time.Second,
	})
	fmt.Println(c != nil, err)
	_, err = cache.New(cache.Config{URL: "memroy:"})
	fmt.Println(err != nil)
	// Output:
	// true <nil>
	// true
}

func ExampleNew() {
	c, err := cache.New(cache.Config{URL: "none"}) // memory only
	check(err)
	ctx := cache.WithCache(context.Background(), c)
	_, err = weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	fmt.Println(c.Close(ctx))
	// Output:
	// asking about Berlin
	// <nil>
}

// Tenants whose results must never meet can have a cache each.
func ExampleCache() {
	for _, tenant := range []string{"acme", "globex"} {
		ctx, c := isolated(cache.Config{Project: tenant})
		_, err := weather.CachedForecast(ctx, "Berlin", 3)
		check(err)
		check(c.Close(ctx))
	}
	// Output:
	// asking about Berlin
	// asking about Berlin
}

// Results are stored after the caller has them. Close waits for the last ones, here for five seconds at most.
func ExampleCache_Close() {
	ctx, c := isolated(cache.Config{})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	within, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	fmt.Println(c.Close(within))
	// Output:
	// asking about Berlin
	// <nil>
}

// A program that ends waits for its last results to be stored: this stands in main, mostly after defer.
func ExampleClose() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := cache.Close(ctx); err != nil {
		fmt.Println("the last results may be lost:", err)
	}
}

// A store is opened by its URL, with the layers that the URL asks for.
func ExampleOpen() {
	store, err := cache.Open(context.Background(), "memory:example?compress&limit=16MiB")
	check(err)
	ctx, c := isolated(cache.Config{Store: store})
	_, err = weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	fmt.Println(c.Close(ctx)) // closes the store too
	// Output:
	// asking about Berlin
	// <nil>
}
