package memory

import (
	"container/list"
	"slices"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// marksShare bounds the marks: when they are more than this part of all entries, the older half of
// them goes.
const marksShare = 4

// fewMarks is a number of marks that always stay, because they take little room.
const fewMarks = 32

// thin removes the older half of the marks if they are more than their share. It lifts the floor to
// the stamp of the last of these. From then on the medium neither keeps nor takes items at or below
// the floor, other than marks. Otherwise a result that a mark made unusable would be back. The
// caller has the lock.
func (m *medium) thin() {
	if m.marks.Len() < fewMarks || m.marks.Len()*marksShare <= len(m.items) {
		return
	}
	stamps := make([]int64, 0, m.marks.Len())
	for el := m.marks.Front(); el != nil; el = el.Next() {
		stamps = append(stamps, el.Value.(*entry).item.Stamp)
	}
	slices.Sort(stamps)
	m.lift(stamps[len(stamps)/2])
}

// lift lifts the floor to stamp, but not above now. Otherwise a clock that is ahead would keep out
// items of others. The caller has the lock.
func (m *medium) lift(stamp int64) {
	m.floor = max(m.floor, min(stamp, time.Now().UnixNano()))
	for _, l := range []*list.List{&m.used, &m.marks} {
		for el := l.Front(); el != nil; {
			next := el.Next()
			if el.Value.(*entry).item.Stamp <= m.floor {
				m.drop(el)
			}
			el = next
		}
	}
	for s := range m.users { // Who has results in memory looks whether they are still here, since no mark will tell.
		s.hear("")
	}
}

// isBelow reports whether the floor keeps out an item.
func (m *medium) isBelow(key string, item store.Item) bool {
	return item.Stamp <= m.floor && m.list(key) != &m.marks
}
