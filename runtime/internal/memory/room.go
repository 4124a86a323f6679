package memory

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Room bounds the estimated bytes that several tiers hold together. All methods are safe for
// concurrent use.
type Room struct {
	limit int64
	used  atomic.Int64

	mu    sync.Mutex
	tiers []*Tier
}

// NewRoom returns a room for so many bytes.
func NewRoom(bytes int64) *Room { return &Room{limit: bytes} }

// Limit is how many bytes there is room for.
func (r *Room) Limit() int64 { return r.limit }

// Used is how many bytes its tiers hold.
func (r *Room) Used() int64 { return r.used.Load() }

// fits reports whether an entry of the size should be in memory at all. An entry of over an eighth
// of the room, without its key and what else it needs, would drive out too much.
func (r *Room) fits(size int64) bool { return size <= r.limit/8+r.limit/1024 }

func (r *Room) leave(m *Tier) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tiers = slices.DeleteFunc(r.tiers, func(other *Tier) bool { return other == m })
}

func (r *Room) join(m *Tier) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tiers = append(r.tiers, m)
}

// Trim drops entries, always of the tier that holds most, until what is left is within the limit.
func (r *Room) Trim() {
	for r.used.Load() > r.limit {
		if m := r.largest(); m == nil || !m.evictOne() {
			return
		}
	}
}

func (r *Room) largest() *Tier {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.tiers) == 0 {
		return nil
	}
	return slices.MaxFunc(r.tiers, func(x, y *Tier) int { return int(x.held() - y.held()) })
}
