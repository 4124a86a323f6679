package cachetest

import (
	"sync"
	"time"
)

// Clock is a clock that moves only by [Clock.Advance]. It decides how old entries are, and nothing
// else: timeouts and waits take real time. All methods are safe for concurrent use.
//
//	clock := cachetest.NewClock(time.Now())
//	ctx := cachetest.New(t, cachetest.WithClock(clock)).Context(t.Context())
//	CachedForecast(ctx, "Berlin", 3)
//	clock.Advance(11 * time.Minute) // the entry is older than max-age=10m now
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stands at now.
func NewClock(now time.Time) *Clock { return &Clock{now: now.Round(0)} }

// Now returns the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock by d. A negative d sets it back, as an administrator may do with a
// machine's clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
