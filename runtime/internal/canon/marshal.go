package canon

import (
	"encoding"
	"fmt"
)

// Keyer is a type that appends its own canonical encoding, and returns nil if it has none.
type Keyer interface {
	AppendCacheKey(b []byte) []byte
}

// CBORMarshaler is a type with its own CBOR form, as fxamacker/cbor knows it.
type CBORMarshaler interface {
	MarshalCBOR() ([]byte, error)
}

// Marshaled appends what a marshaler returned, as a byte string. With an error there is no
// encoding.
func Marshaled(b, p []byte, err error) []byte {
	if b == nil || err != nil {
		return nil
	}
	return append(head(b, majorBytes, uint64(len(p))), p...)
}

// Own appends what v appends to an empty buffer, as a byte string: a user's encoding need not
// delimit itself.
func Own(b []byte, v Keyer) []byte {
	if b == nil {
		return nil
	}
	own := func(room int) ([]byte, error) {
		return guard(func() ([]byte, error) { return v.AppendCacheKey(make([]byte, 0, room)), nil })
	}
	p, err := own(64)
	if room := cap(b) - len(b); p == nil && room > Small {
		p, err = own(room)
	}
	if p == nil {
		return nil
	}
	return Marshaled(b, p, err)
}

// Binary appends v's binary form.
func Binary(b []byte, v encoding.BinaryMarshaler) []byte {
	if b == nil {
		return nil
	}
	p, err := guard(v.MarshalBinary)
	return Marshaled(b, p, err)
}

// CBOR appends v's CBOR form.
func CBOR(b []byte, v CBORMarshaler) []byte {
	if b == nil {
		return nil
	}
	p, err := guard(v.MarshalCBOR)
	return Marshaled(b, p, err)
}

// Text appends v's text form.
func Text(b []byte, v encoding.TextMarshaler) []byte {
	if b == nil {
		return nil
	}
	p, err := guard(v.MarshalText)
	return Marshaled(b, p, err)
}

// guard makes an error of a marshaler's panic: a key that can't be made bypasses the cache, it does
// not end the program.
func guard(marshal func() ([]byte, error)) (p []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, fmt.Errorf("canon: marshaler panicked: %v", r)
		}
	}()
	return marshal()
}
