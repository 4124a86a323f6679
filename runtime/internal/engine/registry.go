package engine

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/cachegen/cachegen/runtime/internal/freshness"
)

var registry struct {
	sync.Mutex
	functions []*Function
	peers     map[kinship]*atomic.Int32 // how many functions have it
	watcher   freshness.Watcher
}

// kinship is what functions have in common that may have entries in common.
type kinship struct{ namespace, version, shape, salt string }

// Register makes f one of Functions and returns it.
func Register(f *Function) *Function {
	f.tally, f.target = new(tallies), parseTarget(f.Options.Target)
	f.common.describe(f)
	f.changed = registry.watcher.Watch(f.Name, f.Version)
	registry.Lock()
	defer registry.Unlock()
	f.number = uint32(len(registry.functions))
	registry.functions = append(registry.functions, f)
	if registry.peers == nil {
		registry.peers = map[kinship]*atomic.Int32{}
	}
	k := kinship{f.Namespace(), f.Version, f.Shape, f.Options.Salt}
	if registry.peers[k] == nil {
		registry.peers[k] = new(atomic.Int32)
	}
	f.peers = registry.peers[k]
	f.peers.Add(1)
	return f
}

// Functions returns all cached functions of this process, in the order in which they were made.
func Functions() []*Function {
	registry.Lock()
	defer registry.Unlock()
	return slices.Clone(registry.functions)
}
