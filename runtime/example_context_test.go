package cache_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cachegen/cachegen/examples/weather"
	cache "github.com/cachegen/cachegen/runtime"
)

func ExampleWithCache() {
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

// A page that wants fresh data asks for a shorter age than the function's.
func ExampleWithMaxAge() {
	ctx, _ := isolated(cache.Config{})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	fresh := cache.WithMaxAge(ctx, time.Nanosecond)
	time.Sleep(time.Microsecond)
	_, err = weather.CachedForecast(fresh, "Berlin", 3)
	check(err)
	// Output:
	// asking about Berlin
	// asking about Berlin
}

func ExampleWithMode() {
	ctx, _ := isolated(cache.Config{})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	_, err = weather.CachedForecast(cache.WithMode(ctx, cache.Refresh), "Berlin", 3)
	check(err)
	// Output:
	// asking about Berlin
	// asking about Berlin
}

// Frozen proves that a program needs nothing but what is cached.
func ExampleMode() {
	ctx, _ := isolated(cache.Config{Mode: cache.Frozen})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	fmt.Println(errors.Is(err, cache.ErrFrozen)) // the error explains why there is no entry
	// Output: true
}

func ExampleScope() {
	ctx, _ := isolated(cache.Config{})
	for _, domain := range []string{"staging", "production", "staging"} {
		_, err := weather.CachedForecast(cache.WithScope(ctx, cache.Scope{Project: "shop", Domain: domain}), "Berlin", 3)
		check(err)
	}
	// Output:
	// asking about Berlin
	// asking about Berlin
}

func ExampleWithScope() {
	ctx, _ := isolated(cache.Config{})
	tenant := func(name string) context.Context { return cache.WithScope(ctx, cache.Scope{Project: name}) }
	_, err := weather.CachedForecast(tenant("acme"), "Berlin", 3)
	check(err)
	_, err = weather.CachedForecast(tenant("globex"), "Berlin", 3)
	check(err)
	// Output:
	// asking about Berlin
	// asking about Berlin
}

// A run that is started again under its name finds the steps that it has done.
func ExampleWithRun() {
	ctx, _ := isolated(cache.Config{})
	night := cache.WithRun(ctx, "2026-11-27")
	for _, station := range []string{"north", "south", "north"} {
		_, err := weather.CachedDownload(night, station)
		check(err)
	}
	// Output:
	// downloading north
	// downloading south
}

func ExampleForgetRun() {
	ctx, _ := isolated(cache.Config{})
	night := cache.WithRun(ctx, "2026-11-27")
	for range 2 {
		_, err := weather.CachedDownload(night, "north")
		check(err)
		check(cache.ForgetRun(ctx, "2026-11-27"))
	}
	// Output:
	// downloading north
	// downloading north
}

func ExampleForgetTags() {
	ctx, _ := isolated(cache.Config{})
	for range 2 {
		_, err := weather.CachedForecast(ctx, "Berlin", 3)
		check(err)
		check(cache.ForgetTags(ctx, "city:Berlin"))
	}
	// Output:
	// asking about Berlin
	// asking about Berlin
}

func ExampleObserve() {
	ctx, _ := isolated(cache.Config{})
	ctx = cache.Observe(ctx, func(e cache.Event) { fmt.Println(e.Outcome, e.Reason) })
	for range 2 {
		_, err := weather.CachedForecast(ctx, "Berlin", 3)
		check(err)
	}
	// Output:
	// asking about Berlin
	// miss never seen
	// hit
}
