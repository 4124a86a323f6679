package canon

import (
	"encoding/binary"
	"math"
	"unicode/utf8"
)

// The major types of CBOR, and the simple values in use.
const (
	majorUint   = 0 << 5
	majorNegint = 1 << 5
	majorBytes  = 2 << 5
	majorText   = 3 << 5
	majorArray  = 4 << 5
	majorMap    = 5 << 5
	majorTag    = 6 << 5

	simpleFalse   = 0xf4
	simpleTrue    = 0xf5
	simpleNull    = 0xf6
	simpleFloat32 = 0xfa
	simpleFloat64 = 0xfb
)

// The one NaN of each width that stands for all.
const (
	nan32 = 0x7fc00000
	nan64 = 0x7ff8000000000000
)

// head appends an item's first byte and its argument in the shortest form.
func head(b []byte, major byte, n uint64) []byte {
	switch {
	case b == nil:
		return nil
	case n < 24:
		return append(b, major|byte(n))
	case n <= math.MaxUint8:
		return append(b, major|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, major|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, major|26), uint32(n))
	default:
		return binary.BigEndian.AppendUint64(append(b, major|27), n)
	}
}

// Nil appends null.
func Nil(b []byte) []byte {
	if b == nil {
		return nil
	}
	return append(b, simpleNull)
}

// Bool appends a boolean.
func Bool(b []byte, v bool) []byte {
	switch {
	case b == nil:
		return nil
	case v:
		return append(b, simpleTrue)
	default:
		return append(b, simpleFalse)
	}
}

// Int appends a signed integer.
func Int(b []byte, v int64) []byte {
	if v < 0 {
		return head(b, majorNegint, uint64(^v))
	}
	return head(b, majorUint, uint64(v))
}

// Uint appends an unsigned integer.
func Uint(b []byte, v uint64) []byte { return head(b, majorUint, v) }

// Float32 appends a float in four bytes.
func Float32(b []byte, v float32) []byte {
	if b == nil {
		return nil
	}
	bits := math.Float32bits(v)
	if v != v {
		bits = nan32
	}
	return binary.BigEndian.AppendUint32(append(b, simpleFloat32), bits)
}

// Float64 appends a float in eight bytes.
func Float64(b []byte, v float64) []byte {
	if b == nil {
		return nil
	}
	bits := math.Float64bits(v)
	if v != v {
		bits = nan64
	}
	return binary.BigEndian.AppendUint64(append(b, simpleFloat64), bits)
}

// Complex64 appends the real and the imaginary part.
func Complex64(b []byte, v complex64) []byte {
	return Float32(Float32(Array(b, 2), real(v)), imag(v))
}

// Complex128 appends the real and the imaginary part.
func Complex128(b []byte, v complex128) []byte {
	return Float64(Float64(Array(b, 2), real(v)), imag(v))
}

// String appends a text string, or a byte string if v is not UTF-8: CBOR text must be.
func String(b []byte, v string) []byte {
	major := byte(majorText)
	if !utf8.ValidString(v) {
		major = majorBytes
	}
	if b = head(b, major, uint64(len(v))); b == nil {
		return nil
	}
	return append(b, v...)
}

// Bytes appends a byte string, or null for a nil slice.
func Bytes(b, v []byte) []byte {
	if v == nil {
		return Nil(b)
	}
	if b = head(b, majorBytes, uint64(len(v))); b == nil {
		return nil
	}
	return append(b, v...)
}

// Array appends the head of a sequence; its n items follow.
func Array(b []byte, n int) []byte { return head(b, majorArray, uint64(n)) }

// Map appends the head of a map; its n pairs follow, and then a call of [SortPairs].
func Map(b []byte, n int) []byte { return head(b, majorMap, uint64(n)) }
