package memory_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/memory"
)

// TestMarksLeaveRoom has many times more marks than there is room for: results stay cached, and
// none is taken any more that began before a mark that is gone.
func TestMarksLeaveRoom(t *testing.T) {
	s := memory.New(memory.Options{Entries: 400})
	defer s.Close()
	put := func(key string, stamp int64) bool {
		ok, err := s.Put(t.Context(), key, store.Item{Stamp: stamp})
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	put("e/old", 1)
	for i := range int64(3000) {
		put(fmt.Sprintf("%s%d", store.MarkPrefix, i), 100+i)
	}
	marks, newest := 0, int64(0)
	gone := map[int64]bool{}
	for i := range int64(3000) {
		gone[i] = true
	}
	for info := range s.List(t.Context(), "") {
		if n, ok := strings.CutPrefix(info.Key, store.MarkPrefix); ok {
			marks++
			var i int64
			fmt.Sscan(n, &i)
			delete(gone, i)
		} else {
			t.Errorf("%s is left, which is older than marks that are gone", info.Key)
		}
	}
	for i := range gone {
		newest = max(newest, 100+i)
	}
	if marks < 20 || marks > 400 || put("e/in-flight", newest) || !put("e/new", newest+1) {
		t.Errorf("%d marks are left, and what is put goes by them wrongly", marks)
	}
	for i := range 250 {
		put(fmt.Sprint("e/result", i), 1_000_000)
	}
	found := 0
	for i := range 250 {
		if _, err := s.Get(t.Context(), fmt.Sprint("e/result", i)); err == nil {
			found++
		}
	}
	if found < 240 {
		t.Errorf("of 250 results %d are there", found)
	}
}
