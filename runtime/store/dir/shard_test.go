package dir

import (
	"sync"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

// TestTurns has a crowd put one key: each has its turn before the patience for locks ends, whoever is quicker.
func TestTurns(t *testing.T) {
	s := newQuietStore(t)
	var wg sync.WaitGroup
	for g := range 100 {
		wg.Go(func() {
			for i := range 20 {
				if _, err := s.Put(t.Context(), itemKey(0), store.Item{Stamp: int64(g*100 + i)}); err != nil {
					t.Errorf("Put: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if item, err := s.Get(t.Context(), itemKey(0)); err != nil || item.Stamp != 99*100+19 {
		t.Errorf("Get: stamp %d, %v, want the greatest", item.Stamp, err)
	}
}
