package engine

import "testing"

func TestStampsRememberTheLast(t *testing.T) {
	var s stamps
	for i := range int64(3 * remembered) {
		s.add(i+1, i)
		s.add(i+1, -1) // is known already
	}
	for stamp, want := range map[int64]bool{1: false, 2 * remembered: false, 2*remembered + 1: true, 3 * remembered: true} {
		if began, ok := s.of(stamp); ok != want || ok && began != stamp-1 {
			t.Errorf("%d: began at %d, known %t", stamp, began, ok)
		}
	}
	if len(s.began) != remembered || len(s.ring) != remembered {
		t.Errorf("holds %d and %d", len(s.began), len(s.ring))
	}
}
