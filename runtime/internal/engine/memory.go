package engine

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/puzpuzpuz/xsync/v4"

	"github.com/cachegen/cachegen/runtime/internal/key"
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
	bytes  atomic.Int64
	count  *gauge

	mu          sync.Mutex
	small, main queue
	ghost       ghost
	names       map[key.Key]uint64 // where entries are that have a name in the store
}

// gauge is what the memory tiers of a function hold together.
type gauge struct{ entries, bytes atomic.Int64 }

type node struct {
	held       Held
	hash       uint64
	freq       atomic.Uint32
	in         *queue // guarded by memory.mu; nil when dropped
	prev, next *node
}

func newMemory(entries int, b *budget, g *gauge) *memory {
	c := &memory{
		m: xsync.NewMap[uint64, *node](), cap: max(entries, 1), budget: b, count: g,
		ghost: ghost{at: map[uint64]int{}, cap: max(entries, 1)}, names: map[key.Key]uint64{},
	}
	b.join(c)
	return c
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
	if c.insert(hash, held) {
		c.budget.trim()
	}
}

func (c *memory) insert(hash uint64, held Held) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	old, replaces := c.m.Load(hash)
	if replaces && old.held.About().Began > held.About().Began {
		return false
	}
	fits := c.budget.fits(held.About().size)
	n := &node{held: held, hash: hash}
	switch {
	case replaces && fits:
		n.freq.Store(old.freq.Load())
		q := old.in
		c.unlink(old)
		c.link(q, n)
	case replaces:
		c.drop(old)
		return false
	case !fits:
		return false
	default:
		if c.small.n+c.main.n >= c.cap {
			c.evict()
		}
		q := &c.small
		if c.ghost.recall(hash) {
			q = &c.main
		}
		c.link(q, n)
	}
	c.m.Store(hash, n)
	return true
}

// remove drops the entry under the hash.
func (c *memory) remove(hash uint64) { c.removeIf(hash, func(Held) bool { return true }) }

// removeOlder drops the entry under the hash if it began before the stamp.
func (c *memory) removeOlder(hash uint64, stamp int64) {
	c.removeIf(hash, func(h Held) bool { return h.About().Began < stamp })
}

func (c *memory) removeIf(hash uint64, doomed func(Held) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n, ok := c.m.Load(hash); ok && doomed(n.held) {
		c.drop(n)
	}
}

// named returns the entry that has the name in the store, or nil.
func (c *memory) named(name key.Key) Held {
	c.mu.Lock()
	defer c.mu.Unlock()
	if hash, ok := c.names[name]; ok {
		if n, ok := c.m.Load(hash); ok {
			return n.held
		}
	}
	return nil
}

// removeNamed drops the entry that has the name in the store.
func (c *memory) removeNamed(name key.Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if hash, ok := c.names[name]; ok {
		if n, ok := c.m.Load(hash); ok {
			c.drop(n)
		}
	}
}

// removeAll drops the entries for which doomed is true.
func (c *memory) removeAll(doomed func(Held) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.m.All() {
		if doomed(n.held) {
			c.drop(n)
		}
	}
}

// evictOne drops the entry that is worth least and reports whether there was one.
func (c *memory) evictOne() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.small.n+c.main.n == 0 {
		return false
	}
	c.evict()
	return true
}

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

func (c *memory) link(q *queue, n *node) {
	q.push(n)
	m := n.held.About()
	if m.name != (key.Key{}) {
		c.names[m.name] = n.hash
	}
	c.account(1, m.size)
}

func (c *memory) unlink(n *node) {
	n.in.remove(n)
	m := n.held.About()
	if m.name != (key.Key{}) && c.names[m.name] == n.hash {
		delete(c.names, m.name)
	}
	c.account(-1, -m.size)
}

func (c *memory) account(entries, bytes int64) {
	c.bytes.Add(bytes)
	c.budget.used.Add(bytes)
	c.count.entries.Add(entries)
	c.count.bytes.Add(bytes)
}

// allNamed returns the names that entries have in the store.
func (c *memory) allNamed() []key.Key {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Collect(maps.Keys(c.names))
}

// supersede drops the entry with the name if it began before the stamp, and entries that may have the name as nobody asked.
func (c *memory) supersede(name key.Key, stamp int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if hash, ok := c.names[name]; ok {
		if n, ok := c.m.Load(hash); ok && n.held.About().Began < stamp {
			c.drop(n)
		}
	}
	if len(c.names) == c.small.n+c.main.n {
		return
	}
	for _, n := range c.m.All() {
		if n.held.About().name == (key.Key{}) {
			c.drop(n)
		}
	}
}
