package cacheotel

import "go.opentelemetry.io/otel/attribute"

// All names of instruments, spans and attributes are in this file, because the conventions for
// caches are not settled.
const (
	scope = "github.com/cachegen/cachegen/runtime/otel"

	metricCalls     = "cachegen.calls"
	metricHits      = "cachegen.hits"
	metricFailed    = "cachegen.executions.failed"
	metricSpent     = "cachegen.executions.time"
	metricSaved     = "cachegen.saved.time"
	metricRejected  = "cachegen.rejected"
	metricEvicted   = "cachegen.memory.evicted"
	metricEntries   = "cachegen.memory.entries"
	metricBytes     = "cachegen.memory.bytes"
	metricAudited   = "cachegen.audited"
	metricDifferent = "cachegen.audit.differences"
	metricStore     = "cachegen.store.operations"
	metricStoreTime = "cachegen.store.time"
	metricFaults    = "cachegen.store.operations.failed"
	metricRefused   = "cachegen.store.operations.refused"

	keyFunction  = attribute.Key("cachegen.function")
	keyOutcome   = attribute.Key("cachegen.outcome")
	keyReason    = attribute.Key("cachegen.reason")
	keyTier      = attribute.Key("cachegen.tier")
	keyStore     = attribute.Key("cachegen.store")
	keyOperation = attribute.Key("cachegen.operation")
	keyKey       = attribute.Key("cachegen.key")

	// spanPrefix begins the names of spans: cachegen.call, cachegen.execute, cachegen.refresh,
	// cachegen.audit, cachegen.read, cachegen.write, cachegen.look, cachegen.open.
	spanPrefix = "cachegen."
)
