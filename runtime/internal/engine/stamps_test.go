package engine

import "testing"

func TestStampsHaveTheLast(t *testing.T) {
	var s stamps
	for i := range int64(3 * stampsKept) {
		s.add(i+1, i)
		s.add(i+1, -1) // is known already
	}
	for stamp, want := range map[int64]bool{1: false, 2 * stampsKept: false, 2*stampsKept + 1: true, 3 * stampsKept: true} {
		if began, ok := s.of(stamp); ok != want || ok && began != stamp-1 {
			t.Errorf("%d: began at %d, known %t", stamp, began, ok)
		}
	}
	if len(s.began) != stampsKept || len(s.ring) != stampsKept {
		t.Errorf("holds %d and %d", len(s.began), len(s.ring))
	}
}
