package cache

import (
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/explain"
)

// Explanation has the parts of a call's key, and what the call would find. If it would find
// nothing, it has the reason, and the nearest entries with their differences. Explain of [Controls]
// makes it. Its String has all of it in words:
//
//	example.com/weather.Forecast(City:"Oslo" Days:3)
//	  not found: never seen
//	  near: 052734a3d2b1 (City:"Oslo" Days:4), completed 10s ago (2026-11-21 12:09:08 UTC), took 241ms
//	    input Days: 3 here, 4 there
//	  key        67565cc8233e4328269e3a187e0f83b8af4001535be5bf09540a681cfa605025
//	  version    v1:0fd2c4f14f95f7eaaddd9f0fe3c1a330
type Explanation struct {
	// Func is the function's name, and Namespace its namespace. Key is the call's key in
	// hexadecimal digits; "" if the call has none.
	Func, Namespace, Key string
	// Mode is the mode of the call.
	Mode Mode
	// Version is the version of the code. Revision is the revision of the repository from which
	// this program was built; "" if the build does not tell. Revision is not in the key.
	Version, Revision string
	// Modules are the modules outside, and Build the build settings, that are in the key.
	Modules, Build []string
	// Salt is the function's salt. Shape is a hash of the types of inputs and results.
	Salt, Shape string
	// Project and Domain are the scope, Run is the run.
	Project, Domain, Run string
	// Inputs is a preview of the inputs.
	Inputs string
	// Found reports whether the call would find a result. Tier, Completed and Cost are those of the
	// result.
	Found     bool
	Tier      Tier
	Completed time.Time
	Cost      time.Duration
	// Reason says why the call would find none. Detail has more: the entry's age, or the tag by
	// which it was forgotten, and when.
	Reason Reason
	Detail string
	// Near are the entries that differ least from the call, the nearest first.
	Near []Near
	// Looked is the number of the function's entries that were looked at. Partial reports that
	// there are more.
	Looked  int
	Partial bool
	// Err says why the explanation is incomplete, or why the call has no key.
	Err error
}

// Near is an entry of another key, and its differences from the call.
type Near = explain.Near

// Difference is a part of the key in which two calls differ.
type Difference = explain.Difference

// String returns the explanation in words, in several lines.
func (x Explanation) String() string {
	e := engine.Explanation(x)
	return e.String()
}
