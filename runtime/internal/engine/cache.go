package engine

import (
	"sync"
)

// Cache is a place where results are kept: a memory tier for each function, in front of a store.
type Cache struct {
	budget budget

	mu     sync.Mutex
	states map[address]*State
}

// address says which state of a cache is meant.
type address struct {
	fn              *Function
	project, domain string
}

// State is what a cache has of a function in one scope.
type State struct {
	fn      *Function
	cache   *Cache
	memory  *memory
	flights flights
}

const (
	defaultEntries = 10_000
	defaultBytes   = 128 << 20
)

// NewCache returns a cache.
func NewCache(c Config) (*Cache, error) {
	return &Cache{budget: budget{limit: defaultBytes}, states: map[address]*State{}}, nil
}

var standard = sync.OnceValue(func() *Cache { c, _ := NewCache(Config{}); return c })

func (c *Cache) state(f *Function, project, domain string) *State {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := address{f, project, domain}
	s := c.states[at]
	if s == nil {
		entries := f.Options.MemoryEntries
		if entries == 0 {
			entries = defaultEntries
		}
		s = &State{fn: f, cache: c, memory: newMemory(entries, &c.budget)}
		c.states[at] = s
	}
	return s
}
