// Package memory is the memory tier: entries of one function under 64-bit hashes of their keys, bounded by entries, and by bytes together
// with others that share a [Room]. It knows of an entry what [Entry] says, and nothing of stores, ages or calls.
package memory

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/puzpuzpuz/xsync/v4"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// Entry is what a tier holds. What it says does not change while a tier has it.
type Entry interface {
	// Stamp is the moment from which on it is true: the newer of two entries stays.
	Stamp() int64
	// Size is how many bytes it takes, estimated.
	Size() int64
	// Name is its name in stores, zero if it has none.
	Name() key.Key
}

// Tier is the memory tier of one function. The reader compares the whole key, so two keys with one hash cost a miss and never a wrong
// hit. All methods are safe for concurrent use; Get takes no lock.
//
// It drops entries by S3-FIFO (Yang et al., SOSP '23): newcomers pass through a small queue, a hit only raises a counter of two
// bits, and the hashes of what was dropped lately are remembered, so that a scan does not empty it.
type Tier[E Entry] struct {
	m     *xsync.Map[uint64, *node[E]]
	cap   int
	room  *Room
	bytes atomic.Int64
	gauge *Gauge

	mu          sync.Mutex
	small, main queue[E]
	ghost       ghost
	names       map[key.Key]uint64 // where entries are that have a name in the store
	closed      bool
}

// Gauge is what the tiers of a function hold together, and how many entries they dropped for want of room.
type Gauge struct{ Entries, Bytes, Evicted atomic.Int64 }

type node[E Entry] struct {
	entry      E
	hash       uint64
	freq       atomic.Uint32
	in         *queue[E] // guarded by the tier's mutex; nil when dropped
	prev, next *node[E]
}

// New returns a tier for so many entries in a room, counted by a gauge too.
func New[E Entry](entries int, r *Room, g *Gauge) *Tier[E] {
	c := &Tier[E]{
		m: xsync.NewMap[uint64, *node[E]](), cap: max(entries, 1), room: r, gauge: g,
		ghost: ghost{at: map[uint64]int{}, cap: max(entries, 1)}, names: map[key.Key]uint64{},
	}
	r.join(c)
	return c
}

// Get returns the entry under the hash, or the zero E.
func (c *Tier[E]) Get(hash uint64) (none E) {
	n, ok := c.m.Load(hash)
	if !ok {
		return none
	}
	if f := n.freq.Load(); f < 3 {
		n.freq.Store(f + 1) // a lost update costs nothing but recency
	}
	return n.entry
}

// Insert makes e the entry under the hash unless the one there has a later stamp, and reports whether it did. The room may hold too much
// then until [Room.Trim].
func (c *Tier[E]) Insert(hash uint64, e E) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	old, replaces := c.m.Load(hash)
	if c.closed || replaces && old.entry.Stamp() > e.Stamp() {
		return false
	}
	fits := c.room.fits(e.Size())
	n := &node[E]{entry: e, hash: hash}
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

// Remove drops the entry under the hash.
func (c *Tier[E]) Remove(hash uint64) { c.removeIf(hash, func(E) bool { return true }) }

// RemoveOlder drops the entry under the hash if its stamp is before that.
func (c *Tier[E]) RemoveOlder(hash uint64, stamp int64) {
	c.removeIf(hash, func(e E) bool { return e.Stamp() < stamp })
}

func (c *Tier[E]) removeIf(hash uint64, doomed func(E) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n, ok := c.m.Load(hash); ok && doomed(n.entry) {
		c.drop(n)
	}
}

// Named returns the entry that has the name in stores, or the zero E.
func (c *Tier[E]) Named(name key.Key) (none E) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if hash, ok := c.names[name]; ok {
		if n, ok := c.m.Load(hash); ok {
			return n.entry
		}
	}
	return none
}

// RemoveNamed drops the entry that has the name in the store.
func (c *Tier[E]) RemoveNamed(name key.Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if hash, ok := c.names[name]; ok {
		if n, ok := c.m.Load(hash); ok {
			c.drop(n)
		}
	}
}

// RemoveAll drops the entries for which doomed is true.
func (c *Tier[E]) RemoveAll(doomed func(E) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.m.All() {
		if doomed(n.entry) {
			c.drop(n)
		}
	}
}

// Close drops all entries, takes no more, and leaves the room.
func (c *Tier[E]) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.RemoveAll(func(E) bool { return true })
	c.room.leave(c)
}

// evictOne drops the entry that is worth least and reports whether there was one.
func (c *Tier[E]) evictOne() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.small.n+c.main.n == 0 {
		return false
	}
	c.evict()
	return true
}

// held is how many bytes its entries take.
func (c *Tier[E]) held() int64 { return c.bytes.Load() }

func (c *Tier[E]) evict() {
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
			c.gauge.Evicted.Add(1)
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
		c.gauge.Evicted.Add(1)
		return
	}
}

func (c *Tier[E]) drop(n *node[E]) {
	c.m.Delete(n.hash)
	c.unlink(n)
}

func (c *Tier[E]) link(q *queue[E], n *node[E]) {
	q.push(n)
	if name := n.entry.Name(); name != (key.Key{}) {
		c.names[name] = n.hash
	}
	c.account(1, n.entry.Size())
}

func (c *Tier[E]) unlink(n *node[E]) {
	n.in.remove(n)
	if name := n.entry.Name(); name != (key.Key{}) && c.names[name] == n.hash {
		delete(c.names, name)
	}
	c.account(-1, -n.entry.Size())
}

func (c *Tier[E]) account(entries, bytes int64) {
	c.bytes.Add(bytes)
	c.room.used.Add(bytes)
	c.gauge.Entries.Add(entries)
	c.gauge.Bytes.Add(bytes)
}

// Names returns the names that entries have in stores.
func (c *Tier[E]) Names() []key.Key {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Collect(maps.Keys(c.names))
}

// Supersede drops the entry with the name if its stamp is before that, and entries without a name, which may be it.
func (c *Tier[E]) Supersede(name key.Key, stamp int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if hash, ok := c.names[name]; ok {
		if n, ok := c.m.Load(hash); ok && n.entry.Stamp() < stamp {
			c.drop(n)
		}
	}
	if len(c.names) == c.small.n+c.main.n {
		return
	}
	for _, n := range c.m.All() {
		if n.entry.Name() == (key.Key{}) {
			c.drop(n)
		}
	}
}
