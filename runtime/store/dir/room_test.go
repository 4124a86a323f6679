package dir

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

func markKey(i int) string { return fmt.Sprintf("%s%064x", store.MarkPrefix, i) }

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

// TestMarksLeaveRoom fills a folder with many times more marks than it has room for. Results stay cached, and nothing that a mark made
// unusable is found again: no result that is there, and none that an execution brings later that began before.
func TestMarksLeaveRoom(t *testing.T) {
	const results, marks, bound = 12, 100, 40 * diskBlock
	s := newQuietStore(t)
	s.maxBytes = bound
	for i := range results {
		s.mustPut(t, itemKey(i), 100) // Stamps are 1.
	}
	for i := range marks {
		if !s.putAt(t, markKey(i), int64(1000+i)) {
			t.Fatal("a mark was refused")
		}
		if ok := s.putAt(t, itemKey(results+i), int64(1000+i)); ok && i < marks/2 {
			if f, err := readFloor(s.home.current.Load().base); err != nil || f.stamp >= int64(1000+i) {
				t.Fatalf("an item at the floor was taken (%v)", err)
			}
		}
	}
	if left, _ := s.count(t); left >= 40 || left < 4 {
		t.Errorf("%d marks are left", left)
	}
	keys := s.keys(t)
	for i := range results {
		if keys[itemKey(i)] {
			t.Error("a result is there that is older than marks that are gone")
		}
	}
	for i := range marks { // What began before a mark is gone with it, or finds it.
		ok := s.putAt(t, itemKey(10_000+i), int64(1000+i))
		if !ok || keys[markKey(i)] {
			continue
		}
		for later := range marks {
			if later > i && !keys[markKey(later)] {
				t.Fatalf("the mark %d is gone, and a result that began before it was taken", later)
			}
		}
	}

	now := int64(1000 + 2*marks) // What begins now is stored and stays.
	for i := range results {
		if !s.putAt(t, itemKey(20_000+i), now) {
			t.Fatal("a new result was refused")
		}
	}
	found := 0
	for i := range results {
		if _, err := s.Get(t.Context(), itemKey(20_000+i)); err == nil {
			found++
		}
	}
	if found != results {
		t.Errorf("of %d new results %d are there", results, found)
	}
}

// TestSweepThinsMarks has a sweep make room where marks are most of what there is.
func TestSweepThinsMarks(t *testing.T) {
	s := newQuietStore(t)
	for i := range 40 {
		s.putAt(t, markKey(i), int64(100+i))
		s.putAt(t, itemKey(i), 50)      // Older than all marks.
		s.putAt(t, itemKey(100+i), 200) // Newer than all.
	}
	s.maxBytes = 100 * diskBlock
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	marks, others := s.count(t)
	if marks > 25 || marks == 0 || others < 40 {
		t.Errorf("%d marks and %d results are left", marks, others)
	}
	keys := s.keys(t)
	for i := range 40 {
		if keys[itemKey(i)] {
			t.Fatal("a result is left that is older than a mark that is gone")
		}
		if i > 20 && !keys[markKey(i)] {
			t.Errorf("a younger mark is gone")
		}
	}
}

// TestMarksAhead has marks of which the younger half is ahead of the clock, as those of the last seconds are. The older ones make room, and
// results of a moment ago stay.
func TestMarksAhead(t *testing.T) {
	s := newQuietStore(t)
	now := time.Now().UnixNano()
	for i := range 40 {
		s.putAt(t, markKey(i), int64(100+i))
		s.putAt(t, markKey(100+i), now+int64(30*time.Second)+int64(i))
		s.putAt(t, itemKey(i), now+int64(i))
	}
	s.maxBytes = 110 * diskBlock
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	marks, others := s.count(t)
	if marks > 60 || marks < 40 || others < 30 {
		t.Errorf("%d marks and %d results are left", marks, others)
	}
	keys := s.keys(t)
	for i := range 40 {
		if !keys[markKey(100+i)] {
			t.Fatal("a mark is gone that is ahead of the clock")
		}
	}
}

// TestFloorGoesOn has a user who lifts the floor end in the middle: the next one goes on where it stopped, and marks stay until then.
func TestFloorGoesOn(t *testing.T) {
	s := newQuietStore(t)
	for i := range 600 {
		s.putAt(t, itemKey(i), 10)
	}
	s.putAt(t, markKey(0), 20)
	f, err := s.changeFloor(t.Context(), func(floor) floor { return floor{stamp: 30} })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.clean(t.Context(), 0, f.stamp); err != nil {
		t.Fatal(err)
	}
	if s.putAt(t, itemKey(1000), 30) || !s.putAt(t, itemKey(1000), 31) {
		t.Error("while the floor is lifted, a put goes by another one")
	}
	mark := func() file {
		files, err := s.scanShard(t.Context(), shardOf(markKey(0)))
		for _, f := range files {
			if isMark(f.name) {
				return f
			}
		}
		t.Fatalf("the mark is gone (%v)", err)
		return file{}
	}
	if mark().used != always {
		t.Error("the mark may go, while what it concerns is there")
	}
	other := newStoreIn(t, s.home.path)
	if err := other.retire(t.Context(), 25); err != nil {
		t.Fatal(err)
	}
	if keys := other.keys(t); len(keys) != 2 || !keys[itemKey(1000)] {
		t.Errorf("left are %v", keys)
	}
	if mark().used != never {
		t.Error("the mark may not go, though nothing is left that it concerns")
	}
	if f, err := readFloor(other.home.current.Load().base); err != nil || f != (floor{30, shards}) {
		t.Errorf("the floor is %v, %v", f, err)
	}
}

// TestFloorIgnoresClocks has a mark whose clock was a day ahead: it does not keep out what others put.
func TestFloorIgnoresClocks(t *testing.T) {
	s := newQuietStore(t)
	s.putAt(t, markKey(0), time.Now().Add(24*time.Hour).UnixNano())
	if err := s.retire(t.Context(), time.Now().Add(24*time.Hour).UnixNano()); err != nil {
		t.Fatal(err)
	}
	if !s.putAt(t, itemKey(0), time.Now().UnixNano()) {
		t.Error("a result of now was refused")
	}
	if err := s.Prune(t.Context(), 0, nil); err != nil {
		t.Fatal(err)
	}
	if keys := s.keys(t); len(keys) != 0 {
		t.Errorf("Prune(0) leaves %v", keys)
	}
}
