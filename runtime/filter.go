package cache

import "time"

// Filter selects stored inputs. The zero Filter selects the inputs of all results.
type Filter struct {
	// Failed selects the inputs of calls that failed and have not succeeded since, instead of
	// inputs of results. Functions with keep-failed have them.
	Failed bool
	// Version selects one version; "" selects all.
	Version string
	// Since and Until bound the end of the execution. A zero time is no bound.
	Since, Until time.Time
}
