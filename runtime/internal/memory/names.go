package memory

import (
	"encoding/binary"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// Names in stores lead to entries by their first 64 bits: names are hashes themselves. Of two
// entries whose names begin alike only the newer one stays.

func beginning(name key.Key) uint64 { return binary.BigEndian.Uint64(name[:]) }

// nameOf returns the name of an entry, zero if it has none.
func (c *Tier) nameOf(h *Header) (none key.Key) {
	if c.name == nil {
		return none
	}
	return c.name(h)
}

// rename notes the name of an entry.
func (c *Tier) rename(h *Header) {
	name := c.nameOf(h)
	if name == (key.Key{}) {
		return
	}
	at := beginning(name)
	if hash, ok := c.names[at]; ok && hash != h.hash {
		c.drop(c.table.find(hash))
	}
	if c.names == nil {
		c.names = map[uint64]uint64{}
	}
	c.names[at] = h.hash
}

func (c *Tier) unname(h *Header) {
	if name := c.nameOf(h); name != (key.Key{}) {
		delete(c.names, beginning(name))
	}
}

// named returns the entry with the name, or nil.
func (c *Tier) named(name key.Key) *Header {
	hash, ok := c.names[beginning(name)]
	if !ok {
		return nil
	}
	if h := c.table.find(hash); c.nameOf(h) == name {
		return h
	}
	return nil
}

// RemoveNamed drops the entry that has the name in the store.
func (c *Tier) RemoveNamed(name key.Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := c.named(name); h != nil {
		c.drop(h)
	}
}

// Supersede drops the entry with the name if it has an earlier stamp. It also drops entries without
// a name, because each may be that entry.
func (c *Tier) Supersede(name key.Key, stamp int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := c.named(name); h != nil && h.Stamp < stamp {
		c.drop(h)
	}
	if len(c.names) < c.table.n {
		c.dropAll(func(h *Header) bool { return c.nameOf(h) == key.Key{} })
	}
}

// Names returns the names that entries have in stores.
func (c *Tier) Names() (names []key.Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, hash := range c.names {
		names = append(names, c.nameOf(c.table.find(hash)))
	}
	return names
}
