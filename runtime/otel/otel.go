// Package cacheotel sends metrics and spans of all cached functions of a process to OpenTelemetry:
//
//	stop, err := cacheotel.Start(cacheotel.Config{})
//	…
//	defer stop()
//
// Metrics are read from [cache.Functions] and [cache.Stores] when they are collected. Their
// attributes are function, outcome, reason, tier, store and operation, and never inputs or keys. So
// their number is bounded by the program.
//
// Operations that take time have spans: calls that memory does not answer at once, executions,
// operations of stores, refreshes and audits. An operation in the background begins a trace of its
// own, with a link to the call that asked for it. A hit in memory has no span.
package cacheotel

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	cache "github.com/cachegen/cachegen/runtime"
)

// Config configures [Start]. The zero value means the global providers.
type Config struct {
	// Tracers provides spans, and Meters provides metrics; nil is the global provider.
	Tracers trace.TracerProvider
	Meters  metric.MeterProvider
	// Caches are the caches whose stores have metrics; none means the default cache.
	Caches []*cache.Cache
}

// Start sends metrics and spans of all calls until stop is called.
func Start(c Config) (stop func(), err error) {
	if c.Tracers == nil {
		c.Tracers = otel.GetTracerProvider()
	}
	if c.Meters == nil {
		c.Meters = otel.GetMeterProvider()
	}
	unregister, err := measure(c.Meters.Meter(scope), c.Caches)
	if err != nil {
		return nil, err
	}
	t := tracer{c.Tracers.Tracer(scope)}
	unwatch := cache.Watch(cache.Observer{Event: t.event, Begin: t.begin, End: t.end})
	return func() {
		unwatch()
		_ = unregister()
	}, nil
}

// tracer makes spans.
type tracer struct{ trace.Tracer }

// spanKey is the key of the span that begin put into a context. An observer must not end the span
// of somebody else.
type spanKey struct{}

func (t tracer) begin(ctx context.Context, o cache.Operation) context.Context {
	options := []trace.SpanStartOption{trace.WithAttributes(attributes(o)...)}
	if asked := trace.SpanContextFromContext(ctx); o.Background && asked.IsValid() && ctx.Value(backgroundKey{}) == nil {
		options = append(options, trace.WithNewRoot(), trace.WithLinks(trace.Link{SpanContext: asked}))
	}
	if o.Kind >= cache.Reading {
		options = append(options, trace.WithSpanKind(trace.SpanKindClient))
	}
	ctx, span := t.Start(ctx, spanPrefix+o.Kind.String(), options...)
	if o.Background {
		ctx = context.WithValue(ctx, backgroundKey{}, true)
	}
	return context.WithValue(ctx, spanKey{}, span)
}

// backgroundKey marks the contexts of operations within an operation in the background, which
// belong to its trace.
type backgroundKey struct{}

func attributes(o cache.Operation) []attribute.KeyValue {
	var l []attribute.KeyValue
	if o.Func != "" {
		l = append(l, keyFunction.String(o.Func))
	}
	if o.Store != "" {
		l = append(l, keyStore.String(o.Store))
	}
	if !o.Key.IsZero() {
		l = append(l, keyKey.String(o.Key.String()))
	}
	return l
}

// event adds the outcome to the span of a call.
func (tracer) event(ctx context.Context, e cache.Event) {
	span, _ := ctx.Value(spanKey{}).(trace.Span)
	if span == nil {
		return
	}
	if e.Outcome == cache.Fault {
		span.AddEvent(e.Reason.String(), trace.WithAttributes(keyReason.String(e.Reason.String())))
		return
	}
	l := []attribute.KeyValue{keyOutcome.String(e.Outcome.String())}
	if e.Tier != 0 {
		l = append(l, keyTier.String(e.Tier.String()))
	}
	if e.Reason != 0 {
		l = append(l, keyReason.String(e.Reason.String()))
	}
	span.SetAttributes(l...)
}

func (tracer) end(ctx context.Context, _ cache.Operation, _ time.Duration, err error) {
	span, _ := ctx.Value(spanKey{}).(trace.Span)
	if span == nil {
		return
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		span.RecordError(err)
		span.SetStatus(codes.Error, err.Error())
	}
	span.End()
}
