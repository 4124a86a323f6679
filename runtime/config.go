package cache

import (
	"log/slog"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/store"
)

// Config configures a cache. The zero value is the default: a bounded memory tier in front of a
// folder below the user's cache folder, and in test binaries memory alone. The zero value of some
// fields means a setting of the environment; their comments say which.
type Config struct {
	// URL is the URL of the store, as [Open] takes it. "none" is no store. "" is CACHEGEN_STORE, or
	// else the folder CACHEGEN_DIR, or else a folder below os.UserCacheDir.
	URL string
	// Store is an open store, instead of URL. Closing the cache closes it.
	Store store.Store
	// Stores are the stores that functions name with store=.
	Stores map[string]store.Store
	// Project and Domain set results apart from those of others in the same store. "" is
	// CACHEGEN_PROJECT and CACHEGEN_DOMAIN.
	Project, Domain string
	// Mode is the mode of calls whose context has none. 0 is CACHEGEN_MODE, or else Use.
	Mode Mode
	// MemoryEntries bounds the entries in memory of each function without the option
	// memory-entries; 0 is 10,000.
	MemoryEntries int
	// MemoryBytes bounds the estimated size of all entries in memory together, with their keys,
	// tags and kept errors; 0 is 128 MiB. Results that wait to be written may take as much again;
	// further results are not stored. The cache's records of functions and scopes may take a
	// quarter of it.
	MemoryBytes int64
	// StoreTimeout bounds the time of each operation of the store; 0 is 5 s.
	StoreTimeout time.Duration
	// Workers bounds how many writes run in the background at once, and how many refreshes; 0 is 8.
	Workers int
	// Audit is a share of hits, from 0 to 1. Such a hit also executes the function, in the
	// background, two at a time, and compares the results. If they differ, the new result replaces
	// the old one, and a Fault with the reason Differs is observed. 0 is CACHEGEN_AUDIT ("1%"), or
	// else none.
	Audit float64
	// AuditFloats reports whether two floats count as equal in an audit. nil compares their bits.
	AuditFloats func(was, is float64) bool
	// Logger gets faults of the cache: each kind at once, and then at most once a minute. nil is
	// [slog.Default].
	Logger *slog.Logger
	// Observe is called for every call and every fault, besides the observers of contexts and of
	// [Watch]. Calls to it may overlap.
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
