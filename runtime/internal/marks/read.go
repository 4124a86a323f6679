package marks

import (
	"context"
	"fmt"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// timeout bounds how long the store may take to answer.
const timeout = 5 * time.Second

// read reads those of the stamps of marks that are asked for, and reports whether one was forgotten meanwhile, which stays unknown then. A
// stamp far in the future comes from a clock that is wrong; what it marked was there before now, so now stands for it, in the store too.
func (t *Table) read(ctx context.Context, marks []*Mark, asked []int, stamps []int64) (again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	some := make([]*Mark, len(asked))
	for k, i := range asked {
		some[k] = marks[i]
	}
	eras := t.eras(some)
	found, err := t.stamps(ctx, some)
	if err != nil {
		return false, err
	}
	for k, m := range some {
		if t.config.Clock.Damaged(found[k]) {
			found[k] = t.mend(ctx, m)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for k, m := range some {
		again = m.learn(found[k], eras[k], t.config.Clock) || again
		stamps[asked[k]] = m.least.Load()
	}
	return again, nil
}

// mend marks anew what is marked in the far future, and returns the stamp of that. If the store can't be told, others will have to.
func (t *Table) mend(ctx context.Context, m *Mark) int64 {
	t.raise(m, t.config.Clock.Over())
	stamp, err := t.impose(ctx, m)
	if err != nil {
		t.config.Report(fmt.Errorf("marks: mending: %w", err))
		return m.least.Load()
	}
	return stamp
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
