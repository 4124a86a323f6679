package storetest

import (
	"maps"
	"math"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
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
	t.Run("what a put may replace", func(t *testing.T) {
		one, two := one.in(t), two.in(t)
		for i, c := range []struct {
			there, stamp, replaces int64
			want                   bool
		}{
			{epoch + 1, epoch + 9, epoch, false},
			{epoch, epoch + 9, epoch, true},
			{epoch - 1, epoch + 9, epoch, false}, // something took the place of what was found
			{epoch, epoch + 9, 1, false},
			{epoch + 9, epoch, epoch + 9, true},
			{epoch + 3, epoch, store.Anything, true},
			{math.MaxInt64, epoch, store.Anything, true},
			{-1, epoch, 1, true}, // nothing is there
		} {
			k := key("replaces", i)
			if c.there >= 0 {
				one.put(k, c.there, []byte("there"))
			}
			ok, err := two.Put(t.Context(), k, store.Item{Value: []byte("new"), Stamp: c.stamp, Replaces: c.replaces})
			if ok != c.want || err != nil {
				t.Errorf("Put over stamp %d, replacing %d: %t, %v, want %t", c.there, c.replaces, ok, err, c.want)
			}
			if ok {
				one.wantItem(k, c.stamp, []byte("new"))
			} else {
				one.wantItem(k, c.there, []byte("there"))
			}
			if item, err := two.Get(t.Context(), k); err != nil || item.Replaces != 0 {
				t.Errorf("Get returned Replaces %d, %v, want 0", item.Replaces, err)
			}
		}
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

func testStamper(t *testing.T, m *medium) {
	s := m.user(t)
	stamper := as[store.Stamper](s.Store)
	want := map[string]int64{}
	asked := []string{"absent", "absent/too"}
	for i := range 300 {
		k := key("stamper", i)
		asked = append(asked, k)
		if i%3 != 0 {
			want[k] = epoch + int64(i)
			s.put(k, want[k], sealed(want[k], 16+i*10))
		}
	}
	got, err := stamper.Stamps(t.Context(), asked)
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("Stamps of %d keys: %d stamps, %v, want %d", len(asked), len(got), err, len(want))
	}
	for k, stamp := range want {
		if got[k] != stamp {
			t.Errorf("Stamps[%q] = %d, want %d", k, got[k], stamp)
			break
		}
	}
	s.put(key("stamper", 1), math.MaxInt64, nil)
	s.delete(key("stamper", 2))
	got, err = stamper.Stamps(t.Context(), asked[2:6])
	if want := map[string]int64{key("stamper", 1): math.MaxInt64}; err != nil || !maps.Equal(got, want) {
		t.Errorf("Stamps after a put and a delete = %v, %v, want %v", got, err, want)
	}
	if got, err := stamper.Stamps(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("Stamps of no keys = %v, %v, want none", got, err)
	}
}
