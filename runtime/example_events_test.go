package cache_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/cachegen/cachegen/examples/weather"
	cache "github.com/cachegen/cachegen/runtime"
)

func ExampleEvent() {
	ctx, _ := isolated(cache.Config{
		Observe: func(e cache.Event) {
			_, name, _ := strings.Cut(e.Func, "examples/")
			fmt.Println(name, e.Outcome, e.Reason, e.Err)
		},
	})
	_, err := weather.CachedForecast(ctx, "Atlantis", 3)
	fmt.Println(err)
	// Output:
	// asking about Atlantis
	// weather.Forecast miss never seen no such city
	// no such city
}

// Calls are counted by what they came to.
func ExampleOutcome() {
	ctx, _ := isolated(cache.Config{})
	counts := map[cache.Outcome]int{}
	ctx = cache.Observe(ctx, func(e cache.Event) { counts[e.Outcome]++ })
	for range 3 {
		_, err := weather.CachedForecast(ctx, "Berlin", 3)
		check(err)
	}
	fmt.Println(counts)
	// Output:
	// asking about Berlin
	// map[hit:2 miss:1]
}

func ExampleReason() {
	ctx, _ := isolated(cache.Config{})
	ctx = cache.Observe(ctx, func(e cache.Event) {
		if e.Reason == cache.Forgotten {
			fmt.Println("somebody forgot it")
		}
	})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	check(weather.ForecastCache.Forget(ctx, weather.ForecastArgs{City: "Berlin", Days: 3}))
	_, err = weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	// Output:
	// asking about Berlin
	// asking about Berlin
	// somebody forgot it
}

func ExampleTier() {
	ctx, _ := isolated(cache.Config{})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	_, entry, ok := weather.ForecastCache.Lookup(ctx, weather.ForecastArgs{City: "Berlin", Days: 3})
	fmt.Println(ok, entry.Tier == cache.Memory, entry.Tier)
	// Output:
	// asking about Berlin
	// true true memory
}

func ExampleEntry() {
	ctx, _ := isolated(cache.Config{})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	report, entry, ok := weather.ForecastCache.Lookup(ctx, weather.ForecastArgs{City: "Berlin", Days: 3})
	fmt.Println(report.Text, ok, entry.Tags, entry.Completed.IsZero())
	// Output:
	// asking about Berlin
	// sunny true [city:Berlin] false
}

// A page of counters for the functions of this program.
func ExampleFunctions() {
	ctx, _ := isolated(cache.Config{})
	_, err := weather.CachedOutlook(ctx, "Rome")
	check(err)
	for _, f := range cache.Functions() {
		if strings.HasSuffix(f.Name, "weather.Outlook") {
			fmt.Println(f.Stats.Misses > 0)
		}
	}
	// Output:
	// looking ahead for Rome
	// true
}

func ExampleFunctionInfo() {
	for _, f := range cache.Functions() {
		if strings.HasSuffix(f.Name, "weather.Forecast") {
			fmt.Println(f.Name == f.Namespace, strings.HasPrefix(f.Version, "v1:"))
		}
	}
	// Output: true true
}

func ExampleStats() {
	before := weather.WordsCache.Stats()
	fmt.Println(before.Faults)
	// Output: 0
}

// A policy joins what the code can't say to the version: here the season, for which an outlook is good.
func ExamplePolicy() {
	var season cache.Policy = func(_ context.Context, p cache.VersionParams) (string, error) {
		return "winter 2026", nil
	}
	answer, err := season(context.Background(), cache.VersionParams{})
	fmt.Println(answer, err)
	// Output: winter 2026 <nil>
}

// A policy can keep the version of one function as it is, whatever its code becomes.
func ExampleVersionParams() {
	pinned := func(_ context.Context, p cache.VersionParams) (string, error) {
		return p.Namespace + "@" + p.Salt, nil
	}
	answer, err := pinned(context.Background(), cache.VersionParams{Namespace: "weather.Outlook", Salt: "2"})
	fmt.Println(answer, err)
	// Output: weather.Outlook@2 <nil>
}
