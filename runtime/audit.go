package cache

import "github.com/cachegen/cachegen/runtime/internal/engine"

// AuditError says that a function returns something else than what is kept of it: "Report.Temps[2]: 3 ≠ 4". Clocks, environments and races
// do that, which no version can see.
type AuditError = engine.Different

// Audits is what executing a function for its stored inputs came to.
type Audits struct {
	// Audited is how many results were compared, Missing how many inputs have no usable result of this code, Failed how many
	// executions returned an error.
	Audited, Missing, Failed int
	// Different are the results that differed, the first hundred of them.
	Different []*AuditError
}
