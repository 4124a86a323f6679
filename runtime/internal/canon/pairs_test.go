package canon_test

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

// TestSortPairs compares with sorting copies, for pairs few and many, short and long.
func TestSortPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.SliceOfN(rapid.Byte(), 0, 3).Draw(t, "before")
		pairs := rapid.SliceOfN(rapid.SliceOfN(rapid.ByteRange(0, 2), 1, 40), 0, 70).Draw(t, "pairs")
		b, want := append([]byte{}, before...), append([]byte{}, before...)
		var ends []int
		for _, p := range pairs {
			b = append(b, p...)
			ends = append(ends, len(b))
		}
		b = canon.SortPairs(b, len(before), ends)
		slices.SortFunc(pairs, bytes.Compare)
		if want = append(want, bytes.Join(pairs, nil)...); !bytes.Equal(b, want) {
			t.Fatalf("%x, want %x", b, want)
		}
	})
}

func TestNil(t *testing.T) {
	for name, b := range map[string][]byte{
		"Nil": canon.Nil(nil), "Bool": canon.Bool(nil, true), "Int": canon.Int(nil, 1), "Uint": canon.Uint(nil, 1),
		"Float32": canon.Float32(nil, 1), "Float64": canon.Float64(nil, 1), "Complex64": canon.Complex64(nil, 1),
		"Complex128": canon.Complex128(nil, 1),
		"String":     canon.String(nil, "a"), "Bytes": canon.Bytes(nil, []byte{1}), "no bytes": canon.Bytes(nil, nil),
		"Array": canon.Array(nil, 1), "Map": canon.Map(nil, 1),
		"SortPairs": canon.SortPairs(nil, 0, []int{1, 2}), "Time": canon.Time(nil, monotonic),
		"Location": canon.Location(nil, monotonic.Location()),
		"Own":      canon.Own(nil, shout("a")), "Binary": canon.Binary(nil, &celsius{}), "CBOR": canon.CBOR(nil, token{"a"}),
		"Marshaled": canon.Marshaled(nil, []byte{1}, nil), "Message": canon.Message(nil, 1),
		"BigInt": canon.BigInt(nil, power(99)), "URL": canon.URL(nil, address("a")),
	} {
		if b != nil {
			t.Errorf("%s: %x", name, b)
		}
	}
}
