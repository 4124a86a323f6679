package cache

import (
	"log/slog"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// Event describes a cached call that has ended, or a fault.
type Event struct {
	// Func is the function's name.
	Func string
	// Key is the result's key; zero if there is none.
	Key Key
	// Outcome is the outcome of the call.
	Outcome Outcome
	// Tier says where a hit found the result.
	Tier Tier
	// Age is the age of the entry that was used, and Cost the time that its execution took. For a
	// hit in memory of a function without max-age, Age is 0, because reading the clock would take
	// longer than the hit.
	Age, Cost time.Duration
	// Duration is the time that the call itself took. It is 0 for faults, and for a hit in memory
	// that was found at once.
	Duration time.Duration
	// Reason says why no entry was used, or what is special about the call.
	Reason Reason
	// Err is the error of the function, or for a Fault the error of the store or the marshaler.
	Err error
}

// LogValue returns the event as a group of attributes, for handlers of package slog.
func (e Event) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("func", e.Func), slog.String("outcome", e.Outcome.String())}
	if !e.Key.IsZero() {
		attrs = append(attrs, slog.String("key", e.Key.String()))
	}
	if e.Tier != 0 {
		attrs = append(attrs, slog.String("tier", e.Tier.String()))
	}
	if e.Reason != 0 {
		attrs = append(attrs, slog.String("reason", e.Reason.String()))
	}
	for _, d := range []struct {
		name string
		time.Duration
	}{{"age", e.Age}, {"cost", e.Cost}, {"duration", e.Duration}} {
		if d.Duration != 0 {
			attrs = append(attrs, slog.Duration(d.name, d.Duration))
		}
	}
	if e.Err != nil {
		attrs = append(attrs, slog.Any("err", e.Err))
	}
	return slog.GroupValue(attrs...)
}

// Key is a result's key. String computes its 64 hexadecimal digits, which are also in the store;
// compare keys by them. The Key of a hit in memory keeps the result alive. Its String does not.
type Key = engine.Key

// Outcome is the outcome of a cached call.
type Outcome = engine.Outcome

// Outcomes.
const (
	Hit       = engine.Hit       // a usable result was found
	Miss      = engine.Miss      // the function was executed
	Joined    = engine.Joined    // an execution under way was shared
	Stale     = engine.Stale     // a result that is too old was used, because an option allows it
	Refreshed = engine.Refreshed // the function was executed though there may have been a result
	Bypassed  = engine.Bypassed  // the function was called as if there were no cache
	Fault     = engine.Fault     // no call: a store or a marshaler failed in the background
)

// Tier says where a result was found.
type Tier = engine.Tier

// Tiers.
const (
	Memory = engine.MemoryTier // this process's memory
	Store  = engine.StoreTier  // the store
	Target = engine.TargetTier // the path of a target
)

// Reason says why no entry was used.
type Reason = engine.Reason

// Reasons.
const (
	NeverSeen    = engine.NeverSeen    // there is no entry
	OtherVersion = engine.OtherVersion // there is an entry, but of another version of the code
	TooOld       = engine.TooOld       // the entry is older than max-age allows
	FromFuture   = engine.FromFuture   // the entry was completed over a minute in the future: a clock is wrong
	Rejected     = engine.Rejected     // validate refused the entry
	Corrupt      = engine.Corrupt      // the entry is damaged or has another format
	StoreFailed  = engine.StoreFailed  // the store returned an error, or no answer in time
	Forgotten    = engine.Forgotten    // the result was forgotten or cleared, or one of its tags was forgotten
	Unkeyed      = engine.Unkeyed      // the inputs have no key
	NoRun        = engine.NoRun        // the function has per=run, and the context has no run
	CodeChanged  = engine.CodeChanged  // the code changed since the wrapper was generated, or types differ in this program
	Unkept       = engine.Unkept       // the result can't be copied: it is nested too deep, or its parts are shared too often

	// the inputs changed while the function ran, so its result is not kept
	InputsChanged = engine.InputsChanged
	// an audit executed the function for a hit and got another result. The event is a Fault, and
	// its Err an [AuditError]
	Differs = engine.Differs
)
