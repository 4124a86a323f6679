package cache

import (
	"log/slog"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/store"
)

// Config says what a cache is. The zero value is the default: a bounded memory tier in front of a directory below the user's cache
// folder, and in test binaries memory only. What a field leaves open, the environment says.
type Config struct {
	// URL is the store's, as [Open] takes it. "" is CACHEGEN_STORE, or else dir: at CACHEGEN_DIR, or else
	// dir: below os.UserCacheDir; "none" is no store.
	URL string
	// Store is an open store, instead of URL. Closing the cache closes it.
	Store store.Store
	// Stores are those that functions name with store=.
	Stores map[string]store.Store
	// Project and Domain set results apart from those of others in the same store. "" is CACHEGEN_PROJECT and
	// CACHEGEN_DOMAIN.
	Project, Domain string
	// Mode is the mode of calls whose context has none. 0 is CACHEGEN_MODE, or else Use.
	Mode Mode
	// MemoryEntries bounds the entries in memory of each function that doesn't say memory-entries; 0 is 10,000.
	MemoryEntries int
	// MemoryBytes bounds the estimated bytes that all entries in memory have together, keys, tags and remembered errors included; 0 is
	// 128 MiB. Results that wait to be written have as much at most: what is more is not stored. What a cache keeps of
	// functions and scopes besides has a quarter of it.
	MemoryBytes int64
	// StoreTimeout bounds each operation of the store; 0 is 5 s.
	StoreTimeout time.Duration
	// Workers bounds how many writes run in the background at once, and how many refreshes; 0 is 8.
	Workers int
	// Audit is the share of hits, 0 to 1, that is executed too, in the background, two at a time, and compared. What differs is a Fault
	// with the reason Differs, and replaced. 0 is CACHEGEN_AUDIT ("1%"), or else none.
	Audit float64
	// AuditFloats says which floats count as equal then; nil: those with the same bits.
	AuditFloats func(was, is float64) bool
	// Logger is told of faults of the cache, each kind at once and then no more than once a minute; nil is [slog.Default].
	Logger *slog.Logger
	// Observe is told about every call and every fault, besides the observers of contexts and those of [Watch]. Calls to it may
	// overlap.
	Observe func(Event)
}

func (c Config) engine() engine.Config {
	e := engine.Config{
		URL: c.URL, Store: c.Store, Stores: c.Stores, Project: c.Project, Domain: c.Domain, Mode: c.Mode,
		MemoryEntries: c.MemoryEntries, MemoryBytes: c.MemoryBytes, StoreTimeout: c.StoreTimeout, Workers: c.Workers, Logger: c.Logger,
		Audit: c.Audit, AuditFloats: c.AuditFloats,
	}
	if c.Observe != nil {
		e.Observe = func(ev engine.Event) { c.Observe(Event(ev)) }
	}
	return e
}
