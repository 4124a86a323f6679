package cache_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/cachegen/cachegen/examples/weather"
	cache "github.com/cachegen/cachegen/runtime"
)

var berlin = weather.ForecastArgs{City: "Berlin", Days: 3}

// Generated code has a variable with these methods for each function.
func ExampleControls() {
	ctx, _ := isolated(cache.Config{})
	var forecasts cache.Controls[weather.ForecastArgs, weather.Report] = weather.ForecastCache
	check(forecasts.Put(ctx, berlin, weather.Report{City: "Berlin", Days: 3, Text: "snow"}))
	report, err := weather.CachedForecast(ctx, "Berlin", 3)
	fmt.Println(report.Text, err)
	check(forecasts.Forget(ctx, berlin))
	_, _, ok := forecasts.Lookup(ctx, berlin)
	fmt.Println(ok)
	// Output:
	// snow <nil>
	// false
}

// Calls that failed are executed again, from the inputs that keep-failed keeps.
func ExampleFilter() {
	ctx, c := isolated(cache.Config{})
	_, _ = weather.CachedForecast(ctx, "Atlantis", 1)
	check(c.Drain(ctx))
	for args, err := range weather.ForecastCache.Inputs(ctx, cache.Filter{Failed: true}) {
		fmt.Println(args.City, args.Days, err)
	}
	// Output:
	// asking about Atlantis
	// Atlantis 1 <nil>
}

// Warm computes results before anybody asks for them.
func ExampleWarmOption() {
	ctx, _ := isolated(cache.Config{})
	inputs := func(yield func(weather.ForecastArgs, error) bool) {
		for _, city := range []string{"Berlin", "Rome"} {
			if !yield(weather.ForecastArgs{City: city, Days: 1}, nil) {
				return
			}
		}
	}
	err := weather.ForecastCache.Warm(ctx, inputs, cache.Progress(func(succeeded, failed int) {
		fmt.Println(succeeded, "done,", failed, "failed")
	}))
	fmt.Println(err)
	// Output:
	// asking about Berlin
	// 1 done, 0 failed
	// asking about Rome
	// 2 done, 0 failed
	// <nil>
}

func ExampleParallel() {
	ctx, _ := isolated(cache.Config{})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	// What has a result already costs a look.
	fmt.Println(weather.ForecastCache.Warm(ctx, weather.ForecastCache.Inputs(ctx, cache.Filter{}), cache.Parallel(8)))
	// Output:
	// asking about Berlin
	// <nil>
}

func ExampleProgress() {
	ctx, _ := isolated(cache.Config{})
	inputs := func(yield func(weather.ForecastArgs, error) bool) {
		yield(weather.ForecastArgs{City: "Atlantis", Days: 1}, nil)
	}
	err := weather.ForecastCache.Warm(ctx, inputs, cache.Progress(func(succeeded, failed int) {
		fmt.Println(succeeded, "done,", failed, "failed")
	}))
	fmt.Println(err)
	// Output:
	// asking about Atlantis
	// 0 done, 1 failed
	// no such city
}

// A file is an input by its content: a copy of it has the same result.
func ExampleFile() {
	ctx, _ := isolated(cache.Config{})
	dir, err := os.MkdirTemp("", "")
	check(err)
	defer os.RemoveAll(dir)
	for _, name := range []string{dir + "/a.txt", dir + "/copy.txt"} {
		check(os.WriteFile(name, []byte("to be or not to be"), 0o644))
		n, err := weather.CachedWords(ctx, cache.File(name))
		fmt.Println(n, err)
	}
	// Output:
	// reading
	// 6 <nil>
	// 6 <nil>
}

func ExampleErrFrozen() {
	ctx, _ := isolated(cache.Config{})
	_, err := weather.CachedForecast(cache.WithMode(ctx, cache.Frozen), "Berlin", 3)
	fmt.Println(errors.Is(err, cache.ErrFrozen))
	// Output: true
}

func ExampleErrReadOnly() {
	ctx, _ := isolated(cache.Config{})
	err := weather.ForecastCache.Put(cache.WithMode(ctx, cache.ReadOnly), berlin, weather.Report{})
	fmt.Println(errors.Is(err, cache.ErrReadOnly))
	// Output: true
}

func ExampleErrClosed() {
	ctx, c := isolated(cache.Config{})
	check(c.Close(ctx))
	err := weather.ForecastCache.Forget(ctx, berlin)
	fmt.Println(errors.Is(err, cache.ErrClosed))
	// A call goes on without the store.
	_, err = weather.CachedForecast(ctx, "Berlin", 3)
	fmt.Println(err)
	// Output:
	// true
	// asking about Berlin
	// <nil>
}

func ExampleErrUnkeyed() {
	ctx, _ := isolated(cache.Config{})
	_, err := weather.WordsCache.Key(ctx, weather.WordsArgs{F: "no such file"})
	fmt.Println(errors.Is(err, cache.ErrUnkeyed))
	// Output: true
}

func ExampleErrInputsNotKept() {
	ctx, c := isolated(cache.Config{})
	_, err := weather.CachedOutlook(ctx, "Berlin") // has no keep-inputs
	check(err)
	check(c.Drain(ctx))
	for _, err := range weather.OutlookCache.Inputs(ctx, cache.Filter{}) {
		fmt.Println(errors.Is(err, cache.ErrInputsNotKept))
	}
	// Output:
	// looking ahead for Berlin
	// true
}

func ExampleErrSecretInputs() {
	ctx, c := isolated(cache.Config{})
	_, err := weather.CachedLogin(ctx, "ann", "hunter2") // the password is not kept
	check(err)
	check(c.Drain(ctx))
	for _, err := range weather.LoginCache.Inputs(ctx, cache.Filter{}) {
		fmt.Println(errors.Is(err, cache.ErrSecretInputs))
	}
	// Output: true
}

func ExampleErrNotAllKeyed() {
	// Whose parameters are not all keyed can't be called from its inputs.
	err := weather.LookupCache.Warm(context.Background(), func(func(weather.LookupArgs, error) bool) {})
	fmt.Println(errors.Is(err, cache.ErrNotAllKeyed))
	// Output: true
}
