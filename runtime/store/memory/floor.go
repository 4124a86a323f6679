package memory

import (
	"container/list"
	"slices"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// marksShare is what marks may be of all entries before the older half of them goes, in parts.
const marksShare = 4

// fewMarks are left alone: they take no room to speak of.
const fewMarks = 32

// thin has the older half of the marks go if they are more than their share, and lifts the floor to
// the last of those: what began at or before it, marks aside, is neither kept nor taken any more,
// lest what a mark made unusable be back. The caller has the lock.
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

// lift lifts the floor to stamp, but not above now: a clock that is ahead must not keep out what
// the others put. The caller has the lock.
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

// isBelow reports whether an item is not taken any more.
func (m *medium) isBelow(key string, item store.Item) bool {
	return item.Stamp <= m.floor && m.list(key) != &m.marks
}
