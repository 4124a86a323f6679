package canon

import (
	"bytes"
	"slices"
)

// A map's pairs are written in the order in which Go yields them and sorted in place afterwards, in
// a stack buffer while they are few. Pairs are compared whole: no key is a proper prefix of
// another, so that is the order of the keys, and of the values where keys are alike (several NaNs).
const (
	fewPairs = 32
	fewBytes = 512
)

type span struct{ start, end int }

// SortPairs sorts the pairs of a map that were appended to b from start on. ends are the offsets at
// which each of them ends. It allocates nothing for up to 32 pairs of 512 bytes together.
func SortPairs(b []byte, start int, ends []int) []byte {
	if b == nil || inOrder(b, start, ends) {
		return b
	}
	var few [fewPairs]span
	spans := few[:0]
	if len(ends) > len(few) {
		spans = make([]span, 0, len(ends))
	}
	from := start
	for _, end := range ends {
		spans = append(spans, span{from, end})
		from = end
	}
	slices.SortFunc(spans, func(x, y span) int { return bytes.Compare(b[x.start:x.end], b[y.start:y.end]) })

	var scratch [fewBytes]byte
	sorted := scratch[:0]
	if from-start > len(scratch) {
		sorted = make([]byte, 0, from-start)
	}
	for _, s := range spans {
		sorted = append(sorted, b[s.start:s.end]...)
	}
	copy(b[start:], sorted)
	return b
}

func inOrder(b []byte, start int, ends []int) bool {
	for i := 1; i < len(ends); i++ {
		if bytes.Compare(b[start:ends[i-1]], b[ends[i-1]:ends[i]]) > 0 {
			return false
		}
		start = ends[i-1]
	}
	return true
}
