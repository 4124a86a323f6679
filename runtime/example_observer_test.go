package cache_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/cachegen/cachegen/examples/weather"
	cache "github.com/cachegen/cachegen/runtime"
)

// An observer makes spans: what Begin returns is the context in which the operation goes on, and what End is told.
func ExampleObserver() {
	ctx, _ := isolated(cache.Config{URL: "none"}) // without a store nothing but the function takes time
	ctx = cache.WithObserver(ctx, cache.Observer{
		Begin: func(ctx context.Context, o cache.Operation) context.Context {
			fmt.Println("begin", o.Kind)
			return ctx
		},
		End: func(_ context.Context, o cache.Operation, _ time.Duration, err error) {
			fmt.Println("end", o.Kind, err)
		},
	})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	// Output:
	// begin call
	// begin execute
	// asking about Berlin
	// end execute <nil>
	// end call <nil>
}

func ExampleWithObserver() {
	ctx, _ := isolated(cache.Config{})
	type requestKey struct{}
	ctx = context.WithValue(ctx, requestKey{}, "request 7")
	ctx = cache.WithObserver(ctx, cache.Observer{
		Event: func(ctx context.Context, e cache.Event) { fmt.Println(ctx.Value(requestKey{}), e.Outcome) },
	})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	// Output:
	// asking about Berlin
	// request 7 miss
}

// Watch is for the whole process, whatever contexts and caches.
func ExampleWatch() {
	stop := cache.Watch(cache.Observer{
		Event: func(_ context.Context, e cache.Event) {
			if strings.HasSuffix(e.Func, "weather.Outlook") {
				fmt.Println(e.Outcome)
			}
		},
	})
	defer stop()
	ctx, _ := isolated(cache.Config{})
	_, err := weather.CachedOutlook(ctx, "Oslo")
	check(err)
	// Output:
	// looking ahead for Oslo
	// miss
}

func ExampleOperation() {
	describe := func(o cache.Operation) string {
		if o.Store != "" {
			return fmt.Sprint(o.Kind, " ", o.Store)
		}
		return fmt.Sprint(o.Kind, " ", o.Func)
	}
	fmt.Println(describe(cache.Operation{Kind: cache.Reading, Store: "default"}))
	fmt.Println(describe(cache.Operation{Kind: cache.Executing, Func: "weather.Forecast"}))
	// Output:
	// read default
	// execute weather.Forecast
}

func ExampleKind() {
	fmt.Println(cache.Calling, cache.Executing, cache.Refreshing, cache.Reading, cache.Writing)
	// Output: call execute refresh read write
}

func ExampleKey() {
	ctx, _ := isolated(cache.Config{})
	ctx = cache.Observe(ctx, func(e cache.Event) { fmt.Println(e.Key.IsZero(), len(e.Key.String())) })
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	// Output:
	// asking about Berlin
	// false 64
}

// A page that shows whether the stores of the default cache are well. In a test binary it has none.
func ExampleStores() {
	stores := cache.Stores()
	for _, s := range stores {
		fmt.Println(s.Name, s.Place, s.Open, s.Failure)
	}
	fmt.Println(len(stores), "stores")
	// Output: 0 stores
}

func ExampleStoreInfo() {
	ctx, c := isolated(cache.Config{})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	for _, s := range c.Stores() {
		fmt.Println(s.Name, s.Open, s.Failure)
	}
	// Output:
	// asking about Berlin
	// default true <nil>
}

func ExampleStoreOperations() {
	ctx, c := isolated(cache.Config{})
	_, err := weather.CachedForecast(ctx, "Berlin", 3)
	check(err)
	for _, o := range c.Stores()[0].Operations {
		if o.Kind == cache.Reading {
			fmt.Println(o.Count > 0, o.Failed, o.Quantile(0.99) > 0)
		}
	}
	// Output:
	// asking about Berlin
	// true 0 true
}

// A histogram: how many operations took no longer than each bound.
func ExampleBucket() {
	o := cache.StoreOperations{Count: 3, Within: []cache.Bucket{{Bound: time.Millisecond, Count: 2}, {Bound: time.Second, Count: 3}}}
	for _, b := range o.Within {
		fmt.Println(b.Bound, b.Count)
	}
	// Output:
	// 1ms 2
	// 1s 3
}

func ExampleCache_Stores() {
	_, c := isolated(cache.Config{})
	fmt.Println(len(c.Stores()))
	// Output: 1
}
