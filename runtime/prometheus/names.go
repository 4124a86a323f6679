package cacheprom

import prom "github.com/prometheus/client_golang/prometheus"

// All names of metrics and labels are in this file, because the conventions for caches are not
// settled.
const (
	labelFunction  = "function"
	labelOutcome   = "outcome"
	labelReason    = "reason"
	labelTier      = "tier"
	labelStore     = "store"
	labelOperation = "operation"
)

func describe(name, help string, labels ...string) *prom.Desc {
	return prom.NewDesc("cachegen_"+name, help, labels, nil)
}

var (
	calls     = describe("calls_total", "Calls and faults, by what they came to and why.", labelFunction, labelOutcome, labelReason)
	hits      = describe("hits_total", "Calls answered from a tier.", labelFunction, labelTier)
	failed    = describe("executions_failed_total", "Executions that ended with an error or a panic.", labelFunction)
	spent     = describe("execution_seconds_total", "Time that executions took.", labelFunction)
	saved     = describe("saved_seconds_total", "Time that the results of hits once took.", labelFunction)
	rejected  = describe("rejected_total", "Results that unless kept out or validate refused.", labelFunction)
	evicted   = describe("evicted_total", "Results that memory dropped for want of room.", labelFunction)
	audited   = describe("audited_total", "Hits that were executed too.", labelFunction)
	different = describe("audit_differences_total", "Audited hits whose execution came to something else.", labelFunction)
	entries   = describe("memory_entries", "Results in memory.", labelFunction)
	bytes     = describe("memory_bytes", "Estimated bytes of the results in memory.", labelFunction)

	operations = describe("store_operation_seconds", "How long operations of a store took.", labelStore, labelOperation)
	faults     = describe("store_operations_failed_total", "Operations that a store failed, or did not answer in time.", labelStore, labelOperation)
	refused    = describe("store_operations_refused_total", "Operations that were not tried after faults.", labelStore, labelOperation)
	resting    = describe("store_resting", "Whether a store is left alone for a moment after faults.", labelStore, labelOperation)
)
