// Package codec turns values into bytes and back, exactly: what comes back is equal to what went
// in, with NaNs bit by bit, −0, nil apart from empty, unexported fields, time zones and pointers to
// nil pointers. Where that can't be promised, a type is refused.
//
// The bytes are CBOR (RFC 8949) that its own tools can read, but no general encoder makes them:
// those leave out what a tag or a lower-case name tells them to, take a promoted marshaler for the
// whole, lose zones, and take nil for empty where it suits them. Here a struct is a list of all its
// fields in order, a pointer that is not nil a list of one, and a type is read only into itself:
// the key sees to that, for the shape of the results is a part of it. What several pointers shared
// comes back as many copies, and a value that contains itself can't be written at all.
//
// Reading takes bytes from anybody. It does not panic, and takes memory in proportion to what it is
// given. Plans are made once a type, by reflection; all functions are safe for concurrent use.
package codec

import (
	"bytes"
	"fmt"
	"reflect"
)

// Name is what entries call this form. It changes with any change of the bytes.
const Name = "exact1"

// Append appends the stored form of what v points to. A marshaler's error or panic, a value that is
// nested over 1,000 deep or over a gigabyte long is an error.
func Append(b []byte, v reflect.Value) (_ []byte, err error) {
	defer guard(&err, "writing")
	if b == nil {
		b = make([]byte, 0, 64)
	}
	b, err = planOf(v.Type().Elem()).encode(b, v.Elem(), 0)
	if err != nil {
		return nil, fmt.Errorf("codec: %w", err)
	}
	return b, nil
}

// Decode reads what Append wrote for a value of the same type into what v points to, which must be
// zero. After an error, which is [ErrCorrupt], that is of no use.
func Decode(p []byte, v reflect.Value) (err error) {
	defer guard(&err, "reading")
	r := reader{p}
	if err := planOf(v.Type().Elem()).decode(&r, v.Elem(), 0); err != nil {
		return err
	}
	if len(r.b) > 0 {
		return corrupt("%d bytes too many", len(r.b))
	}
	return nil
}

// guard makes an error of a marshaler's panic.
func guard(err *error, doing string) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("codec: %s panicked: %v", doing, r)
	}
}

// Clone returns a copy of what v points to that shares nothing with it which could be changed. A
// pointer to it is what is returned.
func Clone(v reflect.Value) (reflect.Value, error) {
	p, err := Append(make([]byte, 0, 512), v)
	if err != nil {
		return reflect.Value{}, err
	}
	to := reflect.New(v.Type().Elem())
	return to, Decode(p, to)
}

// Shares reports whether copies of a value of type t share what could be changed: if it refers to
// anything but strings, and to more than instants, zones and addresses, which nobody can change.
func Shares(t reflect.Type) bool { return !planOf(t).flat }

// Size estimates how many bytes of memory what v points to takes, with all that it refers to. It
// looks at some thousand parts at most, and takes the rest to be like those. A type that can't be
// stored counts by itself alone.
func Size(v reflect.Value) (size int) {
	t := v.Type().Elem()
	size = int(t.Size())
	if Check(t) != nil {
		return size
	}
	defer func() { _ = recover() }()
	return size + planOf(t).size(v.Elem(), &meter{maxVisits})
}

// CheckRoundTrip returns an error unless what v points to comes back equal from its stored form: a
// user's marshaler may forget something. Equal is what an Equal method says where a type with a
// marshaler has one, and else what all fields say.
func CheckRoundTrip(v reflect.Value) (err error) {
	defer guard(&err, "comparing")
	first, err := Append([]byte{}, v)
	if err != nil {
		return err
	}
	to := reflect.New(v.Type().Elem())
	if err := Decode(first, to); err != nil {
		return err
	}
	second, err := Append([]byte{}, to)
	if err != nil {
		return err
	}
	if !bytes.Equal(first, second) {
		return fmt.Errorf("codec: a %s that was stored and read is stored differently", v.Type().Elem())
	}
	return compare(v.Elem(), to.Elem())
}
