package closure

import (
	"iter"
	"math/bits"
)

// set is a set of small numbers.
type set []uint64

// add adds a number, and reports whether it is new.
func (s *set) add(n int) bool {
	for n/64 >= len(*s) {
		*s = append(*s, make([]uint64, max(1, len(*s)))...)
	}
	w := &(*s)[n/64]
	old := *w
	*w |= 1 << (n % 64)
	return *w != old
}

func (s set) has(n int) bool { return n/64 < len(s) && s[n/64]&(1<<(n%64)) != 0 }

func (s set) remove(n int) {
	if n/64 < len(s) {
		s[n/64] &^= 1 << (n % 64)
	}
}

// all iterates over the numbers in order.
func (s set) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, w := range s {
			for ; w != 0; w &= w - 1 {
				if !yield(i*64 + bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}
