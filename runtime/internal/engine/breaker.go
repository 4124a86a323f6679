package engine

import (
	"context"
	"errors"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// errResting says that a store failed too often lately.
var errResting = errors.New("cache: the store failed and is left alone for a moment")

// breaker leaves a store alone that keeps failing: a circuit breaker (Nygard, Release It!). It is guarded by its tier's mutex.
type breaker struct {
	faults int       // in a row
	until  time.Time // when the rest ends
}

func (b *breaker) rests() bool { return !b.until.IsZero() && time.Now().Before(b.until) }

// learn takes note of how an operation ended.
func (b *breaker) learn(err error) {
	switch {
	case err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrTooLarge) || errors.Is(err, store.ErrHeld):
		*b = breaker{}
	case !errors.Is(err, context.Canceled):
		b.fail()
	}
}

// fail counts a fault. From the third in a row on the store rests, twice as long each time. What was under way when it began to rest, and
// fails too, tells nothing new.
func (b *breaker) fail() {
	if b.rests() {
		return
	}
	if b.faults++; b.faults >= 3 {
		b.until = time.Now().Add(min(100*time.Millisecond<<min(b.faults-3, 10), 30*time.Second))
	}
}
