package cache_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/cachegen/cachegen/examples/weather"
	cache "github.com/cachegen/cachegen/runtime"
)

// An explanation says which entries are nearest to a call that finds none.
func ExampleExplanation() {
	ctx, c := isolated(cache.Config{})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	check(c.Drain(ctx))
	x := weather.ForecastCache.Explain(ctx, weather.ForecastArgs{City: "Berlin", Days: 4})
	fmt.Println(x.Found, x.Reason, len(x.Near))
	// Output:
	// asking about Berlin
	// false never seen 1
}

func ExampleNear() {
	ctx, c := isolated(cache.Config{})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	check(c.Drain(ctx))
	for _, n := range weather.ForecastCache.Explain(ctx, weather.ForecastArgs{City: "Berlin", Days: 4}).Near {
		fmt.Println(n.Inputs, len(n.Differences))
	}
	// Output:
	// asking about Berlin
	// City:"Berlin" Days:3 1
}

func ExampleDifference() {
	ctx, c := isolated(cache.Config{})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	check(c.Drain(ctx))
	for _, d := range weather.ForecastCache.Explain(ctx, weather.ForecastArgs{City: "Berlin", Days: 4}).Near[0].Differences {
		fmt.Println(d.What, d.Here, d.There)
	}
	// Output:
	// asking about Berlin
	// input Days 4 3
}

// Audit executes what is cached again, and compares.
func ExampleAudits() {
	ctx, c := isolated(cache.Config{})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	check(c.Drain(ctx))
	audits, err := weather.ForecastCache.Audit(ctx, cache.Filter{})
	fmt.Println(audits.Audited, len(audits.Different), err)
	// Output:
	// asking about Berlin
	// asking about Berlin
	// 1 0 <nil>
}

// A program audits all of its functions, or those that it names.
func ExampleAuditAll() {
	ctx, c := isolated(cache.Config{})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	check(c.Drain(ctx))
	for a := range cache.AuditAll(ctx, cache.Filter{}, "weather.Forecast") {
		fmt.Println(a.Func, a.Audited, len(a.Different), a.Err)
	}
	// Output:
	// asking about Berlin
	// asking about Berlin
	// github.com/cachegen/cachegen/examples/weather.Forecast 1 0 <nil>
}

// Functions that can't be executed from what is kept say why.
func ExampleFunctionAudits() {
	for a := range cache.AuditAll(context.Background(), cache.Filter{}, "weather.Outlook") {
		if errors.Is(a.Err, cache.ErrInputsNotKept) {
			fmt.Println(a.Func, "has no keep-inputs")
		}
	}
	// Output: github.com/cachegen/cachegen/examples/weather.Outlook has no keep-inputs
}

// What an audit found is in the event of a fault.
func ExampleAuditError() {
	ctx, _ := isolated(cache.Config{Audit: 0.01})
	ctx = cache.Observe(ctx, func(e cache.Event) {
		if different, ok := errors.AsType[*cache.AuditError](e.Err); ok {
			fmt.Println("a cached result was not what the function returns:", different)
		}
	})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	// Output: asking about Berlin
}

// How many calls came to what, and why.
func ExampleCallCount() {
	ctx, _ := isolated(cache.Config{})
	_, err := weather.CachedOutlook(ctx, "Lisbon")
	check(err)
	for _, f := range cache.Functions() {
		for _, c := range f.Calls {
			if f.Name == "github.com/cachegen/cachegen/examples/weather.Outlook" && c.Outcome == cache.Miss && c.Reason == cache.NeverSeen {
				fmt.Println(c.Calls > 0)
			}
		}
	}
	// Output:
	// looking ahead for Lisbon
	// true
}
