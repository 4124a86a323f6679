package cache

import (
	"log/slog"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// Event tells what a cached call did, or what went wrong with its store.
type Event struct {
	// Func is the function's name.
	Func string
	// Key is the result's key, zero if there is none.
	Key Key
	// Outcome says what the call came to.
	Outcome Outcome
	// Tier says where the result was found, for a hit.
	Tier Tier
	// Age is the age of the entry that was used, Cost the time that its execution took. A hit in memory of a function without an
	// age has Age 0: looking at a clock would take longer than the hit.
	Age, Cost time.Duration
	// Duration is the time that the call itself took; 0 for a hit in memory that was found at once, and for faults.
	Duration time.Duration
	// Reason says why no entry was used, or what is special.
	Reason Reason
	// Err is what failed: the function, for an outcome of a call, or the store.
	Err error
}

// LogValue returns what the event says as a group of attributes, for handlers of package slog.
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

// Key is a result's key. Its String, 64 hexadecimal digits as in the store, is made when somebody asks for it, and is what keys are compared
// by. The Key of a hit in memory keeps the result alive; its String doesn't.
type Key = engine.Key

// Outcome says what a cached call came to.
type Outcome = engine.Outcome

// Outcomes.
const (
	Hit       = engine.Hit       // a result was found
	Miss      = engine.Miss      // the function was executed
	Joined    = engine.Joined    // an execution in flight was shared
	Stale     = engine.Stale     // a result that is too old was used, as an option allows
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
	OtherVersion = engine.OtherVersion // there is none of this version of the code
	TooOld       = engine.TooOld       // its age is greater than the max-age
	FromFuture   = engine.FromFuture   // it was completed over a minute from now: a clock is wrong
	Rejected     = engine.Rejected     // validate said no
	Corrupt      = engine.Corrupt      // what the store has is damaged or of another format
	StoreFailed  = engine.StoreFailed  // the store returned an error
	Forgotten    = engine.Forgotten    // it was forgotten, cleared, or a tag of it was
	Unkeyed      = engine.Unkeyed      // the inputs have no key
	NoRun        = engine.NoRun        // per=run without WithRun
	CodeChanged  = engine.CodeChanged  // the sources changed since the wrapper was generated, or types are others in this program
	Unkept       = engine.Unkept       // the result can't be copied: it is nested too deep, or its parts are shared many times over

	// InputsChanged is that the inputs were others when the function returned than when it was called: its result is not kept.
	InputsChanged = engine.InputsChanged
	// Differs is that an audit executed the function for a hit and got something else. The event is a Fault, and its Err an [AuditError].
	Differs = engine.Differs
)
