package dir

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

// markKey returns the key of a mark in one of 16 groups.
func markKey(i int) string { return fmt.Sprintf("%st0%x/%064x", store.MarkPrefix, i%16, i) }

// putAt puts an item with a stamp, and reports whether the store took it.
func (s *Store) putAt(t *testing.T, key string, stamp int64) bool {
	t.Helper()
	ok, err := s.Put(t.Context(), key, store.Item{Value: []byte("value"), Stamp: stamp})
	if err != nil {
		t.Fatalf("Put(%q): %v", key, err)
	}
	return ok
}

// count returns how many marks and other items there are.
func (s *Store) count(t *testing.T) (marks, others int) {
	t.Helper()
	for key := range s.keys(t) {
		if strings.HasPrefix(key, store.MarkPrefix) {
			marks++
		} else {
			others++
		}
	}
	return marks, others
}

// TestShortLives has users come and go that write a little, in a folder whose bound is a fraction of what all of them write. None lives
// long enough for a sweep, and some don't even close.
func TestShortLives(t *testing.T) {
	for name, c := range map[string]struct {
		users, items, size int
		key                func(n int) string
		closes             bool
		bound              int64
	}{
		"many small results":       {20, 100, 3000, itemKey, true, 1 << 20},
		"that end without closing": {20, 100, 3000, itemKey, false, 1 << 20},
		"one result each":          {700, 1, 3000, itemKey, true, 1 << 20},
		"large results":            {80, 1, 200_000, itemKey, true, 1 << 20},
		"results of all sizes":     {60, 10, 0, itemKey, true, 1 << 20},
		"marks alone":              {8, 10, 100, markKey, true, 100 << 10},
	} {
		t.Run(name, func(t *testing.T) {
			folder, most := t.TempDir(), int64(0)
			for u := range c.users {
				s, err := New(folder, Options{MaxBytes: c.bound})
				if err != nil {
					t.Fatal(err)
				}
				s.sweeping.Store(true) // It would not get far.
				for i := range c.items {
					size := c.size
					if size == 0 {
						size = 1 << ((u*7 + i) % 18)
					}
					n := u*c.items + i
					item := store.Item{Value: make([]byte, size), Stamp: int64(n + 1)}
					if ok, err := s.Put(t.Context(), c.key(n), item); !ok || err != nil {
						t.Fatalf("Put = %v, %v", ok, err)
					}
				}
				most = max(most, s.usage(t.Context()).bytes)
				if c.closes {
					s.Close()
				}
			}
			if most > c.bound+c.bound/16 {
				t.Errorf("the folder had %d bytes, and may have %d", most, c.bound)
			}
			if most < c.bound/2 {
				t.Errorf("the folder never had more than %d bytes, and may have %d", most, c.bound)
			}
		})
	}
}
