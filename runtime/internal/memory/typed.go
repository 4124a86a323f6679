package memory

import "github.com/cachegen/cachegen/runtime/internal/key"

// Kind says what a tier's entries are to its owner.
type Kind[E any] struct {
	// Entry returns the entry that begins with a header, and Header the header of an entry.
	Entry  func(*Header) E
	Header func(E) *Header
	// Name returns an entry's name in stores, zero if it has none; nil: none has.
	Name func(E) key.Key
}

// Typed is a [Tier] as its owner sees it.
type Typed[E any] struct {
	Tier
	kind Kind[E]
}

// New returns a tier for so many entries in a room, counted by a gauge too.
func New[E any](entries int, r *Room, g *Gauge, k Kind[E]) *Typed[E] {
	c := &Typed[E]{kind: k}
	if k.Name != nil {
		c.name = func(h *Header) key.Key { return k.Name(k.Entry(h)) }
	}
	c.init(entries, r, g)
	return c
}

func (c *Typed[E]) entry(h *Header) (none E) {
	if h == nil {
		return none
	}
	return c.kind.Entry(h)
}

// Get returns the entry under the hash, or the zero E, and touches it.
func (c *Typed[E]) Get(hash uint64) E {
	h := c.Find(hash)
	if h != nil {
		h.Touch()
	}
	return c.entry(h)
}

// Insert makes e the entry under the hash unless the one there has a later stamp, and reports
// whether it did. The room may hold too much then until [Room.Trim].
func (c *Typed[E]) Insert(hash uint64, e E) bool { return c.insert(hash, c.kind.Header(e)) }

// Remove drops the entry under the hash.
func (c *Typed[E]) Remove(hash uint64) { c.removeIf(hash, func(*Header) bool { return true }) }

// RemoveEntry drops e if it is the entry under the hash.
func (c *Typed[E]) RemoveEntry(hash uint64, e E) {
	mine := c.kind.Header(e)
	c.removeIf(hash, func(h *Header) bool { return h == mine })
}

// RemoveOlder drops the entry under the hash if its stamp is before that.
func (c *Typed[E]) RemoveOlder(hash uint64, stamp int64) {
	c.removeIf(hash, func(h *Header) bool { return h.Stamp < stamp })
}

// RemoveAll drops the entries for which doomed is true.
func (c *Typed[E]) RemoveAll(doomed func(E) bool) {
	c.removeAll(func(h *Header) bool { return doomed(c.kind.Entry(h)) })
}

// Named returns the entry that has the name in stores, or the zero E.
func (c *Typed[E]) Named(name key.Key) E {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.entry(c.named(name))
}
