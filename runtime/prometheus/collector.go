// Package cacheprom gives Prometheus metrics of all cached functions of a process, and of the
// default cache's stores:
//
//	prometheus.MustRegister(cacheprom.New())
//
// Metrics are read from [cache.Functions] and [cache.Stores] when Prometheus asks, so they cost
// nothing in between. Their labels are function, outcome, reason, tier, store and operation, and
// never inputs or keys. So their number is bounded by the program. [Dashboard] is a dashboard for
// Grafana.
package cacheprom

import (
	_ "embed"

	prom "github.com/prometheus/client_golang/prometheus"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/total"
)

// Dashboard is a dashboard for Grafana, in JSON, that shows these metrics. It asks for a data
// source when it is imported.
//
//go:embed dashboard.json
var Dashboard []byte

// New returns a collector of the metrics of all functions, and of the stores of caches; without
// caches, of the default cache's stores. Stores that have one name, as the caches' own have, are
// added up.
func New(caches ...*cache.Cache) prom.Collector { return &collector{caches} }

type collector struct{ caches []*cache.Cache }

// Describe implements [prom.Collector].
func (c *collector) Describe(ch chan<- *prom.Desc) {
	for _, d := range []*prom.Desc{
		calls, hits, failed, spent, saved, rejected, evicted, audited, different, entries, bytes, operations, faults, refused, resting,
	} {
		ch <- d
	}
}

// Collect implements [prom.Collector].
func (c *collector) Collect(ch chan<- prom.Metric) {
	for _, f := range total.ByName(cache.Functions()) {
		collectFunction(ch, &f)
	}
	collectStores(ch, total.Stores(c.caches))
}

// collectFunction sends the counters of a function.
func collectFunction(ch chan<- prom.Metric, f *cache.FunctionInfo) {
	count := func(d *prom.Desc, v float64, labels ...string) {
		ch <- prom.MustNewConstMetric(d, prom.CounterValue, v, append([]string{f.Name}, labels...)...)
	}
	for _, c := range f.Calls {
		count(calls, float64(c.Calls), c.Outcome.String(), c.Reason.String())
	}
	s := &f.Stats
	count(hits, float64(s.MemoryHits), cache.Memory.String())
	count(hits, float64(s.StoreHits), cache.Store.String())
	count(hits, float64(s.TargetHits), cache.Target.String())
	count(failed, float64(s.Failed))
	count(spent, s.Spent.Seconds())
	count(saved, s.Saved.Seconds())
	count(rejected, float64(s.Rejected))
	count(evicted, float64(s.Evicted))
	count(audited, float64(s.Audited))
	count(different, float64(s.Different))
	ch <- prom.MustNewConstMetric(entries, prom.GaugeValue, float64(s.Entries), f.Name)
	ch <- prom.MustNewConstMetric(bytes, prom.GaugeValue, float64(s.Bytes), f.Name)
}

func collectStores(ch chan<- prom.Metric, stores []cache.StoreInfo) {
	for _, s := range stores {
		for _, o := range s.Operations {
			kind := o.Kind.String()
			buckets := map[float64]uint64{}
			for _, b := range o.Within {
				buckets[b.Bound.Seconds()] = uint64(b.Count)
			}
			rests := 0.0
			if o.Resting {
				rests = 1
			}
			ch <- prom.MustNewConstHistogram(operations, uint64(o.Count), o.Total.Seconds(), buckets, s.Name, kind)
			ch <- prom.MustNewConstMetric(faults, prom.CounterValue, float64(o.Failed), s.Name, kind)
			ch <- prom.MustNewConstMetric(refused, prom.CounterValue, float64(o.Refused), s.Name, kind)
			ch <- prom.MustNewConstMetric(resting, prom.GaugeValue, rests, s.Name, kind)
		}
	}
}
