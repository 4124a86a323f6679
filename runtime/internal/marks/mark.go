package marks

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"
	"sync/atomic"

	"github.com/cachegen/cachegen/runtime/store"
)

// Mark says which results that belong to something are usable: those whose execution began when its
// edition was what it is. Each time that something is marked its mark gets an edition that there
// never was before, so no clock is asked.
type Mark struct {
	name string
	key  string // of its item

	// edition is unknown until it was read, or if there may be another one by now.
	edition atomic.Int64
	// last is the edition that this process knew last, 0 before it knew any.
	last atomic.Int64
	// heard is true once this process knew an edition.
	heard atomic.Bool
	// doubted is when last began to be unknown or was another one: a stamp of this process.
	doubted atomic.Int64

	// The table's mutex guards these.
	era     uint64 // counts how often the edition was forgotten: what was read before may be outdated
	writing int    // how many of this process are being written: what the store has is older
}

// Editions that are none.
const (
	// Never is that of what was never marked, or whose mark the store needs no more.
	Never = 0
	// unknown is that of a mark that nobody looked for, or that may have changed.
	unknown = math.MaxInt64
	// marking is that of a mark of this process which is on its way to the store: others may mark
	// in the meantime, so what begins until it is there may be outdated.
	marking = -1
)

// Edition returns the mark's edition as this process knew it last. The second result is false if
// there may be another one by now.
func (m *Mark) Edition() (int64, bool) { return m.last.Load(), m.edition.Load() != unknown }

// Held is a mark as it was known when the execution of something that belongs to it began. Whoever
// keeps results keeps theirs.
type Held struct {
	*Mark
	// Known is the mark's edition then, or the last one known before. If that is what it is later
	// on, nothing was marked in between.
	Known int64
}

// Hold returns the mark as it is known now.
func (m *Mark) Hold() Held { return Held{m, m.last.Load()} }

// Sure reports whether the mark is known as it is held: nobody marked anything since, as far as
// this process would have heard.
func (h Held) Sure() bool { return h.edition.Load() == h.Known }

// Heard reports whether this process ever knew what the mark is.
func (m *Mark) Heard() bool { return m.heard.Load() }

// Usable reports whether a result is usable that began when the edition of a mark was known, if it
// is current now. A mark that is gone makes nothing unusable.
func Usable(known, current int64) bool {
	return known != marking && (current == known || current == Never)
}

// allows reports whether the mark, as it is known now, lets a result be used.
func (h Held) allows() bool {
	current := h.edition.Load()
	return current != unknown && Usable(h.Known, current)
}

// Marked reports whether a result is unusable as far as this process knew last.
func (h Held) Marked() bool { return !Usable(h.Known, h.last.Load()) }

// MarkedBefore is Marked if something may have been marked before a stamp of this process.
func (h Held) MarkedBefore(stamp int64) bool { return h.Marked() && h.doubted.Load() < stamp }

// mark makes the mark's edition another one, at a stamp of this process. The table's mutex is
// locked.
func (m *Mark) mark(edition, now int64) {
	m.heard.Store(true)
	if m.edition.Load() != unknown {
		m.doubted.Store(now)
		m.edition.Store(edition)
	}
	m.last.Store(edition)
	m.era++
}

// learn takes note of what the store had in an era, and returns what that makes of the mark. Again
// says that it may have something else by now. The table's mutex is locked.
func (m *Mark) learn(edition int64, era uint64) (now int64, again bool) {
	switch {
	case m.writing > 0:
		return m.last.Load(), false
	case m.era == era:
		m.heard.Store(true)
		m.last.Store(edition)
		m.edition.Store(edition)
		return edition, false
	}
	if known := m.edition.Load(); known != unknown {
		return known, false
	}
	return edition, true // which may be older than the last
}

// forget takes note that there may be another edition. The table's mutex is locked.
func (m *Mark) forget(now int64) {
	m.era++
	if m.edition.Swap(unknown) != unknown {
		m.doubted.Store(now)
	}
}

// prefix begins the keys of marks' items. They hold the mark's name, for people who look into a
// store, and what is theirs alone.
const prefix = "m/"

func itemKey(name string) string {
	sum := sha256.Sum256([]byte(name))
	text := hex.EncodeToString(sum[:])
	return groupKey(name, text) + "/" + text
}

// groupKey returns the key of a mark's group ([store.Grouper]). Marks of a kind in a scope are in
// 16 groups, and a kind has 256 of them. So a store that groups marks of tags leaves namespaces
// alone, and what one tenant forgets concerns few others.
func groupKey(name, sum string) string {
	in := name[:strings.LastIndex(name, ` "`)+1] // kind and scope: quotes in what follows are escaped
	return prefix + name[:1] + digit(in) + sum[:1]
}

func digit(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:1])[:1]
}

func isMark(key string) bool { return strings.HasPrefix(key, prefix) }

// newItem returns an item of a mark that there never was before.
func newItem(name string) store.Item { return store.Item{Value: []byte(name + "\n" + rand.Text())} }

// editionOf returns the edition of a mark with an item.
func editionOf(item store.Item) int64 {
	sum := sha256.Sum256(item.Value)
	return int64(max(binary.BigEndian.Uint64(sum[:])>>2, 1)) // neither Never nor unknown
}
