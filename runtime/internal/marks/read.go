package marks

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/clock"
	"github.com/cachegen/cachegen/runtime/store"
)

// timeout bounds how long the store may take to answer.
const timeout = 5 * time.Second

// read reads those of the editions of marks that are asked for, and reports whether one may be
// another by now, which stays unknown then.
func (t *Table) read(ctx context.Context, marks []*Mark, asked []int, editions []int64) (again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	some := make([]*Mark, len(asked))
	for k, i := range asked {
		some[k] = marks[i]
	}
	eras := t.eras(some)
	found, err := t.editions(ctx, some)
	if err != nil {
		return false, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for k, m := range some {
		edition, changed := m.learn(found[k], eras[k])
		editions[asked[k]], again = edition, again || changed
	}
	return again, nil
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

// editions returns the editions of marks that the store has.
func (t *Table) editions(ctx context.Context, marks []*Mark) ([]int64, error) {
	keys := make([]string, len(marks))
	for i, m := range marks {
		keys[i] = m.key
	}
	found, err := lookUp(ctx, t.store, keys)
	editions := make([]int64, len(marks))
	for i, key := range keys {
		editions[i] = found[key].Edition
	}
	return editions, err
}

// lookUp returns what a store has of marks, by the keys of their items, without those that neither
// they nor their group were ever set. It asks for groups last: the item of a group is there before
// the marks go in whose place it is.
func lookUp(ctx context.Context, s store.Store, keys []string) (map[string]Stored, error) {
	items, err := store.GetMany(ctx, s, keys)
	if err != nil {
		return nil, err
	}
	found := make(map[string]Stored, len(items))
	var absent, groups []string
	for _, key := range keys {
		if item, ok := items[key]; ok {
			found[key] = Stored{editionOf(item), item.Stamp}
			continue
		}
		absent, groups = append(absent, key), append(groups, store.MarkGroup(key))
	}
	g, ok := store.As[store.Grouper](s)
	if !ok || len(absent) == 0 {
		return found, nil
	}
	stamps, err := g.Grouped(ctx, groups)
	for i, key := range absent {
		if stamp, ok := stamps[groups[i]]; ok {
			found[key] = Stored{stamp, stamp + int64(clock.Lead)} // the stamp is another one each time
		}
	}
	return found, err
}
