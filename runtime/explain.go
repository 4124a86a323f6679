package cache

import (
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/explain"
)

// Explanation says what a call's key is made of, what the call would find, and if that is nothing, why: the nearest entries and how they
// differ. Explain of [Controls] makes it. Its String says all of it in words:
//
//	example.com/weather.Forecast(City:"Oslo" Days:3)
//	  not found: never seen
//	  near: 052734a3d2b1 (City:"Oslo" Days:4), completed 10s ago (2026-11-21 12:09:08 UTC), took 241ms
//	    input Days: 3 here, 4 there
//	  key        67565cc8233e4328269e3a187e0f83b8af4001535be5bf09540a681cfa605025
//	  version    v1:0fd2c4f14f95f7eaaddd9f0fe3c1a330
type Explanation struct {
	// Func is the function's name, Namespace its namespace, Key the call's key in hexadecimal digits; "" if the call has none.
	Func, Namespace, Key string
	// Mode is the mode in which the call would go.
	Mode Mode
	// Version is that of the code. Revision is that of the repository that this program was built from, which is no part of the key;
	// "" if the build does not tell.
	Version, Revision string
	// Modules are the modules outside and Build the settings of the build that are in the key.
	Modules, Build []string
	// Salt is the function's, Shape stands for the types of inputs and results.
	Salt, Shape string
	// Project and Domain are the scope, Run is the run.
	Project, Domain, Run string
	// Inputs is a preview of the inputs.
	Inputs string
	// Found says that the call would find a result, in Tier, that was Completed then, at that Cost.
	Found     bool
	Tier      Tier
	Completed time.Time
	Cost      time.Duration
	// Reason says why it finds none, Detail what more there is to say of that: how old it is, by which tag it was forgotten and when.
	Reason Reason
	Detail string
	// Near are the entries that differ least, the nearest first.
	Near []Near
	// Looked is how many entries of the function were looked at to find those; Partial says that there are more.
	Looked  int
	Partial bool
	// Err is what kept the explanation from being whole, or why the call has no key.
	Err error
}

// Near is an entry that is not the call's, and how it differs.
type Near = explain.Near

// Difference is a part of a key that two calls have differently.
type Difference = explain.Difference

// String says it in words, in several lines.
func (x Explanation) String() string {
	e := engine.Explanation(x)
	return e.String()
}
