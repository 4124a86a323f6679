package benchmarks

import (
	"context"
	"sync"
	"testing"

	"golang.org/x/sync/singleflight"
)

// BenchmarkMiss asks for something else each time, of a function that does nothing, with room for a thousand results.
func BenchmarkMiss(b *testing.B) {
	ctx := context.Background()
	run := func(b *testing.B, get call) {
		b.ReportAllocs()
		days := 0
		defer processor(b)()
		for b.Loop() {
			days++
			sink, _ = get(ctx, cities[days%entries], days)
		}
	}
	b.Run("by=cachegen", func(b *testing.B) {
		start := missed
		run(b, func(ctx context.Context, city string, days int) (Report, error) {
			missed = start + days
			return CachedFresh(ctx, city, missed, nil)
		})
	})
	for name, r := range rivals {
		if r.bounded {
			b.Run("by="+name, func(b *testing.B) { run(b, r.rival(entries, 0)) })
		}
	}
}

// missed is the last day that was asked for: a benchmark is run several times.
var missed int

// BenchmarkStampede has 10,000 callers at once who want what nobody has yet.
func BenchmarkStampede(b *testing.B) {
	const callers = 10_000
	run := func(b *testing.B, get func(n int) (int, error)) {
		defer processor(b)()
		for b.Loop() {
			stampeded++
			n := stampeded
			var all sync.WaitGroup
			for range callers {
				all.Go(func() {
					if got, err := get(n); got != n || err != nil {
						b.Error(got, err)
					}
				})
			}
			all.Wait()
		}
	}
	b.Run("by=singleflight", func(b *testing.B) {
		var group singleflight.Group
		run(b, func(n int) (int, error) {
			r, err, _ := group.Do("n", func() (any, error) { return Slow(b.Context(), n) })
			return r.(int), err
		})
	})
	b.Run("by=cachegen", func(b *testing.B) {
		run(b, func(n int) (int, error) { return CachedSlow(b.Context(), n) })
	})
}

// stampeded is the last number that a stampede wanted.
var stampeded int
