package engine

import (
	"context"
	"sync/atomic"
	"time"
)

// NoReuse as a limit says that completed results are never used.
const NoReuse time.Duration = -1

// Function is a cached function: what the generator knows of it, and what this process counted.
type Function struct {
	Name    string
	Version string
	Modules []string
	Shape   string
	Options Options

	memory  atomic.Pointer[memory] // where hits without controls look; nil until the first result
	hits    hits
	counts  counts
	private *Cache // the receiver's cache, if there is one for each
}

// Options are package runtime's, field by field.
type Options struct {
	Namespace                                       string
	Salt                                            string
	MaxAge                                          time.Duration
	Disabled                                        bool
	Infallible                                      bool
	Platform, Toolchain                             bool
	PerRun                                          bool
	Serialize                                       bool
	Lease                                           time.Duration
	NoJoin                                          bool
	StaleWhileRevalidate, StaleIfError, ErrorMaxAge time.Duration
	Target                                          string
	Store                                           string
	MemoryEntries                                   int
	Share                                           bool
	KeepInputs, KeepFailed                          bool
	CheckRoundTrip                                  bool
	MemoryOnly                                      bool
	CloneByCodec, Recursive                         bool
}

// Hit returns what is in memory under the hash if the context has no controls, or nil. It counts nothing: the caller compares
// the key first, and then asks Usable.
func (f *Function) Hit(ctx context.Context, hash uint64) Held {
	if controlled.Load() && ctx.Value(settingsKey{}) != nil {
		return nil
	}
	m := f.memory.Load()
	if m == nil {
		return nil
	}
	return m.get(hash)
}

// Usable reports whether the age of a result that Hit returned lets it be used, and counts the hit if so.
func (f *Function) Usable(m *Meta) bool {
	if m.Limit != 0 && m.Age(time.Now()) > m.Limit {
		return false
	}
	f.hits.add(m.Cost)
	return true
}

// Namespace returns the namespace of the function's entries.
func (f *Function) Namespace() string {
	if f.Options.Namespace != "" {
		return f.Options.Namespace
	}
	return f.Name
}
