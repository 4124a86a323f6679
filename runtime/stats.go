package cache

import "time"

// Stats are a function's counters since the process started. Each call that ended counts once among Hits, Misses, Joined, Stale, Refreshed
// and Bypassed, or it failed.
type Stats struct {
	// Hits were answered from a tier, Misses executed and succeeded, Joined shared an execution, Stale got a result that was too
	// old, Refreshed executed and succeeded though there was a result, Bypassed had nothing to do with the cache.
	Hits, Misses, Joined, Stale, Refreshed, Bypassed int64
	// MemoryHits, StoreHits and TargetHits are the hits by where they were found.
	MemoryHits, StoreHits, TargetHits int64
	// Failed are executions that ended with an error or a panic. They are no Misses.
	Failed int64
	// Unkeyed are those of Bypassed whose inputs had no key. Rejected are results that unless kept out, and calls for which
	// validate refused what was found. Evicted are results that memory dropped for want of room.
	Unkeyed, Rejected, Evicted int64
	// TooLarge counts how often a result was not put into memory because it takes over an eighth of the room: each hit reads it
	// from the store.
	TooLarge int64
	// Audited are hits that were executed too, and Different those of them that came to something else.
	Audited, Different int64
	// Faults are things that went wrong in a store.
	Faults int64
	// Saved is the time that the hits' results once took, Spent the time that executions took.
	Saved, Spent time.Duration
	// Entries and Bytes are what is in memory, estimated.
	Entries int
	Bytes   int64
}
