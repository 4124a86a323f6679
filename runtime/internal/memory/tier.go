// Package memory is the memory tier: entries of one function under 64-bit hashes of their keys,
// bounded by entries, and by bytes together with others that share a [Room]. It knows of an entry
// what its [Header] says, and nothing of stores, ages or calls.
package memory

import (
	"sync"
	"sync/atomic"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// Tier is the memory tier of one function, for those who know entries by their headers. [Typed] is
// the same tier for its owner, who knows their types. The reader compares the whole key, so two
// keys with one hash cost a miss and never a wrong hit. All methods are safe for concurrent use;
// Find takes no lock.
//
// It drops entries by S3-FIFO (Yang et al., SOSP '23): newcomers pass through a small queue, a hit
// only raises a counter of two bits, and the hashes of what was dropped lately are kept, so
// that a scan does not empty it.
type Tier struct {
	table table
	cap   int
	room  *Room
	gauge *Gauge
	name  func(*Header) key.Key // nil: no entry has a name
	bytes atomic.Int64

	mu          sync.Mutex
	small, main queue
	newcomers   int // entries in small
	ghost       ghost
	names       map[uint64]uint64 // hashes of the entries that have a name in the store, by the beginning of that
	closed      bool
}

// Gauge is what the tiers of a function hold together, how many entries they dropped for want of
// room, and how many they never took because each was too large.
type Gauge struct{ Entries, Bytes, Evicted, TooLarge atomic.Int64 }

func (c *Tier) init(entries int, r *Room, g *Gauge) {
	c.cap, c.room, c.gauge = max(entries, 1), r, g
	c.ghost.cap = uint32(c.cap)
	r.join(c)
}

// Find returns the header of the entry under the hash, or nil. Who uses the entry touches it.
func (c *Tier) Find(hash uint64) *Header { return c.table.find(hash) }

// insert makes h the entry under the hash unless the one there has a later stamp, and reports
// whether it did. The room may hold too much then until [Room.Trim].
func (c *Tier) insert(hash uint64, h *Header) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.table.find(hash)
	if c.closed || old != nil && old.Stamp > h.Stamp {
		return false
	}
	if !c.room.fits(h.Size()) {
		c.gauge.TooLarge.Add(1)
		if old != nil {
			c.drop(old)
		}
		return false
	}
	if h.hash != hash { // else it was here before, and readers may look at it
		h.hash = hash
	}
	if old != nil {
		c.replace(old, h)
		return true
	}
	return c.add(h)
}

func (c *Tier) replace(old, h *Header) {
	if old == h {
		return
	}
	h.pos = old.pos
	h.setRecency(old.recency())
	c.unname(old)
	c.table.replace(h)
	c.rename(h)
	c.account(0, h.Size()-old.Size())
}

func (c *Tier) add(h *Header) bool {
	if c.table.n >= c.cap {
		c.evict()
	}
	if !c.table.insert(h) {
		return false
	}
	// While there is room for all, what is more than the newcomers' share stays until something
	// better is there: of a loop that is too long for the tier, some of each round is found in the
	// next one.
	if c.ghost.take(h.hash) || c.table.n < c.cap && c.fill(c.cap) {
		c.pushMain(h)
	} else {
		h.pos = c.small.push(h.hash) << 1
		c.newcomers++
	}
	c.rename(h)
	c.account(1, h.Size())
	return true
}

func (c *Tier) pushMain(h *Header) { h.pos = c.main.push(h.hash)<<1 | 1 }

// share is the part of the entries, in hundredths, that newcomers have: it does not adapt, for on
// recorded traces that gained nothing.
const share = 8

// fill reports whether newcomers fill their share of n entries.
func (c *Tier) fill(n int) bool { return 100*c.newcomers >= share*n }

// isNew reports whether the entry is in the small queue.
func (h *Header) isNew() bool { return h.pos&1 == 0 }

// removeIf drops the entry under the hash if doomed is true.
func (c *Tier) removeIf(hash uint64, doomed func(*Header) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := c.table.find(hash); h != nil && doomed(h) {
		c.drop(h)
	}
}

func (c *Tier) removeAll(doomed func(*Header) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropAll(doomed)
}

func (c *Tier) dropAll(doomed func(*Header) bool) {
	var l []*Header // the table must not change while it is gone through
	for h := range c.table.all() {
		if doomed(h) {
			l = append(l, h)
		}
	}
	for _, h := range l {
		c.drop(h)
	}
}

// Close drops all entries, takes no more, and leaves the room.
func (c *Tier) Close() {
	c.mu.Lock()
	c.closed = true
	c.dropAll(func(*Header) bool { return true })
	c.mu.Unlock()
	c.room.leave(c)
}

// evictOne drops the entry that is worth least and reports whether there was one.
func (c *Tier) evictOne() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.table.n == 0 {
		return false
	}
	c.evict()
	return true
}

// held is how many bytes its entries take.
func (c *Tier) held() int64 { return c.bytes.Load() }

// evict drops one entry. There must be one.
func (c *Tier) evict() {
	for {
		if n := c.table.n; c.newcomers > 0 && (c.fill(n) || c.newcomers == n) {
			h := c.oldest(&c.small, 0)
			if h.recency() > 0 {
				h.setRecency(0)
				c.newcomers--
				c.pushMain(h)
				continue
			}
			c.drop(h)
			c.gauge.Evicted.Add(1)
			c.ghost.add(h.hash)
			return
		}
		h := c.oldest(&c.main, 1)
		if r := h.recency(); r > 0 {
			h.setRecency(r - 1)
			c.pushMain(h)
			continue
		}
		c.drop(h)
		c.gauge.Evicted.Add(1)
		return
	}
}

// oldest takes the oldest entry's record out of a queue, which must have one. which is the bit of
// the queue in positions.
func (c *Tier) oldest(q *queue, which uint32) *Header {
	for {
		hash, pos := q.pop()
		if h := c.table.find(hash); h != nil && h.pos == pos<<1|which {
			return h
		}
	}
}

func (c *Tier) drop(h *Header) {
	c.unname(h)
	c.table.remove(h.hash)
	if h.isNew() {
		c.newcomers--
	}
	c.account(-1, -h.Size())
	c.tidy(&c.small, 0)
	c.tidy(&c.main, 1)
}

// tidy takes out of a queue the records whose entries are gone, if they are many.
func (c *Tier) tidy(q *queue, which uint32) {
	n := q.len()
	if n <= 2*c.table.n+lastChunk {
		return
	}
	for range n {
		hash, pos := q.pop()
		if h := c.table.find(hash); h != nil && h.pos == pos<<1|which {
			h.pos = q.push(hash)<<1 | which
		}
	}
}

func (c *Tier) account(entries, bytes int64) {
	c.bytes.Add(bytes)
	c.room.used.Add(bytes)
	c.gauge.Entries.Add(entries)
	c.gauge.Bytes.Add(bytes)
}
