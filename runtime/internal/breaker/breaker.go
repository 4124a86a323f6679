// Package breaker keeps calls from waiting for what fails: a circuit breaker (Nygard, Release It!).
package breaker

import (
	"sync"
	"time"
)

const (
	// enough faults in a row have what fails left alone.
	enough = 3
	// shortest is for how long at first, longest at last: what is back is asked again before
	// anybody would notice.
	shortest, longest = 50 * time.Millisecond, 400 * time.Millisecond
	// unusual is how many times as long as usual a call may take before giving up on it is a fault.
	unusual = 4
	// short is a wait that says little by itself.
	short = 50 * time.Millisecond
)

// Breaker counts the faults of one thing, a store's reads say. After some in a row it rests, and
// then one caller at a time tries again. The zero value is ready, for many goroutines.
type Breaker struct {
	mu     sync.Mutex
	faults int           // in a row
	rest   time.Duration // the present one, 0 if none
	until  time.Time     // the end of the rest
	trial  time.Time     // when somebody began to try, zero if nobody does
	usual  time.Duration // what calls take
}

// Admit reports whether the caller may call. Then it has to tell [Breaker.Succeeded],
// [Breaker.Failed] or [Breaker.Left] how that went. A trial that takes longer than a rest is one no
// more: somebody else tries.
func (b *Breaker) Admit() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rest == 0 {
		return true
	}
	now := time.Now()
	if now.Before(b.until) || !b.trial.IsZero() && now.Sub(b.trial) < longest {
		return false
	}
	b.trial = now
	return true
}

// Resting reports whether callers are turned away, but for one who tries.
func (b *Breaker) Resting() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rest > 0
}

// Succeeded takes note of an answer after so long.
func (b *Breaker) Succeeded(took time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults, b.rest, b.trial = 0, 0, time.Time{}
	if b.usual == 0 {
		b.usual = took
	}
	b.usual += (took - b.usual) / 8
}

// Failed takes note of a fault.
func (b *Breaker) Failed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.trial = time.Time{}
	if b.rest > 0 && now.Before(b.until) {
		return // it was under way when the rest began, and tells nothing new
	}
	if b.faults++; b.faults >= enough {
		b.rest = min(max(shortest, 2*b.rest), longest)
		b.until = now.Add(b.rest)
	}
}

// Left takes note of a caller who waited so long and then no longer. That is a fault if it is much
// longer than usual. Left reports whether it is worth telling: a wait of milliseconds is not, if it
// is the first in a row, for a busy machine makes callers wait too.
func (b *Breaker) Left(waited time.Duration) (telling bool) {
	b.mu.Lock()
	late := waited > max(5*time.Millisecond, unusual*b.usual)
	if b.usual == 0 {
		late = waited > short
	}
	if !late {
		b.trial = time.Time{}
	}
	telling = waited > short || b.faults > 0
	b.mu.Unlock()
	if late {
		b.Failed()
	}
	return telling
}
