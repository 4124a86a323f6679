package marks

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// timeout bounds how long the store may take to answer.
const timeout = 5 * time.Second

// skew is how far the clocks of processes may be apart.
const skew = time.Minute

// read reads the stamps of marks and returns the latest, and whether one was forgotten meanwhile, which stays unknown then. A stamp far in
// the future comes from a clock that is wrong; what it marked was there before now, so now stands for it.
func (t *Table) read(ctx context.Context, marks []*Mark) (latest int64, again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	eras := t.eras(marks)
	stamps, err := t.stamps(ctx, marks)
	if err != nil {
		return 0, false, err
	}
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, m := range marks {
		if stamps[i] > now.Add(skew).UnixNano() {
			stamps[i] = now.UnixNano()
		}
		m.raise(stamps[i])
		latest = max(latest, m.least.Load())
		if m.era == eras[i] {
			m.stamp.Store(m.least.Load())
		} else {
			again = true
		}
	}
	return latest, again, nil
}

func (t *Table) eras(marks []*Mark) []uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	eras := make([]uint64, len(marks))
	for i, m := range marks {
		eras[i] = m.era
	}
	return eras
}

// stamps returns the stamps of the marks' items, 0 for those that don't exist.
func (t *Table) stamps(ctx context.Context, marks []*Mark) ([]int64, error) {
	keys := make([]string, len(marks))
	for i, m := range marks {
		keys[i] = m.key
	}
	items, err := store.GetMany(ctx, t.store, keys)
	stamps := make([]int64, len(marks))
	for i, key := range keys {
		stamps[i] = items[key].Stamp
	}
	return stamps, err
}
