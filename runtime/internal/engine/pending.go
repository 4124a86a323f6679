package engine

import (
	"slices"
	"sync"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// pending are the writes that a cache is about to make, by key: what a store says is older. Without
// them a result that memory has no room for, or that is being forgotten, would come back from the
// store until the write has landed.
type pending struct {
	mu sync.Mutex
	m  map[key.Key][]*change // by stamp; a list never changes
}

// change is a write under way: of a result, or a removal if held is nil.
type change struct {
	held    Held
	stamp   int64
	imposes bool  // it replaces whatever is there: a removal, or what was put
	unkept  *Meta // of a result that memory can't keep: until it is written it hides what it replaces
}

// begin notes a change until done is called. Others under the same key stay noted beside it, for it
// may come to nothing before they do.
func (p *pending) begin(k key.Key, c *change) (done func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.m == nil {
		p.m = map[key.Key][]*change{}
	}
	l := slices.Clone(p.m[k])
	i := len(l)
	for i > 0 && l[i-1].stamp > c.stamp {
		i--
	}
	p.m[k] = slices.Insert(l, i, c)
	return func() { p.end(k, c) }
}

func (p *pending) end(k key.Key, c *change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	rest := slices.DeleteFunc(slices.Clone(p.m[k]), func(other *change) bool { return other == c })
	if len(rest) == 0 {
		delete(p.m, k)
		return
	}
	p.m[k] = rest
}

// of returns the changes under way for the key, the one with the latest stamp last.
func (p *pending) of(k key.Key) []*change {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.m[k]
}
