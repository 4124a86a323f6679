package storetest

import (
	"math"
	"testing"
)

func testStamps(t *testing.T, m *medium) {
	one, two := m.user(t), m.user(t)

	cases := []struct {
		name          string
		first, second int64
	}{
		{"a nanosecond apart", epoch, epoch + 1},
		{"a second apart", epoch, epoch + 1e9},
		{"zero and one", 0, 1},
		{"across 2⁵³", 1<<53 - 1, 1 << 53},
		{"above 2⁵³", 1 << 53, 1<<53 + 1},
		{"the greatest", math.MaxInt64 - 1, math.MaxInt64},
		{"the least and the greatest", 0, math.MaxInt64},
		{"more digits", 999_999_999, 1_000_000_000},
	}
	for i, c := range cases {
		t.Run("the greater stamp stays: "+c.name, func(t *testing.T) {
			one, two := one.in(t), two.in(t)
			one.put(key("up", i), c.first, []byte("older"))
			two.put(key("up", i), c.second, []byte("newer"))
			one.wantItem(key("up", i), c.second, []byte("newer"))

			one.put(key("down", i), c.second, []byte("newer"))
			if two.tryPut(key("down", i), c.first, []byte("older")) {
				t.Errorf("Put with stamp %d over stamp %d = true, want false", c.first, c.second)
			}
			one.wantItem(key("down", i), c.second, []byte("newer"))
		})
	}
	t.Run("equal stamps replace each other", func(t *testing.T) {
		one, two := one.in(t), two.in(t)
		one.put(key("equal", 0), epoch, []byte("first"))
		two.put(key("equal", 0), epoch, []byte("second"))
		one.wantItem(key("equal", 0), epoch, []byte("second"))
	})
	t.Run("a put that lost changes nothing", func(t *testing.T) {
		s := one.in(t)
		s.put(key("lost", 0), epoch+5, []byte("newest"))
		for i := range int64(5) {
			if s.tryPut(key("lost", 0), epoch+i, sealed(i, 3000)) {
				t.Fatalf("Put with stamp +%d over +5 = true, want false", i)
			}
		}
		s.wantItem(key("lost", 0), epoch+5, []byte("newest"))
	})
}
