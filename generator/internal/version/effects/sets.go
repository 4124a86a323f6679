package effects

import (
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"
)

// bitset is a set of small numbers.
type bitset []uint64

func (s *bitset) add(n int) bool {
	w := n / 64
	for w >= len(*s) {
		*s = append(*s, 0)
	}
	old := (*s)[w]
	(*s)[w] |= 1 << (n % 64)
	return (*s)[w] != old
}

func (s bitset) has(n int) bool { return n/64 < len(s) && s[n/64]&(1<<(n%64)) != 0 }

// addAll adds the members of another set, and reports whether there were new ones.
func (s *bitset) addAll(t bitset) bool {
	grew := false
	for i, w := range t {
		if i >= len(*s) {
			if w == 0 {
				continue
			}
			*s = append(*s, make(bitset, i+1-len(*s))...)
		}
		if w&^(*s)[i] != 0 {
			(*s)[i] |= w
			grew = true
		}
	}
	return grew
}

func (s bitset) meets(t bitset) bool {
	for i := range min(len(s), len(t)) {
		if s[i]&t[i] != 0 {
			return true
		}
	}
	return false
}

// within reports whether another set has all members.
func (s bitset) within(t bitset) bool {
	for i, w := range s {
		if i < len(t) {
			w &^= t[i]
		}
		if w != 0 {
			return false
		}
	}
	return true
}

// minus is the set without the members of another.
func (s bitset) minus(t bitset) bitset {
	rest := slices.Clone(s)
	for i := range min(len(rest), len(t)) {
		rest[i] &^= t[i]
	}
	return rest
}

// append appends the members in a form that is the same for equal sets.
func (s bitset) append(to []byte) []byte {
	for len(s) > 0 && s[len(s)-1] == 0 {
		s = s[:len(s)-1]
	}
	for _, w := range s {
		to = binary.LittleEndian.AppendUint64(to, w)
	}
	return to
}

// without iterates over the members that are not in another set.
func (s bitset) without(t bitset) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, w := range s {
			if i < len(t) {
				w &^= t[i]
			}
			for ; w != 0; w &= w - 1 {
				if !yield(i*64 + bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}

func (s bitset) empty() bool { return !slices.ContainsFunc(s, func(w uint64) bool { return w != 0 }) }

// all iterates over the members in order.
func (s bitset) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, w := range s {
			for w != 0 {
				if !yield(i*64 + bits.TrailingZeros64(w)) {
					return
				}
				w &= w - 1
			}
		}
	}
}

// numbers is a small set of numbers, in order.
type numbers []int32

func (s *numbers) add(n int32) bool {
	i, found := slices.BinarySearch(*s, n)
	if !found {
		*s = slices.Insert(*s, i, n)
	}
	return !found
}

func (s *numbers) addAll(t numbers) bool {
	if len(*s) == 0 && len(t) > 0 {
		*s = slices.Clone(t)
		return true
	}
	grew := false
	for _, n := range t {
		grew = s.add(n) || grew
	}
	return grew
}

// agenda is what is still to be done: in rounds, each in order, so that what is looked at again has all that was found in the last round.
type agenda struct {
	bits bitset
	at   int // the word that is looked at
	left int
}

func newAgenda(n int) *agenda { return &agenda{bits: make(bitset, (n+63)/64)} }

func (q *agenda) add(n int) {
	if q.bits.add(n) {
		q.left++
	}
}

// next takes a number out.
func (q *agenda) next() (int, bool) {
	for ; q.left > 0; q.at = (q.at + 1) % len(q.bits) {
		if w := q.bits[q.at]; w != 0 {
			q.bits[q.at] &= w - 1
			q.left--
			return q.at*64 + bits.TrailingZeros64(w), true
		}
	}
	return 0, false
}
