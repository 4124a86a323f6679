package memory

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/groups"
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
	group, members := groups.Largest(m.markKeys)
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
	for _, key := range members {
		el := m.items[key]
		if removed != nil {
			removed(el.Value.(*entry).info())
		}
		m.drop(el)
	}
	m.tell(nil, group)
	return true
}

// markKeys yields the keys of all marks. The caller has the lock.
func (m *medium) markKeys(yield func(string) bool) {
	for el := m.marks.Front(); el != nil && yield(el.Value.(*entry).key); el = el.Next() {
	}
}
