package engine

import (
	"slices"
	"sync"
	"sync/atomic"
)

// budget bounds the estimated bytes that all memory tiers of a cache hold together.
type budget struct {
	limit int64
	used  atomic.Int64

	mu    sync.Mutex
	tiers []*memory
}

// fits reports whether an entry of the size should be in memory at all: one that takes an eighth of the room drives out too much.
func (b *budget) fits(size int64) bool { return size <= b.limit/8 }

func (b *budget) join(m *memory) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tiers = append(b.tiers, m)
}

// trim drops entries, always of the tier that holds most, until what is left is within the limit.
func (b *budget) trim() {
	for b.used.Load() > b.limit {
		if !b.largest().evictOne() {
			return
		}
	}
}

func (b *budget) largest() *memory {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.MaxFunc(b.tiers, func(x, y *memory) int { return int(x.bytes.Load() - y.bytes.Load()) })
}
