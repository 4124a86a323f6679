package dir

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// grouped returns the stamp of a mark's group, 0 if the group was never marked.
func (s *Store) grouped(t *testing.T, key string) int64 {
	t.Helper()
	stamps, err := s.Grouped(t.Context(), []string{store.MarkGroup(key)})
	if err != nil {
		t.Fatal(err)
	}
	return stamps[store.MarkGroup(key)]
}

// TestMarksLeaveRoom puts many times more marks than a folder has room for. Results stay, the bound holds, and in the place of each mark that is
// gone is the mark of its group, which is another one each time.
func TestMarksLeaveRoom(t *testing.T) {
	for name, stamp := range map[string]func(i int) int64{
		"by clocks that are right": func(int) int64 { return time.Now().UnixNano() },
		"ahead, as removals are":   func(int) int64 { return time.Now().Add(40 * time.Second).UnixNano() },
		"damaged":                  func(int) int64 { return 1<<63 - 1 },
		"of long ago":              func(i int) int64 { return int64(i) },
	} {
		t.Run(name, func(t *testing.T) {
			const results, marks, bound = 20, 200, 60 * diskBlock
			s := newQuietStore(t)
			s.maxBytes = bound
			for i := range results {
				s.mustPut(t, itemKey(i), 100)
			}
			latest, most := map[string]int64{}, int64(0)
			for i := range marks {
				if !s.putAt(t, markKey(i), stamp(i)) {
					t.Fatal("a mark was refused")
				}
				group := store.MarkGroup(markKey(i))
				now := s.grouped(t, markKey(i))
				if now < latest[group] {
					t.Fatalf("the group %s had the stamp %d, and has %d", group, latest[group], now)
				}
				latest[group] = now
				if i%50 == 0 {
					most = max(most, s.usage(t.Context()).bytes)
				}
			}
			if most > bound+bound/16 {
				t.Errorf("the folder had %d bytes, and may have %d", most, bound)
			}
			keys, left := s.keys(t), 0
			for i := range marks {
				switch {
				case keys[markKey(i)]:
					left++
				case latest[store.MarkGroup(markKey(i))] == 0:
					t.Fatalf("the mark %d is gone, and its group has none", i)
				}
			}
			if left == 0 || left > bound/diskBlock-results {
				t.Errorf("%d marks are left, where %d items may be", left, bound/diskBlock)
			}
			for i := range results {
				if !keys[itemKey(i)] {
					t.Fatal("a result is gone")
				}
			}
		})
	}
}

// TestGroupsApart has one group flooded: those of others keep their marks.
func TestGroupsApart(t *testing.T) {
	s := newQuietStore(t)
	s.maxBytes = 100 * diskBlock
	other := func(i int) string { return fmt.Sprintf("%snff/%064x", store.MarkPrefix, i) }
	for i := range 5 {
		s.putAt(t, other(i), 1)
	}
	for i := range 400 {
		s.putAt(t, markKey(16*i), 1)
	}
	keys := s.keys(t)
	for i := range 5 {
		if !keys[other(i)] {
			t.Error("a mark of another group is gone")
		}
	}
	if s.grouped(t, other(0)) != 0 || s.grouped(t, markKey(0)) == 0 {
		t.Error("the wrong group was marked")
	}
}

// TestSweepGroupsMarks has a sweep make room where marks are most of what there is.
func TestSweepGroupsMarks(t *testing.T) {
	s := newQuietStore(t)
	for i := range 200 {
		s.putAt(t, markKey(i), 1)
	}
	for i := range 60 {
		s.mustPut(t, itemKey(i), 100)
	}
	s.maxBytes = 200 * diskBlock
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	marks, others := s.count(t)
	if marks > 60 || marks == 0 || others != 60 {
		t.Errorf("%d marks and %d results are left", marks, others)
	}
}

// TestReplacedMarkStays has a mark made anew while its group is about to take its place: what began in between would be back without it.
func TestReplacedMarkStays(t *testing.T) {
	s := newQuietStore(t)
	for i := range 3 {
		s.putAt(t, markKey(16*i), 1)
	}
	sh, err := s.openShard(shardOf(markKey(0)), false)
	if err != nil {
		t.Fatal(err)
	}
	defer sh.close()
	group, marks, err := sh.largestGroup()
	if err != nil || group != store.MarkGroup(markKey(0)) || len(marks) != 3 {
		t.Fatalf("found %q with %d marks, %v", group, len(marks), err)
	}
	if ok, err := s.Put(t.Context(), markKey(0), store.Item{Value: []byte("again"), Stamp: 1}); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if _, err := sh.removeMarks(t.Context(), marks, nil); err != nil {
		t.Fatal(err)
	}
	if keys := s.keys(t); !keys[markKey(0)] || keys[markKey(16)] || keys[markKey(32)] {
		t.Errorf("left are %v", keys)
	}
}

// TestGroupIsTold sees that this user and others hear of a group's mark.
func TestGroupIsTold(t *testing.T) {
	s := newQuietStore(t)
	other := newStoreIn(t, s.home.path)
	for i := range 3 {
		s.putAt(t, markKey(16*i), 1)
	}
	for name, watcher := range map[string]*Store{"this user": s, "another": other} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		began, heard := make(chan bool, 1), make(chan bool, 1)
		go func() {
			_ = watcher.Watch(ctx, func(key string) {
				switch key {
				case "":
					began <- true
				case store.MarkGroup(markKey(0)):
					heard <- true
					cancel()
				}
			})
		}()
		<-began
		s.putAt(t, markKey(48), 1)
		s.putAt(t, markKey(64), 1)
		if _, err := s.groupLargest(t.Context(), shardOf(markKey(0)), nil); err != nil {
			t.Fatal(err)
		}
		select {
		case <-heard:
		case <-time.After(10 * time.Second):
			t.Errorf("%s has not heard of the group's mark", name)
		}
	}
}

// TestPruneGroupsMarks has nothing left but one mark for each group.
func TestPruneGroupsMarks(t *testing.T) {
	s := newQuietStore(t)
	for i := range 48 {
		s.putAt(t, markKey(i), time.Now().Add(24*time.Hour).UnixNano())
		s.mustPut(t, itemKey(i), 100)
	}
	removed := map[string]bool{}
	if err := s.Prune(t.Context(), 0, func(i store.Info) { removed[i.Key] = true }); err != nil {
		t.Fatal(err)
	}
	marks, others := s.count(t)
	if marks != 16 || others != 0 || len(removed) != 96 {
		t.Errorf("%d marks and %d results are left, %d were removed", marks, others, len(removed))
	}
	if !s.putAt(t, itemKey(0), 1) {
		t.Error("a result was refused")
	}
}
