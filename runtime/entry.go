package cache

import "time"

// Entry describes a stored result.
type Entry struct {
	// Namespace and Version are those with which the result was stored.
	Namespace, Version string
	// Key is the result's key, in hexadecimal digits; "" if nobody asked for it.
	Key string
	// Began and Completed are the beginning and the end of the execution. Ages run from Completed.
	Began, Completed time.Time
	// Cost is the time that its execution took.
	Cost time.Duration
	// Tier says where the result was found.
	Tier Tier
	// Tags are the result's tags.
	Tags []string
}
