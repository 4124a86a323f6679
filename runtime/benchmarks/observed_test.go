package benchmarks

import (
	"context"
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
)

// BenchmarkHitObserved compares a hit that somebody is told of with one that nobody is.
func BenchmarkHitObserved(b *testing.B) {
	told := 0
	for _, bench := range []struct {
		name string
		ctx  context.Context
	}{
		{"by=plain", context.Background()},
		{"by=observed", cache.Observe(context.Background(), func(cache.Event) { told++ })},
	} {
		b.Run(bench.name, func(b *testing.B) {
			hits(b, func(ctx context.Context, city string, days int) (Report, error) {
				return CachedForecast(bench.ctx, city, days, nil)
			})
		})
	}
	if told < entries {
		b.Errorf("%d hits were told", told)
	}
}
