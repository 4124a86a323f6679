package cache

import "time"

// Stats are a function's counters since the process started. Each call that has ended counts once
// in Hits, Misses, Joined, Stale, Refreshed or Bypassed, unless it failed.
type Stats struct {
	// Hits got a result from a tier. Misses executed and succeeded. Joined shared an execution.
	// Stale got a result that was too old. Refreshed executed and succeeded although there was a
	// result. Bypassed had nothing to do with the cache.
	Hits, Misses, Joined, Stale, Refreshed, Bypassed int64
	// MemoryHits, StoreHits and TargetHits are the hits by tier.
	MemoryHits, StoreHits, TargetHits int64
	// Failed are executions that ended with an error or a panic. They don't count in Misses.
	Failed int64
	// Unkeyed are those of Bypassed whose inputs had no key. Rejected are results that unless kept
	// out, and entries that validate refused. Evicted are results that memory dropped to make room.
	Unkeyed, Rejected, Evicted int64
	// TooLarge counts how often a result was not put into memory because it takes over an eighth of
	// the room. Each hit then reads it from the store.
	TooLarge int64
	// Audited are hits that executed the function too, and Different those of them whose results
	// differed.
	Audited, Different int64
	// Faults are the faults of stores and marshalers.
	Faults int64
	// Saved sums up the costs of the results that hits returned. Spent is the time that executions
	// took.
	Saved, Spent time.Duration
	// Entries is the number of entries in memory, and Bytes their estimated size.
	Entries int
	Bytes   int64
}
