package canon_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

// tzdata makes a location out of transitions in the system's format (RFC 9636, version 1).
func tzdata(t *testing.T, name string, offsets []int32, transitions ...int32) *time.Location {
	t.Helper()
	b := append([]byte("TZif"), make([]byte, 16)...)
	for _, n := range []int{0, 0, 0, len(transitions), len(offsets), 4} {
		b = binary.BigEndian.AppendUint32(b, uint32(n))
	}
	for _, at := range transitions {
		b = binary.BigEndian.AppendUint32(b, uint32(at))
	}
	for i := range transitions {
		b = append(b, byte((i+1)%len(offsets)))
	}
	for _, offset := range offsets {
		b = append(binary.BigEndian.AppendUint32(b, uint32(offset)), 0, 0)
	}
	loc, err := time.LoadLocationFromTZData(name, append(b, "ABC\x00"...))
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// TestLocal compares locations that have one name on two machines.
func TestLocal(t *testing.T) {
	instant := time.Unix(2000, 0)
	here := tzdata(t, "Local", []int32{0, 3600}, 1000)
	for name, test := range map[string]struct {
		there *time.Location
		want  bool
	}{
		"same rules":        {tzdata(t, "Local", []int32{0, 3600}, 1000), true},
		"other past":        {tzdata(t, "Local", []int32{0, 3600}, 999), false},
		"other future":      {tzdata(t, "Local", []int32{0, 3600, 7200}, 1000, 5000), false},
		"other offset":      {tzdata(t, "Local", []int32{0, 3601}, 1000), false},
		"other name":        {tzdata(t, "Europe/Berlin", []int32{0, 3600}, 1000), false},
		"one zone":          {time.FixedZone("Local", 3600), false},
		"a change of none":  {tzdata(t, "Local", []int32{0, 3600, 3600}, 1000, 5000), true},
		"another to UTC":    {time.UTC, false},
		"the system's own":  {time.Local, false},
		"no change at all":  {tzdata(t, "Local", []int32{3600}), false},
		"a year without it": {tzdata(t, "Local", []int32{0, 3600, 0}, 1000, 3000), false},
	} {
		a, b := canon.Time([]byte{}, instant.In(here)), canon.Time([]byte{}, instant.In(test.there))
		if got := bytes.Equal(a, b); got != test.want {
			t.Errorf("%s: %v: %x and %x", name, got, a, b)
		}
		a, b = canon.Location([]byte{}, here), canon.Location([]byte{}, test.there)
		if got := bytes.Equal(a, b); got != test.want {
			t.Errorf("%s: locations: %v", name, got)
		}
	}
}

// TestRules tells many locations apart, more than are kept.
func TestRules(t *testing.T) {
	seen := map[canon.Rules]int32{}
	var locations []*time.Location
	for i := range int32(50) {
		locations = append(locations, tzdata(t, "Local", []int32{0, 3600}, 1000+i))
	}
	for range 2 {
		for i, loc := range locations {
			rules := canon.RulesOf(loc)
			if j, ok := seen[rules]; ok && j != int32(i) {
				t.Errorf("%d has the rules of %d", i, j)
			}
			seen[rules] = int32(i)
		}
	}
	if len(seen) != len(locations) {
		t.Errorf("%d rules of %d locations", len(seen), len(locations))
	}
}
