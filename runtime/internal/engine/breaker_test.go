package engine

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestRest has many operations under way when a store fails: they count as one fault, and the rest grows with each attempt after
// it.
func TestRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s breaker
		want := time.Duration(0)
		for attempt := range 8 {
			for range 50 {
				s.learn(errors.New("gone"))
			}
			if want = 100 * time.Millisecond << attempt; time.Until(s.until) != want {
				t.Fatalf("after failing attempt %d the store rests %v, want %v", attempt, time.Until(s.until), want)
			}
			time.Sleep(want)
		}
		s.learn(nil)
		if s.learn(errors.New("gone")); !s.until.IsZero() {
			t.Error("a store that answered rests after one fault")
		}
	})
}
