package cache

import "time"

// Filter says which inputs to go through. The zero Filter means those of all results.
type Filter struct {
	// Failed means the inputs of calls that failed, and have not succeeded since, instead of those of results. They are there for
	// functions with keep-failed.
	Failed bool
	// Version is the only version that counts; "" is any.
	Version string
	// Since and Until bound when the execution ended; zero times don't.
	Since, Until time.Time
}
