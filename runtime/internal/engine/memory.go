package engine

import (
	"sync"
	"sync/atomic"

	"github.com/puzpuzpuz/xsync/v4"
)

// memory is the memory tier of one function: entries under 64-bit hashes of their keys. The reader compares the whole key, so
// two keys with one hash cost a miss and never a wrong hit.
//
// It drops entries by S3-FIFO (Yang et al., SOSP '23): newcomers pass through a small queue, a hit only raises a counter of two
// bits, and the hashes of what was dropped lately are remembered, so that a scan does not empty it.
type memory struct {
	m      *xsync.Map[uint64, *node]
	cap    int
	budget *budget

	mu          sync.Mutex
	small, main queue
	ghost       ghost
}

type node struct {
	held       Held
	hash       uint64
	freq       atomic.Uint32
	in         *queue // guarded by memory.mu; nil when dropped
	prev, next *node
}

func newMemory(entries int, b *budget) *memory {
	return &memory{m: xsync.NewMap[uint64, *node](), cap: entries, budget: b, ghost: ghost{at: map[uint64]int{}, cap: entries}}
}

// get returns the entry under the hash, or nil.
func (c *memory) get(hash uint64) Held {
	n, ok := c.m.Load(hash)
	if !ok {
		return nil
	}
	if f := n.freq.Load(); f < 3 {
		n.freq.Store(f + 1) // a lost update costs nothing but recency
	}
	return n.held
}

// set makes held the entry under the hash unless the one there began later.
func (c *memory) set(hash uint64, held Held) {
	size := held.About().size
	if !c.budget.fits(size) {
		c.remove(hash)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e := &node{held: held, hash: hash}
	if old, ok := c.m.Load(hash); ok {
		if old.held.About().Began > held.About().Began {
			return
		}
		e.freq.Store(old.freq.Load())
		q := old.in
		c.unlink(old)
		c.link(q, e)
		c.m.Store(hash, e)
	} else {
		if c.small.n+c.main.n >= c.cap {
			c.evict()
		}
		if c.ghost.recall(hash) {
			c.link(&c.main, e)
		} else {
			c.link(&c.small, e)
		}
		c.m.Store(hash, e)
	}
	for c.budget.over() && c.small.n+c.main.n > 1 {
		c.evict()
	}
}

// remove drops the entry under the hash.
func (c *memory) remove(hash uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n, ok := c.m.LoadAndDelete(hash); ok {
		c.unlink(n)
	}
}

// removeIf drops the entries for which drop is true.
func (c *memory) removeIf(drop func(Held) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for hash, n := range c.m.All() {
		if drop(n.held) {
			c.m.Delete(hash)
			c.unlink(n)
		}
	}
}

// len returns the number of entries and their estimated size.
func (c *memory) len() (entries int, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.small.n + c.main.n, c.small.bytes + c.main.bytes
}

func (c *memory) link(q *queue, n *node) {
	q.push(n)
	c.budget.used.Add(n.held.About().size)
}

func (c *memory) unlink(n *node) {
	n.in.remove(n)
	c.budget.used.Add(-n.held.About().size)
}

// evict drops one entry; there is one.
func (c *memory) evict() {
	for {
		if c.small.n > 0 && (c.small.n*10 >= c.cap || c.main.n == 0) {
			n := c.small.oldest()
			if n.freq.Load() > 1 {
				n.freq.Store(0)
				c.small.remove(n)
				c.main.push(n)
				continue
			}
			c.drop(n)
			c.ghost.remember(n.hash)
			return
		}
		n := c.main.oldest()
		if f := n.freq.Load(); f > 0 {
			n.freq.Store(f - 1)
			c.main.remove(n)
			c.main.push(n)
			continue
		}
		c.drop(n)
		return
	}
}

func (c *memory) drop(n *node) {
	c.m.Delete(n.hash)
	c.unlink(n)
}
