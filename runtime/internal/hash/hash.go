// Package hash makes hashes of keys that == compares, for the memory tier: seeded, another one in
// each process, so that nobody outside can choose inputs that meet.
//
// maphash.Comparable does the same at three times the price, and takes its room in the binary for
// each type. Here what a key consists of is looked up once, and code that is compiled once goes
// through it.
package hash

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"math/bits"
	"math/rand/v2"
	"reflect"
	"unsafe"
)

// What is secret of a process.
var (
	seed           = maphash.MakeSeed()
	start, odd, is = rand.Uint64(), rand.Uint64() | 1, rand.Uint64()
)

// Bytes returns the hash of b.
func Bytes(b []byte) uint64 { return maphash.Bytes(seed, b) }

// Of returns the hash of the key at k, of the plan's type: 0 if that is not known.
func (p *Plan) Of(k unsafe.Pointer) uint64 {
	h := start
	for i := range p.parts {
		switch q := &p.parts[i]; q.kind {
		case word:
			h = mix(h^*(*uint64)(unsafe.Add(k, q.offset)), odd)
		case text:
			h = bytes(h, unsafe.StringData(*(*string)(unsafe.Add(k, q.offset))), len(*(*string)(unsafe.Add(k, q.offset))))
		case raw:
			h = bytes(h, (*byte)(unsafe.Add(k, q.offset)), int(q.size))
		case float:
			h = mix(h^math.Float64bits(*(*float64)(unsafe.Add(k, q.offset))+0), odd) // +0 makes 0 of −0
		case float4:
			h = mix(h^uint64(math.Float32bits(*(*float32)(unsafe.Add(k, q.offset))+0)), odd)
		}
	}
	return mix(h^is, odd) // all bits depend on all of the key
}

// mix is wyhash's: the two halves of a product.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// bytes mixes n bytes and their number into a hash: short ones as wyhash does, others with the hash
// of Go's maps.
func bytes(h uint64, p *byte, n int) uint64 {
	b := unsafe.Slice(p, n)
	var x, y uint64
	switch {
	case n > 16:
		return mix(h^maphash.Bytes(seed, b), odd)
	case n >= 8:
		x, y = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	case n >= 4:
		x, y = uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[n-4:]))
	case n > 0:
		x = uint64(b[0])<<16 | uint64(b[n>>1])<<8 | uint64(b[n-1])
	}
	return mix(x^is^uint64(n), y^h)
}

// Equal reports whether the keys at x and y, of the plan's type, are equal.
func (p *Plan) Equal(x, y unsafe.Pointer) bool {
	if p.parts == nil {
		return reflect.NewAt(p.key, x).Elem().Equal(reflect.NewAt(p.key, y).Elem())
	}
	for i := range p.parts {
		q := &p.parts[i]
		if !q.equal(unsafe.Add(x, q.offset), unsafe.Add(y, q.offset)) {
			return false
		}
	}
	return true
}

func (q *part) equal(x, y unsafe.Pointer) bool {
	switch q.kind {
	case word:
		return *(*uint64)(x) == *(*uint64)(y)
	case text:
		return *(*string)(x) == *(*string)(y)
	case float:
		return *(*float64)(x) == *(*float64)(y)
	case float4:
		return *(*float32)(x) == *(*float32)(y)
	}
	return string(unsafe.Slice((*byte)(x), q.size)) == string(unsafe.Slice((*byte)(y), q.size))
}
