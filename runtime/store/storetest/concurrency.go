package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

// testConcurrency has users write the same keys with mixed stamps while others read: each reader
// must see whole items whose stamps only grow, and in the end each key has its greatest stamp.
func testConcurrency(t *testing.T, m *medium) {
	const users, writers, keys, rounds = 3, 3, 4, 30
	var mu sync.Mutex
	greatest := map[string]int64{}
	var writing, reading sync.WaitGroup
	stop := make(chan struct{})
	for u := range users {
		s := m.user(t)
		for w := range writers {
			writing.Go(func() {
				r := rand.New(rand.NewPCG(uint64(u), uint64(w)))
				for i := range rounds {
					k := key("race", r.IntN(keys))
					stamp := epoch + r.Int64N(1000)
					if i%10 == 0 {
						stamp = epoch + 500 // Equal stamps meet too.
					}
					if _, err := s.Put(t.Context(), k, store.Item{Value: sealed(stamp, 100+r.IntN(5000)), Stamp: stamp}); err != nil {
						t.Errorf("Put: %v", err)
						return
					}
					mu.Lock()
					greatest[k] = max(greatest[k], stamp)
					mu.Unlock()
				}
			})
		}
		reading.Go(func() {
			if err := readGrowing(t, s, keys, stop); err != nil {
				t.Errorf("user %d: %v", u, err)
			}
		})
	}
	writing.Wait()
	close(stop)
	reading.Wait()

	s := m.user(t)
	for k, want := range greatest {
		item, err := s.Get(t.Context(), k)
		if err != nil || item.Stamp != want {
			t.Errorf("Get(%q): stamp %d, %v, want stamp %d: the greatest that was put", k, item.Stamp, err, want)
			continue
		}
		if err := checkSealed(item); err != nil {
			t.Errorf("Get(%q): %v", k, err)
		}
	}
}

// readGrowing reads keys until stop and returns an error if an item is torn, vanishes, or is older
// than one that was read.
func readGrowing(t *testing.T, s store.Store, keys int, stop <-chan struct{}) error {
	last := make([]int64, keys)
	for i := 0; ; i = (i + 1) % keys {
		select {
		case <-stop:
			return nil
		default:
		}
		item, err := s.Get(t.Context(), key("race", i))
		if errors.Is(err, store.ErrNotFound) && last[i] == 0 {
			continue
		}
		if err != nil {
			return fmt.Errorf("get %d, where stamp %d was: %w", i, last[i], err)
		}
		if item.Stamp < last[i] {
			return fmt.Errorf("get %d: stamp %d after stamp %d", i, item.Stamp, last[i])
		}
		if err := checkSealed(item); err != nil {
			return err
		}
		last[i] = item.Stamp
	}
}
