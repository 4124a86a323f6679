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

	// Guarded by the table's mutex:
	least int64  // what this process itself set
	era   uint64 // counts how often the stamp was forgotten: what was read before may be outdated
}

// Stamp returns the moment of the mark in Unix nanoseconds, 0 if there never was one, as far as this process knows; the second
// result is false if it knows nothing.
func (m *Mark) Stamp() (int64, bool) {
	stamp := m.stamp.Load()
	return stamp, stamp != unknown
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
