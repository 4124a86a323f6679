package memory

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// marksShare bounds the marks of a full medium: when they are more than this part of all entries,
// marks of groups take their place.
const marksShare = 4

// Grouped implements [store.Grouper].
func (s *Store) Grouped(ctx context.Context, groups []string) (map[string]int64, error) {
	return s.Stamps(ctx, groups)
}

// groupMarks puts the mark of a group in the place of the group's marks, the largest group first,
// until marks have no more than their share. The caller has the lock.
func (m *medium) groupMarks() {
	for m.marks.Len()*marksShare > len(m.items) && m.groupLargest(nil) {
	}
}

// groupLargest replaces the largest group, if that makes room, and reports whether it did. It calls
// removed, if not nil, for each mark that it removed. The caller has the lock.
func (m *medium) groupLargest(removed func(store.Info)) bool {
	members, gain := map[string][]string{}, map[string]int{}
	for el := m.marks.Front(); el != nil; el = el.Next() {
		key := el.Value.(*entry).key
		if g := store.MarkGroup(key); g != "" {
			members[g] = append(members[g], key)
			gain[g]++
		} else {
			gain[key]++ // the mark of a group, which would only be replaced
		}
	}
	group, most := "", 1 // what the mark of a group takes
	for _, g := range slices.Sorted(maps.Keys(members)) {
		if gain[g] > most {
			group, most = g, gain[g]
		}
	}
	if group == "" {
		return false
	}
	now := time.Now()
	e := &entry{key: group, item: store.Item{Stamp: now.UnixNano()}, modified: now, accessed: now}
	if old := m.items[group]; old != nil {
		e.item.Stamp = max(e.item.Stamp, old.Value.(*entry).item.Stamp+1)
		m.drop(old)
	}
	m.insert(e)
	for _, key := range members[group] {
		el := m.items[key]
		if removed != nil {
			removed(el.Value.(*entry).info())
		}
		m.drop(el)
	}
	m.tell(nil, group)
	return true
}
