package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrCorrupt says that bytes are no value of the type.
var ErrCorrupt = errors.New("codec: corrupt")

func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrCorrupt, fmt.Sprintf(format, args...))
}

// The major types of CBOR, and the simple values in use.
const (
	majorUint   = 0
	majorNegint = 1
	majorBytes  = 2
	majorText   = 3
	majorArray  = 4
	majorMap    = 5
	majorTag    = 6

	simpleFalse   = 0xf4
	simpleTrue    = 0xf5
	simpleNull    = 0xf6
	simpleFloat32 = 0xfa
	simpleFloat64 = 0xfb
)

// reader reads CBOR items off the front of bytes that nobody vouches for. What it returns is no
// longer than what was there.
type reader struct{ b []byte }

var errShort = fmt.Errorf("%w: it ends too soon", ErrCorrupt)

// take returns the next n bytes.
func (r *reader) take(n uint64) ([]byte, error) {
	if n > uint64(len(r.b)) {
		return nil, errShort
	}
	p := r.b[:n:n]
	r.b = r.b[n:]
	return p, nil
}

// null reads null if that is next.
func (r *reader) null() bool {
	if len(r.b) == 0 || r.b[0] != simpleNull {
		return false
	}
	r.b = r.b[1:]
	return true
}

// head reads an item's major type and its argument.
func (r *reader) head() (major byte, n uint64, err error) {
	first, err := r.take(1)
	if err != nil {
		return 0, 0, err
	}
	major, info := first[0]>>5, first[0]&31
	if info < 24 {
		return major, uint64(info), nil
	}
	if info > 27 {
		return 0, 0, corrupt("byte %#x", first[0])
	}
	p, err := r.take(1 << (info - 24))
	if err != nil {
		return 0, 0, err
	}
	var wide [8]byte
	copy(wide[8-len(p):], p)
	return major, binary.BigEndian.Uint64(wide[:]), nil
}

// expect reads a head that must be of one major type.
func (r *reader) expect(major byte) (uint64, error) {
	got, n, err := r.head()
	if err == nil && got != major {
		err = corrupt("major type %d where %d belongs", got, major)
	}
	return n, err
}

// count reads the head of an array or map and returns the number of its items, of which each takes
// a byte or more.
func (r *reader) count(major byte) (int, error) {
	n, err := r.expect(major)
	if err == nil && n > uint64(len(r.b)) {
		err = errShort
	}
	return int(min(n, math.MaxInt32)), err
}

// tuple reads the head of an array that must have n items.
func (r *reader) tuple(n int) error {
	got, err := r.expect(majorArray)
	if err == nil && got != uint64(n) {
		err = corrupt("%d items where %d belong", got, n)
	}
	return err
}

func (r *reader) bool() (bool, error) {
	p, err := r.take(1)
	switch {
	case err != nil:
		return false, err
	case p[0] == simpleTrue:
		return true, nil
	case p[0] == simpleFalse:
		return false, nil
	}
	return false, corrupt("byte %#x where a boolean belongs", p[0])
}

func (r *reader) int() (int64, error) {
	major, n, err := r.head()
	switch {
	case err != nil:
		return 0, err
	case n > math.MaxInt64 || major > majorNegint:
		return 0, corrupt("no signed integer of 64 bits")
	case major == majorNegint:
		return ^int64(n), nil
	}
	return int64(n), nil
}

func (r *reader) uint() (uint64, error) { return r.expect(majorUint) }

// float32 reads the bits of a float in four bytes.
func (r *reader) float32() (uint32, error) {
	p, err := r.take(5)
	if err != nil {
		return 0, err
	}
	if p[0] != simpleFloat32 {
		return 0, corrupt("byte %#x where a float32 belongs", p[0])
	}
	return binary.BigEndian.Uint32(p[1:]), nil
}

// float64 reads the bits of a float in eight bytes.
func (r *reader) float64() (uint64, error) {
	p, err := r.take(9)
	if err != nil {
		return 0, err
	}
	if p[0] != simpleFloat64 {
		return 0, corrupt("byte %#x where a float64 belongs", p[0])
	}
	return binary.BigEndian.Uint64(p[1:]), nil
}

// bytes reads a byte string, which shares the input's memory.
func (r *reader) bytes() ([]byte, error) {
	n, err := r.expect(majorBytes)
	if err != nil {
		return nil, err
	}
	return r.take(n)
}

// string reads a text string, or a byte string where the text is not UTF-8.
func (r *reader) string() (string, error) {
	major, n, err := r.head()
	if err != nil {
		return "", err
	}
	if major != majorText && major != majorBytes {
		return "", corrupt("major type %d where a string belongs", major)
	}
	p, err := r.take(n)
	return string(p), err
}
