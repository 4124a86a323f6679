package cacheimpl

import (
	"encoding"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/canon"
)

// The functions below append the canonical encoding of a value to b, in deterministic CBOR. Two
// values of one type have the same bytes exactly if the cache takes them for equal (see
// docs/reference/types.md). Generated AppendCacheKey methods call these functions, and hand-written
// ones can.
//
// All follow one rule: a nil b stands for a value that has no encoding, and stays nil. So the first
// buffer must not be nil, and one check at the end is enough. A pointer that is not nil is a
// sequence of one item:
//
//	if p == nil {
//		b = cacheimpl.AppendNil(b)
//	} else {
//		b = cacheimpl.AppendInt(cacheimpl.AppendArray(b, 1), int64(*p))
//	}
//
// Basic types allocate nothing while b has room.

// MaxDepth bounds the depth of a value. A deeper value has no encoding. Code that follows a
// recursive type counts the levels.
const MaxDepth = canon.MaxDepth

// AppendNil appends the encoding of nil, which differs from every empty value.
func AppendNil(b []byte) []byte { return canon.Nil(b) }

// AppendBool appends a boolean.
func AppendBool(b []byte, v bool) []byte { return canon.Bool(b, v) }

// AppendInt appends a signed integer of any width.
func AppendInt(b []byte, v int64) []byte { return canon.Int(b, v) }

// AppendUint appends an unsigned integer of any width.
func AppendUint(b []byte, v uint64) []byte { return canon.Uint(b, v) }

// AppendFloat32 appends a float by its bits. All NaNs are equal, and −0 is not 0.
func AppendFloat32(b []byte, v float32) []byte { return canon.Float32(b, v) }

// AppendFloat64 appends a float by its bits. All NaNs are equal, and −0 is not 0.
func AppendFloat64(b []byte, v float64) []byte { return canon.Float64(b, v) }

// AppendComplex64 appends two floats.
func AppendComplex64(b []byte, v complex64) []byte { return canon.Complex64(b, v) }

// AppendComplex128 appends two floats.
func AppendComplex128(b []byte, v complex128) []byte { return canon.Complex128(b, v) }

// AppendString appends a string, valid UTF-8 or not.
func AppendString(b []byte, v string) []byte { return canon.String(canon.Room(b, len(v)), v) }

// AppendBytes appends a slice of bytes. Nil and empty differ. It is for arrays of bytes too.
func AppendBytes(b, v []byte) []byte { return canon.Bytes(canon.Room(b, len(v)), v) }

// AppendArray appends the head of a sequence. Its n items must follow. Sequences are slices and
// pointers that are not nil, arrays, and structs with one item for each field.
func AppendArray(b []byte, n int) []byte { return canon.Array(canon.Room(b, n), n) }

// AppendMap appends the head of a map that is not nil. Its n pairs must follow in any order, each
// key before its value, and then a call of [AppendSortedPairs]:
//
//	b = cacheimpl.AppendMap(b, len(m))
//	start, ends := len(b), make([]int, 0, 16)
//	for k, v := range m {
//		b = cacheimpl.AppendInt(cacheimpl.AppendString(b, k), int64(v))
//		ends = append(ends, len(b))
//	}
//	b = cacheimpl.AppendSortedPairs(b, start, ends)
func AppendMap(b []byte, n int) []byte { return canon.Map(canon.Room(b, n), n) }

// AppendSortedPairs completes a map that [AppendMap] began. It sorts the pairs in b from start on,
// in place. ends are the offsets in b at which the pairs end. Up to 32 pairs of 512 bytes together
// cost no allocation.
func AppendSortedPairs(b []byte, start int, ends []int) []byte {
	return canon.SortPairs(b, start, ends)
}

// AppendTime appends an instant and its location, without a monotonic reading. A location counts by
// its name and its rules, so the Local of two machines differs if their zones do.
func AppendTime(b []byte, t time.Time) []byte { return canon.Time(b, t) }

// AppendFile appends the digest of the content of the file at f. A file that can't be read has no
// encoding.
func AppendFile(b []byte, f cache.File) []byte { return canon.Own(b, f) }

// AppendKeyer appends v's own encoding. v must not be a nil pointer, unless its method takes one.
// If the method panics, v has no encoding. That goes for the marshalers below too.
func AppendKeyer(b []byte, v interface{ AppendCacheKey(b []byte) []byte }) []byte {
	return canon.Own(b, v)
}

// AppendBinary appends v's binary form.
func AppendBinary(b []byte, v encoding.BinaryMarshaler) []byte { return canon.Binary(b, v) }

// AppendCBOR appends v's CBOR form.
func AppendCBOR(b []byte, v interface{ MarshalCBOR() ([]byte, error) }) []byte {
	return canon.CBOR(b, v)
}

// AppendText appends v's text form.
func AppendText(b []byte, v encoding.TextMarshaler) []byte { return canon.Text(b, v) }

// AppendMarshaled appends the bytes that another marshaler returned. After an error the value has
// no encoding.
func AppendMarshaled(b, p []byte, err error) []byte { return canon.Marshaled(b, p, err) }
