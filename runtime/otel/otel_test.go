package cacheotel_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/engine"
	cacheotel "github.com/cachegen/cachegen/runtime/otel"
)

type number struct{ N int }

func (a number) AppendCacheKey(b []byte) []byte { return cacheimpl.AppendInt(b, int64(a.N)) }

var square = cacheimpl.NewFunction[number, int](cacheimpl.Spec{
	Name: "example.com/m.Square", Version: "v1:0",
	Options: cacheimpl.Options{MaxAge: 20 * time.Millisecond, StaleWhileRevalidate: time.Hour},
})

func cachedSquare(ctx context.Context, n int) (int, error) {
	if r := cacheimpl.Hit(ctx, square.Core, number{n}); r != nil {
		return *r, nil
	}
	return cacheimpl.Do(ctx, square.Core, number{n}, func(context.Context) (int, error) {
		if n < 0 {
			return 0, errors.New("negative")
		}
		return n * n, nil
	})
}

// world is a cache that is told of.
type world struct {
	ctx   context.Context
	cache *cache.Cache
	spans *tracetest.SpanRecorder
	meter *metric.ManualReader
}

func newWorld(t *testing.T) *world {
	t.Helper()
	c, err := cache.New(cache.Config{URL: "dir://" + t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	patient := engine.With(t.Context(), func(s *engine.Settings) { s.Patient = func() bool { return true } }) // however busy the machine is
	w := &world{cache.WithCache(patient, c), c, tracetest.NewSpanRecorder(), metric.NewManualReader()}
	stop, err := cacheotel.Start(cacheotel.Config{
		Tracers: trace.NewTracerProvider(trace.WithSpanProcessor(w.spans)), Caches: []*cache.Cache{c},
		Meters: metric.NewMeterProvider(metric.WithReader(w.meter)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return w
}

// named returns the ended spans of a name.
func (w *world) named(name string) (l []trace.ReadOnlySpan) {
	for _, s := range w.spans.Ended() {
		if s.Name() == name {
			l = append(l, s)
		}
	}
	return l
}

func value(s trace.ReadOnlySpan, key string) string {
	for _, a := range s.Attributes() {
		if a.Key == attribute.Key(key) {
			return a.Value.AsString()
		}
	}
	return ""
}

func TestSpans(t *testing.T) {
	w := newWorld(t)
	_, _ = cachedSquare(w.ctx, 3)
	time.Sleep(50 * time.Millisecond)
	_, _ = cachedSquare(w.ctx, 3) // stale: a refresh in the background
	_, _ = cachedSquare(w.ctx, -3)
	if err := w.cache.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	calls := w.named("cachegen.call")
	if len(calls) != 3 || value(calls[0], "cachegen.outcome") != "miss" || value(calls[0], "cachegen.reason") != "never seen" ||
		value(calls[1], "cachegen.outcome") != "stale" || len(value(calls[0], "cachegen.key")) != 64 {
		t.Fatalf("%v", calls)
	}
	if s := calls[2].Status(); s.Code != codes.Error || s.Description != "negative" {
		t.Errorf("%v", s)
	}
	executions := w.named("cachegen.execute")
	if len(executions) != 3 || executions[0].Parent().SpanID() != calls[0].SpanContext().SpanID() {
		t.Fatalf("%v", executions)
	}
	for name, asked := range map[string]trace.ReadOnlySpan{"cachegen.refresh": calls[1], "cachegen.write": calls[0]} {
		spans := w.named(name)
		if len(spans) == 0 {
			t.Errorf("no %s", name)
			continue
		}
		s := spans[0]
		if s.Parent().IsValid() || len(s.Links()) != 1 || s.Links()[0].SpanContext.SpanID() != asked.SpanContext().SpanID() {
			t.Errorf("%s is not linked to the call that asked for it: %v", name, s.Links())
		}
	}
	refresh := w.named("cachegen.refresh")[0]
	if !slices.ContainsFunc(executions, func(s trace.ReadOnlySpan) bool { return s.Parent().SpanID() == refresh.SpanContext().SpanID() }) {
		t.Error("the refresh executes nothing")
	}
	if len(w.spans.Started()) != len(w.spans.Ended()) {
		t.Errorf("%d of %d spans ended", len(w.spans.Ended()), len(w.spans.Started()))
	}
}

func TestMetrics(t *testing.T) {
	w := newWorld(t)
	before := w.sums(t)
	_, _ = cachedSquare(w.ctx, 5)
	_, _ = cachedSquare(w.ctx, -5)
	if err := w.cache.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	after := w.sums(t)
	for name, want := range map[string]float64{
		"cachegen.calls": 2, "cachegen.executions.failed": 1, "cachegen.audited": 0, "cachegen.store.operations.failed": 0,
	} {
		if got := after[name] - before[name]; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if after["cachegen.store.operations"] == before["cachegen.store.operations"] {
		t.Error("no operations of stores")
	}
}

// sums returns the sum of each metric over its attributes.
func (w *world) sums(t *testing.T) map[string]float64 {
	t.Helper()
	var m metricdata.ResourceMetrics
	if err := w.meter.Collect(t.Context(), &m); err != nil {
		t.Fatal(err)
	}
	sums := map[string]float64{}
	for _, s := range m.ScopeMetrics {
		for _, m := range s.Metrics {
			switch d := m.Data.(type) {
			case metricdata.Sum[int64]:
				for _, p := range d.DataPoints {
					sums[m.Name] += float64(p.Value)
				}
			case metricdata.Sum[float64]:
				for _, p := range d.DataPoints {
					sums[m.Name] += p.Value
				}
			}
		}
	}
	return sums
}
