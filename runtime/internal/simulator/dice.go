package simulator

import (
	"math/rand/v2"
	"sync"
)

// dice are random numbers for many goroutines, which a seed replays.
type dice struct {
	mu sync.Mutex
	r  *rand.Rand
}

func newDice(seed uint64) *dice { return &dice{r: rand.New(rand.NewChaCha8(seedOf(seed)))} }

// below returns a number from 0 to n-1.
func (d *dice) below(n int64) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.Int64N(n)
}
