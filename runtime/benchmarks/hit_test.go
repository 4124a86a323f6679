package benchmarks

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maypok86/otter/v2"

	cache "github.com/cachegen/cachegen/runtime"
)

// TestMain gives the cache room for a million results, as the rivals have it.
func TestMain(m *testing.M) {
	if err := cache.Configure(cache.Config{URL: "none", MemoryBytes: 4 << 30}); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

const entries = 1000

var cities = func() (names [entries]string) {
	for i := range names {
		names[i] = fmt.Sprintf("city-%04d", i*7919%entries)
	}
	return names
}()

// sink keeps results from being optimised away.
var sink Report

// call is a wrapper, whoever wrote it.
type call func(ctx context.Context, city string, days int) (Report, error)

func cachedForecast(ctx context.Context, city string, days int) (Report, error) {
	return CachedForecast(ctx, city, days, nil)
}

func cachedAged(ctx context.Context, city string, days int) (Report, error) {
	return CachedAged(ctx, city, days, nil)
}

// against runs a benchmark of cachegen's wrapper, and of all rivals' that bear the comparison.
func against(b *testing.B, wrapper call, age time.Duration, run func(b *testing.B, get call)) {
	b.Run("by=cachegen", func(b *testing.B) { run(b, wrapper) })
	for name, r := range rivals {
		if age == 0 || r.ages {
			b.Run("by="+name, func(b *testing.B) { run(b, r.rival(10*entries, age)) })
		}
	}
}

func fill(b *testing.B, get call) {
	for range 2 { // ristretto's first Set waits in a buffer
		for _, city := range cities {
			if _, err := get(b.Context(), city, 3); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func hits(b *testing.B, get call) {
	fill(b, get)
	ctx := context.Background()
	b.ReportAllocs()
	i := 0
	defer processor(b)()
	for b.Loop() {
		sink, _ = get(ctx, cities[i%entries], 3)
		i++
	}
}

func BenchmarkHit(b *testing.B) { against(b, cachedForecast, 0, hits) }

func BenchmarkHitWithAge(b *testing.B) { against(b, cachedAged, 10*time.Minute, hits) }

// BenchmarkHitParallel has as many callers as processors.
func BenchmarkHitParallel(b *testing.B) {
	against(b, cachedForecast, 0, func(b *testing.B, get call) {
		fill(b, get)
		ctx := context.Background()
		defer processor(b)()
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				_, _ = get(ctx, cities[i%entries], 3)
			}
		})
	})
}

// BenchmarkHitEncoded compares with a key that is put together by hand, and a result that is copied by hand.
func BenchmarkHitEncoded(b *testing.B) {
	ctx := context.Background()
	queries := make([]*Query, entries)
	for i := range queries {
		queries[i] = &Query{Text: cities[i], Tags: []string{"berlin", "hamburg"}, Limit: 10}
	}
	sized := otter.Must(&otter.Options[string, Found]{MaximumSize: 10 * entries})
	run := func(b *testing.B, get func(q *Query) (Found, error)) {
		for _, q := range queries {
			if _, err := get(q); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportAllocs()
		i := 0
		defer processor(b)()
		for b.Loop() {
			_, _ = get(queries[i%entries])
			i++
		}
	}
	b.Run("by=otter", func(b *testing.B) {
		run(b, func(q *Query) (Found, error) {
			key := q.Text + "\x00" + strings.Join(q.Tags, "\x00") + "\x00" + fmt.Sprint(q.Limit)
			found, ok := sized.GetIfPresent(key)
			if !ok {
				var err error
				if found, err = Search(ctx, q); err != nil {
					return found, err
				}
				sized.Set(key, found)
			}
			found.Names = slices.Clone(found.Names)
			return found, nil
		})
	})
	b.Run("by=cachegen", func(b *testing.B) {
		run(b, func(q *Query) (Found, error) { return CachedSearch(ctx, q) })
	})
}

// BenchmarkHitControlled compares hits of calls whose context says something of caching with those of calls whose context doesn't.
func BenchmarkHitControlled(b *testing.B) {
	plain := context.Background()
	for name, ctx := range map[string]context.Context{
		"plain": plain,
		"scope": cache.WithScope(plain, cache.Scope{Project: "p", Domain: "d"}),
		"mode":  cache.WithMode(plain, cache.Use),
	} {
		b.Run("by="+name, func(b *testing.B) {
			hits(b, func(_ context.Context, city string, days int) (Report, error) {
				return CachedForecast(ctx, city, days, nil)
			})
		})
	}
}

// BenchmarkHitLarge has a result of 16 MiB, against copying it.
func BenchmarkHitLarge(b *testing.B) {
	const size = 16 << 20
	p := bytes.Repeat([]byte{1}, size) // pages that nobody wrote to are all one
	b.Run("by=copy", func(b *testing.B) {
		defer processor(b)()
		for b.Loop() {
			_ = slices.Clone(p)
		}
	})
	b.Run("by=cachegen", func(b *testing.B) {
		defer processor(b)()
		for b.Loop() {
			if p, err := CachedPicture(b.Context(), size); len(p) != size || err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestWrappersAgree keeps the benchmarks honest: what is compared computes the same, and hits.
func TestWrappersAgree(t *testing.T) {
	wrappers := map[string]call{"cachegen": cachedForecast}
	for name, r := range rivals {
		wrappers[name] = r.rival(entries, 0)
		if r.ages {
			wrappers[name+", aged"] = r.rival(entries, time.Hour)
		}
	}
	for name, get := range wrappers {
		for _, city := range cities[:10] {
			for range 2 {
				got, err := get(t.Context(), city, 3)
				want, _ := Forecast(t.Context(), city, 3, nil)
				if got != want || err != nil {
					t.Errorf("%s: %s: %v, %v; want %v", name, city, got, err, want)
				}
			}
		}
	}
	if got := CachedSquare(7); got != 49 {
		t.Errorf("7² = %d", got)
	}
}
