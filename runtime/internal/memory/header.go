package memory

import (
	"math/bits"
	"sync/atomic"
)

// Header is what every entry begins with. The entry's first cache line has all that a hit reads,
// and next to it is what tells entries with one hash apart. A tier finds entries by their headers,
// and knows nothing else of them.
//
// A header does not change while a tier has the entry, except for what the tier itself keeps in it.
type Header struct {
	hash uint64
	word atomic.Uint32 // 2 bits of recency, and the size above them
	pos  uint32        // where in its queue, above a bit that says which; guarded by the tier's mutex
	// Stamp is the moment from which on the entry is true: the newer of two stays.
	Stamp int64
}

// Size is how many bytes the entry takes, estimated.
func (h *Header) Size() int64 { return unpack(h.word.Load() >> 2) }

// SetSize says how many bytes the entry takes. Of large sizes only the first digits are kept.
func (h *Header) SetSize(bytes int64) { h.word.Store(pack(bytes)<<2 | h.word.Load()&most) }

// most is the highest recency.
const most = 3

// Touch notes that the entry was used.
func (h *Header) Touch() {
	if w := h.word.Load(); w&most < most {
		h.word.Store(w + 1) // a lost update costs nothing but recency: the other bits are the same for all
	}
}

// recency is how often the entry was used lately, 3 at most.
func (h *Header) recency() uint32 { return h.word.Load() & most }

func (h *Header) setRecency(n uint32) { h.word.Store(h.word.Load()&^most | n) }

// A size is kept in 30 bits: a floating-point number without a sign, exact below 64 MiB.
const mantissa = 25

func pack(bytes int64) uint32 {
	x := uint64(max(bytes, 0))
	e := max(bits.Len64(x)-mantissa-1, -1)
	switch {
	case e < 0:
		return uint32(x)
	case e > 30:
		return 1<<30 - 1
	}
	return uint32(e+1)<<mantissa | uint32(x>>e)&(1<<mantissa-1)
}

func unpack(c uint32) int64 {
	e, m := c>>mantissa, int64(c&(1<<mantissa-1))
	if e == 0 {
		return m
	}
	return (m | 1<<mantissa) << (e - 1)
}
