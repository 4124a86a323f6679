package cache

import "time"

// Entry is what is known about a stored result.
type Entry struct {
	// Namespace and Version are those it was stored with.
	Namespace, Version string
	// Key is its key, in hexadecimal digits; "" where nobody asked for it.
	Key string
	// Began and Completed say when its execution did. Ages run from Completed.
	Began, Completed time.Time
	// Cost is the time that its execution took.
	Cost time.Duration
	// Tier says where it was found.
	Tier Tier
	// Tags are the groups it belongs to.
	Tags []string
}
