package layer

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrResting says that a store was not asked because it failed again and again lately.
var ErrResting = errors.New("layer: the store failed again and again and is left alone for a while")

// breaker is a circuit breaker (Nygard, Release It!): after some failures in a row nobody calls for a while, then one tries. Each
// further failure doubles the while.
type breaker struct {
	failures       int // in a row that it takes
	pause, longest time.Duration
	report         func(error)

	mu      sync.Mutex
	failed  int
	until   time.Time // when somebody may try
	trying  bool
	current time.Duration // the present pause; 0: closed
}

// admit returns an error unless the caller may call. Then it has to tell learn, or forfeit, how that went.
func (b *breaker) admit() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.current == 0 {
		return nil
	}
	if b.trying || time.Now().Before(b.until) {
		return ErrResting
	}
	b.trying = true
	return nil
}

// forfeit takes note of a call that says nothing about the store.
func (b *breaker) forfeit() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
}

// learn takes note of a call that failed with err, or didn't.
func (b *breaker) learn(err error) {
	if event := b.learned(err); event != nil {
		b.report(event)
	}
}

// ErrRecovered is reported when a store that was left alone answers again.
var ErrRecovered = errors.New("layer: the store answers again")

func (b *breaker) learned(err error) (event error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
	if err == nil {
		b.failed = 0
		if b.current > 0 {
			b.current = 0
			return ErrRecovered
		}
		return nil
	}
	b.failed++
	if b.failed < b.failures || time.Now().Before(b.until) {
		return nil
	}
	first := b.current == 0
	b.current = min(max(b.pause, 2*b.current), b.longest)
	b.until = time.Now().Add(b.current)
	if first {
		return fmt.Errorf("%w: %w", ErrResting, err)
	}
	return nil
}
