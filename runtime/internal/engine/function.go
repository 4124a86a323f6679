package engine

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/build"
	"github.com/cachegen/cachegen/runtime/internal/clock"
	"github.com/cachegen/cachegen/runtime/internal/target"
)

// Function is a cached function: what the generator knows of it, and what this process counted.
type Function struct {
	Name    string
	Version string
	Modules []string
	Linked  []string
	Shape   string
	Options Options
	// Hooks are what the function's author says about results.
	Hooks Hooks
	// Misfit reports whether types are not what generated code takes them for; nil: it takes
	// nothing for granted.
	Misfit func() bool
	// Layout says what results are in memory: all of the function's are of one type.
	Layout Layout
	// Controls are the function's, for who audits all functions; nil where results go with a
	// receiver.
	Controls any

	common  details             // of results of which there is no more to say
	way     atomic.Pointer[Way] // of hits without settings; nil until the first call that may fill its memory
	number  uint32              // among all functions
	ages    clock.Ages
	ruled   atomic.Pointer[rule] // what the file of settings says
	tally   *tallies
	target  func() (*target.Template, error)
	peers   *atomic.Int32 // how many functions are of its kinship; nil if its entries are its own
	warn    sync.Once     // that no run is named
	changed func() bool   // whether the code changed since the wrapper was generated; nil: nobody looks
	private *states       // where the states are if they go with the function; nil: they are the cache's
}

// Options are package runtime's, field by field.
type Options struct {
	Namespace                                       string
	Salt                                            string
	MaxAge                                          time.Duration
	Disabled                                        bool
	Infallible                                      bool
	Portable, Toolchain                             bool
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
	CloneByCodec                                    bool
	Recursive                                       bool
}

// Namespace returns the namespace of the function's entries.
func (f *Function) Namespace() string {
	if f.Options.Namespace != "" {
		return f.Options.Namespace
	}
	return f.Name
}

// outdated reports whether the wrapper is not what would be generated now: its code changed, or the
// types that it takes apart.
func (f *Function) outdated() bool {
	return !f.Options.Disabled && (f.changed != nil && f.changed() || f.Misfit != nil && f.Misfit())
}

// uses says what of a build the function's results can depend on.
func (f *Function) uses() build.Uses {
	return build.Uses{
		Func: f.Name, Modules: f.Modules, Linked: f.Linked, Portable: f.Options.Portable, Toolchain: f.Options.Toolchain,
	}
}

// longWay reports whether hits must not take the short way through Hit: each call has something to
// ask or to tell.
func (f *Function) longWay() bool {
	return f.Options.Disabled || f.Options.PerRun || f.Options.Target != "" || f.Hooks.Validate != nil || f.Hooks.LongWay
}

// Private returns a function that counts for f and has results of its own, in memory only, which
// are gone with it.
func (f *Function) Private() *Function {
	p := &Function{
		Name: f.Name, Version: f.Version, Modules: f.Modules, Linked: f.Linked, Shape: f.Shape, Options: f.Options, Hooks: f.Hooks, Misfit: f.Misfit,
		Layout: f.Layout,
		tally:  f.tally, changed: f.changed, private: new(states),
	}
	p.Options.MemoryOnly = true
	p.common.describe(p)
	return p
}
