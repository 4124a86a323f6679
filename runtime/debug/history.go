package cachedebug

import (
	"sync"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/total"
)

// kept is how many notes there are at most: an hour of ten seconds each.
const kept = 360

// history are counters over time, by function.
type history struct {
	mu    sync.Mutex
	notes []note
}

// note is what was counted until a moment.
type note struct {
	at    time.Time
	stats map[string]cache.Stats
}

// note takes note of the counters.
func (h *history) note(now time.Time) {
	n := note{now, map[string]cache.Stats{}}
	for _, f := range total.ByName(cache.Functions()) {
		n.stats[f.Name] = f.Stats
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if k := len(h.notes); k > 1 && now.Sub(h.notes[k-2].at) < time.Second {
		h.notes[k-1] = n // somebody looks again and again
		return
	}
	h.notes = append(h.notes, n)
	if len(h.notes) > kept {
		h.notes = h.notes[len(h.notes)-kept:]
	}
}

// ratios returns the share of hits of a function in each time between two notes, -1 where there were no calls.
func (h *history) ratios(name string) (l []float64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := 1; i < len(h.notes); i++ {
		a, b := h.notes[i-1].stats[name], h.notes[i].stats[name]
		hits, others := b.Hits-a.Hits, b.Misses-a.Misses+b.Failed-a.Failed
		if hits+others == 0 {
			l = append(l, -1)
		} else {
			l = append(l, float64(hits)/float64(hits+others))
		}
	}
	return l
}

// missesKept is how many calls that found nothing are kept.
const missesKept = 200

// misses are the last calls that found nothing, or went wrong, and the last faults.
type misses struct {
	mu   sync.Mutex
	all  [missesKept]Miss
	next int
}

// Miss is a call that found nothing.
type Miss struct {
	At       time.Time
	Func     string
	Key      string
	Outcome  cache.Outcome
	Reason   cache.Reason
	Duration time.Duration
	Err      string
}

// Failed reports whether the function of the call failed. A fault has an error too, but no call.
func (m Miss) Failed() bool { return m.Err != "" && m.Outcome != cache.Fault }

func (m *misses) note(e cache.Event) {
	if e.Outcome == cache.Hit || e.Outcome == cache.Joined {
		return
	}
	miss := Miss{At: time.Now(), Func: e.Func, Key: e.Key.String(), Outcome: e.Outcome, Reason: e.Reason, Duration: e.Duration}
	if e.Err != nil {
		miss.Err = e.Err.Error()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all[m.next%missesKept] = miss
	m.next++
}

// list returns those of a function, or of all if the name is "", the latest first.
func (m *misses) list(name string) (l []Miss) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := m.next - 1; i >= 0 && i >= m.next-missesKept && len(l) < 50; i-- {
		if miss := m.all[i%missesKept]; name == "" || miss.Func == name {
			l = append(l, miss)
		}
	}
	return l
}
