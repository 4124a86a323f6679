package engine

import (
	"sync"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// pending are the writes that a cache is about to make, by key: what a store says is older. Without them a result that memory has no
// room for, or that is being forgotten, would come back from the store until the write has landed.
type pending struct {
	mu sync.Mutex
	m  map[key.Key]*change
}

// change is a write under way: of a result, or a removal if held is nil.
type change struct {
	held  Held
	stamp int64
}

// begin notes a change until done is called.
func (p *pending) begin(k key.Key, c *change) (done func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.m == nil {
		p.m = map[key.Key]*change{}
	}
	if other := p.m[k]; other != nil && other.stamp > c.stamp {
		return func() {}
	}
	p.m[k] = c
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.m[k] == c {
			delete(p.m, k)
		}
	}
}

// of returns the latest change under way for the key, or nil.
func (p *pending) of(k key.Key) *change {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.m[k]
}
