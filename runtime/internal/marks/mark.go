package marks

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strings"
	"sync/atomic"
)

// Mark says from when on results that belong to something are usable: those whose execution began at or before its stamp are
// not. Whoever keeps results keeps their marks with them.
type Mark struct {
	name string
	key  string // of its item

	// stamp is unknown until it was read; 0 says that nothing was ever marked.
	stamp atomic.Int64
	// least is the latest stamp that this process ever set or read.
	least atomic.Int64

	era uint64 // counts how often the stamp was forgotten: what was read before may be outdated. The table's mutex guards it
}

// Stamp returns the moment of the last mark that this process knows of, in Unix nanoseconds, 0 if it knows of none: what began at or
// before it is certain to be unusable. The second result is false if there may be a later one.
func (m *Mark) Stamp() (int64, bool) {
	known := m.stamp.Load() != unknown
	return m.least.Load(), known
}

// raise makes what is known of m at least stamp.
func (m *Mark) raise(stamp int64) {
	m.least.Store(max(m.least.Load(), stamp))
	if m.stamp.Load() != unknown {
		m.stamp.Store(m.least.Load())
	}
}

// unknown as a stamp makes every result unusable.
const unknown = math.MaxInt64

// Newest returns the latest stamp of marks, 0 without any, and the latest possible one if a stamp is not known.
func Newest(marks []*Mark) int64 {
	newest := int64(0)
	for _, m := range marks {
		newest = max(newest, m.stamp.Load())
	}
	return newest
}

// prefix begins the keys of marks' items. They hold the mark's name, for people who look into a store.
const prefix = "m/"

func itemKey(name string) string {
	sum := sha256.Sum256([]byte(name))
	return prefix + hex.EncodeToString(sum[:])
}

func isMark(key string) bool { return strings.HasPrefix(key, prefix) }
