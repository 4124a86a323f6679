package engine

import (
	"slices"
	"sync"
	"sync/atomic"
)

var registry struct {
	sync.Mutex
	functions []*Function
	peers     map[string]*atomic.Int32 // how many functions have a namespace
}

// Register makes f one of Functions and returns it.
func Register(f *Function) *Function {
	f.tally, f.target = new(tallies), parseTarget(f.Options.Target)
	registry.Lock()
	defer registry.Unlock()
	registry.functions = append(registry.functions, f)
	if registry.peers == nil {
		registry.peers = map[string]*atomic.Int32{}
	}
	n := f.Namespace()
	if registry.peers[n] == nil {
		registry.peers[n] = new(atomic.Int32)
	}
	f.peers = registry.peers[n]
	f.peers.Add(1)
	return f
}

// Functions returns all cached functions of this process, in the order in which they were made.
func Functions() []*Function {
	registry.Lock()
	defer registry.Unlock()
	return slices.Clone(registry.functions)
}
