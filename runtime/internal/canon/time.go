package canon

import (
	"crypto/sha256"
	"sync"
	"sync/atomic"
	"time"
)

// Time appends an instant and its location. A monotonic reading is no part of it.
func Time(b []byte, t time.Time) []byte {
	loc := t.Location()
	if loc == time.UTC {
		return instant(Array(b, 2), t)
	}
	start, end := t.ZoneBounds()
	if start.IsZero() && end.IsZero() {
		return fixed(instant(Array(b, 6), t), t)
	}
	return ruled(instant(Array(b, 4), t), loc)
}

// Location appends a location as [Time] does. It must not be nil.
func Location(b []byte, loc *time.Location) []byte {
	if loc == time.UTC {
		return Array(b, 0)
	}
	t := time.Unix(0, 0).In(loc)
	start, end := t.ZoneBounds()
	if start.IsZero() && end.IsZero() {
		return fixed(Array(b, 4), t)
	}
	return ruled(Array(b, 2), loc)
}

func instant(b []byte, t time.Time) []byte { return Uint(Int(b, t.Unix()), uint64(t.Nanosecond())) }

// fixed appends a location that has one zone for all time: the location's name and the zone. Both
// are needed: FixedZone can call a zone Europe/Berlin.
func fixed(b []byte, t time.Time) []byte {
	abbreviation, offset := t.Zone()
	return Bool(Int(String(String(b, t.Location().String()), abbreviation), int64(offset)), t.IsDST())
}

// ruled appends a location with transitions: its name and the digest of its rules. The name alone
// would not do: Local is called Local on every machine, and tz database releases differ.
func ruled(b []byte, loc *time.Location) []byte {
	rules := RulesOf(loc)
	return Bytes(String(b, loc.String()), rules[:])
}

// Rules is a digest of what a location says about every instant from 1800 to 2100, whatever the
// form in which its data say it.
type Rules [16]byte

// RulesOf returns the rules of loc. It keeps the rules of a few locations.
func RulesOf(loc *time.Location) Rules {
	known := zones.known.Load()
	if known != nil {
		for i := range known {
			if known[i].loc == loc {
				return known[i].rules
			}
		}
	}
	rules := walk(loc)
	zones.keep(loc, rules)
	return rules
}

// knownZones bounds the locations whose rules are kept: reading them takes about 0.1 ms, and who
// loads a location for every call must not fill the memory.
const knownZones = 16

type zone struct {
	loc   *time.Location
	rules Rules
}

// zones is a memo of a pure function. It is replaced whole when it grows, so that readers take no
// lock.
var zones zoneMemo

type zoneMemo struct {
	known atomic.Pointer[[knownZones]zone]
	mu    sync.Mutex
	next  int
}

func (m *zoneMemo) keep(loc *time.Location, rules Rules) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var known [knownZones]zone
	if old := m.known.Load(); old != nil {
		known = *old
	}
	known[m.next%knownZones] = zone{loc, rules}
	m.next++
	m.known.Store(&known)
}

// walk digests the transitions of loc. Those that change nothing are left out: releases of the tz
// database have them or not.
func walk(loc *time.Location) Rules {
	b := make([]byte, 0, 8<<10)
	t := time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC).In(loc)
	last := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	var was string
	wasOffset, wasDST := 0, false
	for {
		abbreviation, offset := t.Zone()
		dst := t.IsDST()
		if len(b) == 0 || abbreviation != was || offset != wasOffset || dst != wasDST {
			b = Bool(Int(String(Int(b, t.Unix()), abbreviation), int64(offset)), dst)
			was, wasOffset, wasDST = abbreviation, offset, dst
		}
		_, end := t.ZoneBounds()
		if !end.After(t) || end.After(last) {
			break
		}
		t = end
	}
	sum := sha256.Sum256(b)
	return Rules(sum[:])
}
