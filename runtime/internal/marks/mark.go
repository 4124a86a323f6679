package marks

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strings"
	"sync/atomic"

	"github.com/cachegen/cachegen/runtime/internal/clock"
)

// Mark says which results that belong to something are usable: those whose execution began when its stamp was what it is.
type Mark struct {
	name string
	key  string // of its item

	// stamp is unknown until it was read; 0 says that nothing was ever marked.
	stamp atomic.Int64
	// least is the latest stamp that this process ever set or read.
	least atomic.Int64
	// learned is when least became what it is: a stamp of this process.
	learned atomic.Int64

	era uint64 // counts how often the stamp was forgotten: what was read before may be outdated. The table's mutex guards it
}

// Stamp returns the stamp that was last set as far as this process knows, 0 if it was never set. The second result is false if there may
// be a later one.
func (m *Mark) Stamp() (int64, bool) {
	known := m.stamp.Load() != unknown
	return m.least.Load(), known
}

// raise makes what is known of m at least stamp.
func (m *Mark) raise(stamp int64, c *clock.Clock) {
	if stamp > m.least.Load() {
		m.least.Store(stamp)
		m.learned.Store(c.Stamp())
	}
	if m.stamp.Load() != unknown {
		m.stamp.Store(m.least.Load())
	}
}

// learn takes note of what the store has, unless it may have something else since an era. It reports whether that may be.
func (m *Mark) learn(stamp int64, era uint64, c *clock.Clock) (again bool) {
	m.raise(stamp, c)
	if m.era != era {
		return true
	}
	m.stamp.Store(m.least.Load())
	return false
}

// unknown is the stamp of a mark that nobody looked for, or that may have changed.
const unknown = math.MaxInt64

// Held is a mark as it was known when the execution of something that belongs to it began. Whoever keeps results keeps theirs.
type Held struct {
	*Mark
	// Known is the mark's stamp then, 0 if it was never set, or [Unheld].
	Known int64
}

// Unheld is the stamp of a mark that was not known when an execution began: whether the result is usable is decided by clocks then.
const Unheld = -1

// Hold returns the mark as it is known now.
func (m *Mark) Hold() Held {
	if stamp := m.stamp.Load(); stamp != unknown {
		return Held{m, stamp}
	}
	return Held{m, Unheld}
}

// Usable reports whether a result that began at a moment, when a mark was known as that, is usable if the mark is current now. A mark that
// changed since makes it unusable, and if it was not known, one that was set when it began or later. A mark that is gone makes nothing
// unusable.
func Usable(began, known, current int64) bool {
	if known == Unheld {
		return began > current
	}
	return current == known || current == 0
}

// allows reports whether the mark, as it is known now, lets a result that began at a moment be used.
func (h Held) allows(began int64) bool {
	current := h.stamp.Load()
	return current != unknown && Usable(began, h.Known, current)
}

// MarkedBefore reports whether it was known before a stamp of this process that a result which began at a moment is unusable.
func (h Held) MarkedBefore(stamp, began int64) bool {
	return h.Marked(began) && h.learned.Load() < stamp
}

// Marked reports whether a result that began at a moment is certain to be unusable.
func (h Held) Marked(began int64) bool {
	least := h.least.Load()
	if h.Known == Unheld {
		return began <= least
	}
	return least > h.Known
}

// prefix begins the keys of marks' items. They hold the mark's name, for people who look into a store.
const prefix = "m/"

func itemKey(name string) string {
	sum := sha256.Sum256([]byte(name))
	return prefix + hex.EncodeToString(sum[:])
}

func isMark(key string) bool { return strings.HasPrefix(key, prefix) }
