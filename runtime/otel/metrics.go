package cacheotel

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/metric"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/total"
)

// instruments are the metrics.
type instruments struct {
	meter metric.Meter
	all   []metric.Observable
	errs  []error

	calls, hits, failed, rejected, evicted, audited, different metric.Int64ObservableCounter
	entries, bytes                                             metric.Int64ObservableGauge
	operations, faults, refused                                metric.Int64ObservableCounter
	spent, saved, took                                         metric.Float64ObservableCounter
}

func (i *instruments) counter(name, description string) metric.Int64ObservableCounter {
	c, err := i.meter.Int64ObservableCounter(name, metric.WithDescription(description))
	i.all, i.errs = append(i.all, c), append(i.errs, err)
	return c
}

func (i *instruments) gauge(name, unit, description string) metric.Int64ObservableGauge {
	g, err := i.meter.Int64ObservableGauge(name, metric.WithDescription(description), metric.WithUnit(unit))
	i.all, i.errs = append(i.all, g), append(i.errs, err)
	return g
}

func (i *instruments) seconds(name, description string) metric.Float64ObservableCounter {
	c, err := i.meter.Float64ObservableCounter(name, metric.WithDescription(description), metric.WithUnit("s"))
	i.all, i.errs = append(i.all, c), append(i.errs, err)
	return c
}

// measure registers the instruments, until unregister is called.
func measure(m metric.Meter, caches []*cache.Cache) (unregister func() error, err error) {
	i := instruments{meter: m}
	i.calls = i.counter(metricCalls, "Calls and faults, by what they came to and why.")
	i.hits = i.counter(metricHits, "Calls answered from a tier.")
	i.failed = i.counter(metricFailed, "Executions that ended with an error or a panic.")
	i.spent = i.seconds(metricSpent, "Time that executions took.")
	i.saved = i.seconds(metricSaved, "Time that the results of hits once took.")
	i.rejected = i.counter(metricRejected, "Results that unless kept out or validate refused.")
	i.evicted = i.counter(metricEvicted, "Results that memory dropped for want of room.")
	i.entries = i.gauge(metricEntries, "{entry}", "Results in memory.")
	i.bytes = i.gauge(metricBytes, "By", "Estimated bytes of the results in memory.")
	i.audited = i.counter(metricAudited, "Hits that were executed too.")
	i.different = i.counter(metricDifferent, "Audited hits whose execution came to something else.")
	i.operations = i.counter(metricStore, "Operations of stores.")
	i.took = i.seconds(metricStoreTime, "Time that operations of stores took.")
	i.faults = i.counter(metricFaults, "Operations that a store failed, or did not answer in time.")
	i.refused = i.counter(metricRefused, "Operations that were not tried after faults.")
	if err := errors.Join(i.errs...); err != nil {
		return nil, err
	}
	r, err := m.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		i.functions(o)
		i.stores(o, total.Stores(caches))
		return nil
	}, i.all...)
	if err != nil {
		return nil, err
	}
	return r.Unregister, nil
}

// functions observes the counters of functions. The instances of a generic function have one name,
// so their counters are added up.
func (i *instruments) functions(o metric.Observer) {
	for _, f := range total.ByName(cache.Functions()) {
		for _, c := range f.Calls {
			o.ObserveInt64(i.calls, c.Calls, metric.WithAttributes(
				keyFunction.String(f.Name), keyOutcome.String(c.Outcome.String()), keyReason.String(c.Reason.String())))
		}
		i.function(o, f.Name, &f.Stats)
	}
}

func (i *instruments) function(o metric.Observer, name string, s *cache.Stats) {
	of := metric.WithAttributes(keyFunction.String(name))
	for tier, n := range map[cache.Tier]int64{cache.Memory: s.MemoryHits, cache.Store: s.StoreHits, cache.Target: s.TargetHits} {
		o.ObserveInt64(i.hits, n, metric.WithAttributes(keyFunction.String(name), keyTier.String(tier.String())))
	}
	o.ObserveInt64(i.failed, s.Failed, of)
	o.ObserveFloat64(i.spent, s.Spent.Seconds(), of)
	o.ObserveFloat64(i.saved, s.Saved.Seconds(), of)
	o.ObserveInt64(i.rejected, s.Rejected, of)
	o.ObserveInt64(i.evicted, s.Evicted, of)
	o.ObserveInt64(i.entries, int64(s.Entries), of)
	o.ObserveInt64(i.bytes, s.Bytes, of)
	o.ObserveInt64(i.audited, s.Audited, of)
	o.ObserveInt64(i.different, s.Different, of)
}

// stores observes the counters of stores.
func (i *instruments) stores(o metric.Observer, stores []cache.StoreInfo) {
	for _, s := range stores {
		for _, op := range s.Operations {
			of := metric.WithAttributes(keyStore.String(s.Name), keyOperation.String(op.Kind.String()))
			o.ObserveInt64(i.operations, op.Count, of)
			o.ObserveFloat64(i.took, op.Total.Seconds(), of)
			o.ObserveInt64(i.faults, op.Failed, of)
			o.ObserveInt64(i.refused, op.Refused, of)
		}
	}
}
