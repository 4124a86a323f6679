package cache

import "time"

// Stats are a function's counters since the process started.
type Stats struct {
	// Hits were answered from a tier, Misses executed, Joined shared an execution, Stale got a result that was too old,
	// Refreshed executed though there was a result, Bypassed had nothing to do with the cache.
	Hits, Misses, Joined, Stale, Refreshed, Bypassed int64
	// Faults are things that went wrong in a store.
	Faults int64
	// Saved is the time that the hits' results once took, Spent the time that executions took.
	Saved, Spent time.Duration
	// Entries and Bytes are what is in memory, estimated.
	Entries int
	Bytes   int64
}
