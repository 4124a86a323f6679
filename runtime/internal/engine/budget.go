package engine

import "sync/atomic"

// budget bounds the bytes that all memory tiers of a cache hold together.
type budget struct {
	limit int64
	used  atomic.Int64
}

// fits reports whether an entry of the size should be in memory at all: one that takes an eighth of the room drives out too much.
func (b *budget) fits(size int64) bool { return size <= b.limit/8 }

func (b *budget) over() bool { return b.used.Load() > b.limit }
