package memory_test

import (
	"fmt"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/memory"
)

// TestMarksLeaveRoom has many times more marks than there is room for: results stay, and in the place of each mark that is gone is the mark of its
// group, which is another one each time.
func TestMarksLeaveRoom(t *testing.T) {
	const results, marks, bound = 250, 3000, 400
	s := memory.New(memory.Options{Entries: bound})
	defer s.Close()
	put := func(key string, stamp int64) {
		if ok, err := s.Put(t.Context(), key, store.Item{Stamp: stamp}); !ok || err != nil {
			t.Fatalf("Put(%q) = %v, %v", key, ok, err)
		}
	}
	mark := func(i int) string { return fmt.Sprintf("%st0%x/%d", store.MarkPrefix, i%16, i) }
	for i := range results {
		put(fmt.Sprint("e/result", i), 1)
	}
	latest := map[string]int64{}
	for i := range marks {
		put(mark(i), 1<<63-1-int64(i%7)) // clocks decide nothing
		group := store.MarkGroup(mark(i))
		now, err := s.Grouped(t.Context(), []string{group})
		if err != nil || now[group] < latest[group] {
			t.Fatalf("the group %s had the stamp %d, and has %d, %v", group, latest[group], now[group], err)
		}
		latest[group] = now[group]
	}
	items := map[string]bool{}
	for info := range s.List(t.Context(), "") {
		items[info.Key] = true
	}
	for i := range marks {
		if !items[mark(i)] && latest[store.MarkGroup(mark(i))] == 0 {
			t.Fatalf("the mark %d is gone, and its group has none", i)
		}
	}
	for i := range results {
		if !items[fmt.Sprint("e/result", i)] {
			t.Fatal("a result is gone")
		}
	}
	if len(items) > bound {
		t.Errorf("there are %d items, and may be %d", len(items), bound)
	}
}
