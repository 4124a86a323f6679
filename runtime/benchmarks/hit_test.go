package benchmarks

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maypok86/otter/v2"
)

const entries = 1000

var cities = func() (names [entries]string) {
	for i := range names {
		names[i] = fmt.Sprintf("city-%04d", i*7919%entries)
	}
	return names
}()

// mutexed is a map behind a lock: what a person writes first.
type mutexed[K comparable, V any] struct {
	mu sync.RWMutex
	m  map[K]V
}

func (c *mutexed[K, V]) get(k K, compute func() (V, error)) (V, error) {
	c.mu.RLock()
	v, ok := c.m[k]
	c.mu.RUnlock()
	if ok {
		return v, nil
	}
	v, err := compute()
	if err == nil {
		c.mu.Lock()
		c.m[k] = v
		c.mu.Unlock()
	}
	return v, err
}

// bounded is a bounded map with what a person writes around it.
func bounded[K comparable, V any](o *otter.Options[K, V]) func(k K, compute func() (V, error)) (V, error) {
	o.MaximumSize = 10_000
	c := otter.Must(o)
	return func(k K, compute func() (V, error)) (V, error) {
		if v, ok := c.GetIfPresent(k); ok {
			return v, nil
		}
		v, err := compute()
		if err == nil {
			c.Set(k, v)
		}
		return v, err
	}
}

// sink keeps results from being optimised away.
var sink Report

func hits(b *testing.B, get func(city string, days int) (Report, error)) {
	for _, city := range cities {
		if _, err := get(city, 3); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		sink, _ = get(cities[i%entries], 3)
		i++
	}
}

func BenchmarkHit(b *testing.B) {
	ctx := context.Background()
	plain := mutexed[ForecastArgs, Report]{m: map[ForecastArgs]Report{}}
	sized := bounded(&otter.Options[ForecastArgs, Report]{})
	b.Run("by=map", func(b *testing.B) {
		hits(b, func(city string, days int) (Report, error) {
			return plain.get(ForecastArgs{city, days}, func() (Report, error) { return Forecast(ctx, city, days, nil) })
		})
	})
	b.Run("by=otter", func(b *testing.B) {
		hits(b, func(city string, days int) (Report, error) {
			return sized(ForecastArgs{city, days}, func() (Report, error) { return Forecast(ctx, city, days, nil) })
		})
	})
	b.Run("by=cachegen", func(b *testing.B) {
		hits(b, func(city string, days int) (Report, error) { return CachedForecast(ctx, city, days, nil) })
	})
}

func BenchmarkHitWithAge(b *testing.B) {
	ctx := context.Background()
	aged := bounded(&otter.Options[ForecastArgs, Report]{
		ExpiryCalculator: otter.ExpiryWriting[ForecastArgs, Report](10 * time.Minute),
	})
	b.Run("by=otter", func(b *testing.B) {
		hits(b, func(city string, days int) (Report, error) {
			return aged(ForecastArgs{city, days}, func() (Report, error) { return Aged(ctx, city, days, nil) })
		})
	})
	b.Run("by=cachegen", func(b *testing.B) {
		hits(b, func(city string, days int) (Report, error) { return CachedAged(ctx, city, days, nil) })
	})
}

// BenchmarkHitParallel has as many callers as processors.
func BenchmarkHitParallel(b *testing.B) {
	ctx := context.Background()
	plain := mutexed[ForecastArgs, Report]{m: map[ForecastArgs]Report{}}
	sized := bounded(&otter.Options[ForecastArgs, Report]{})
	for name, get := range map[string]func(city string, days int) (Report, error){
		"map": func(city string, days int) (Report, error) {
			return plain.get(ForecastArgs{city, days}, func() (Report, error) { return Forecast(ctx, city, days, nil) })
		},
		"otter": func(city string, days int) (Report, error) {
			return sized(ForecastArgs{city, days}, func() (Report, error) { return Forecast(ctx, city, days, nil) })
		},
		"cachegen": func(city string, days int) (Report, error) { return CachedForecast(ctx, city, days, nil) },
	} {
		b.Run("by="+name, func(b *testing.B) {
			for _, city := range cities {
				_, _ = get(city, 3)
			}
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					_, _ = get(cities[i%entries], 3)
				}
			})
		})
	}
}

// BenchmarkHitEncoded compares with a key that is put together by hand, and a result that is copied by hand.
func BenchmarkHitEncoded(b *testing.B) {
	ctx := context.Background()
	queries := make([]*Query, entries)
	for i := range queries {
		queries[i] = &Query{Text: cities[i], Tags: []string{"berlin", "hamburg"}, Limit: 10}
	}
	sized := bounded(&otter.Options[string, Found]{})
	run := func(b *testing.B, get func(q *Query) (Found, error)) {
		for _, q := range queries {
			if _, err := get(q); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			_, _ = get(queries[i%entries])
			i++
		}
	}
	b.Run("by=otter", func(b *testing.B) {
		run(b, func(q *Query) (Found, error) {
			key := q.Text + "\x00" + strings.Join(q.Tags, "\x00") + "\x00" + fmt.Sprint(q.Limit)
			found, err := sized(key, func() (Found, error) { return Search(ctx, q) })
			found.Names = slices.Clone(found.Names)
			return found, err
		})
	})
	b.Run("by=cachegen", func(b *testing.B) {
		run(b, func(q *Query) (Found, error) { return CachedSearch(ctx, q) })
	})
}

// TestWrappersAgree keeps the benchmarks honest: what is compared computes the same.
func TestWrappersAgree(t *testing.T) {
	ctx := context.Background()
	for _, city := range cities[:10] {
		for range 2 {
			got, err := CachedForecast(ctx, city, 3, nil)
			want, _ := Forecast(ctx, city, 3, nil)
			if got != want || err != nil {
				t.Errorf("%s: %v, %v; want %v", city, got, err, want)
			}
		}
	}
	if got := CachedSquare(7); got != 49 {
		t.Errorf("7² = %d", got)
	}
}
