package engine

import (
	"slices"
	"sync"
)

var registry struct {
	sync.Mutex
	functions []*Function
}

// Register makes f one of Functions and returns it.
func Register(f *Function) *Function {
	f.tally = new(tallies)
	registry.Lock()
	defer registry.Unlock()
	registry.functions = append(registry.functions, f)
	return f
}

// Functions returns all cached functions of this process, in the order in which they were made.
func Functions() []*Function {
	registry.Lock()
	defer registry.Unlock()
	return slices.Clone(registry.functions)
}
