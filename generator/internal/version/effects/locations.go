package effects

import (
	"encoding/binary"
	"iter"
	"math/bits"
)

// locations is a set of locations, by its number in a table: equal sets have one number, so that they are united once, and compared at a glance. Much of
// a program reads and writes the same.
type locations int32

// locationTable has all sets of locations that occur. The empty one is 0.
type locationTable struct {
	sets    [][]word
	known   map[string]locations
	unions  map[[2]locations]locations
	scratch []byte
}

// word is 64 locations of a set, from 64*at on.
type word struct {
	at   int32
	bits uint64
}

func newLocationTable() *locationTable {
	return &locationTable{sets: [][]word{nil}, known: map[string]locations{"": 0}, unions: map[[2]locations]locations{}}
}

// of returns the set with words, which are in order.
func (t *locationTable) of(words []word) locations {
	key := t.scratch[:0]
	for _, w := range words {
		key = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint32(key, uint32(w.at)), w.bits)
	}
	t.scratch = key
	if known, ok := t.known[string(key)]; ok {
		return known
	}
	n := locations(len(t.sets))
	t.sets = append(t.sets, words)
	t.known[string(key)] = n
	return n
}

// ofAll returns the set of some locations, which are in order.
func (t *locationTable) ofAll(list numbers) locations {
	var words []word
	for _, l := range list {
		if n := len(words); n == 0 || words[n-1].at != l/64 {
			words = append(words, word{at: l / 64})
		}
		words[len(words)-1].bits |= 1 << (l % 64)
	}
	return t.of(words)
}

func (t *locationTable) union(a, b locations) locations {
	switch {
	case a == b || b == 0:
		return a
	case a == 0:
		return b
	}
	pair := [2]locations{min(a, b), max(a, b)}
	known, ok := t.unions[pair]
	if !ok {
		known = t.of(unitedWords(t.sets[a], t.sets[b]))
		t.unions[pair] = known
	}
	return known
}

func unitedWords(a, b []word) []word {
	out := make([]word, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].at < b[0].at:
			out, a = append(out, a[0]), a[1:]
		case a[0].at > b[0].at:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, word{a[0].at, a[0].bits | b[0].bits})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// add adds the members of another set, and reports whether there were new ones.
func (t *locationTable) add(to *locations, from locations) bool {
	old := *to
	*to = t.union(old, from)
	return *to != old
}

// minus is what is in one set and not in another.
func (t *locationTable) minus(a, b locations) locations {
	var rest []word
	other := t.sets[b]
	for _, w := range t.sets[a] {
		for len(other) > 0 && other[0].at < w.at {
			other = other[1:]
		}
		if len(other) > 0 && other[0].at == w.at {
			w.bits &^= other[0].bits
		}
		if w.bits != 0 {
			rest = append(rest, w)
		}
	}
	return t.of(rest)
}

func (t *locationTable) has(s locations, l int32) bool {
	for _, w := range t.sets[s] {
		if w.at == l/64 {
			return w.bits&(1<<(l%64)) != 0
		}
	}
	return false
}

// all iterates over the locations of a set in order.
func (t *locationTable) all(s locations) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for _, w := range t.sets[s] {
			for rest := w.bits; rest != 0; rest &= rest - 1 {
				if !yield(w.at*64 + int32(bits.TrailingZeros64(rest))) {
					return
				}
			}
		}
	}
}
