// Package types says by reflection about types what the generator says about them from their
// source: which methods stand for a value, what can have neither a key nor a stored form, and how a
// type is told from others.
package types

import (
	"encoding"
	"reflect"
)

// Form is what stands for the values of a type.
type Form uint8

// The forms. ByKind takes a value by its kind: a struct is its fields, a slice its elements.
const (
	ByKind  Form = iota
	Own          // AppendCacheKey
	Binary       // MarshalBinary and, where values are stored, UnmarshalBinary
	CBOR         // MarshalCBOR and, where values are stored, UnmarshalCBOR
	Message      // a protobuf message: what was registered for those
	Refused      // no form: behaviour, identity or a lock
)

type (
	keyer           interface{ AppendCacheKey(b []byte) []byte }
	cborMarshaler   interface{ MarshalCBOR() ([]byte, error) }
	cborUnmarshaler interface{ UnmarshalCBOR(p []byte) error }
)

var (
	keyerType             = reflect.TypeFor[keyer]()
	binaryMarshalerType   = reflect.TypeFor[encoding.BinaryMarshaler]()
	binaryUnmarshalerType = reflect.TypeFor[encoding.BinaryUnmarshaler]()
	cborMarshalerType     = reflect.TypeFor[cborMarshaler]()
	cborUnmarshalerType   = reflect.TypeFor[cborUnmarshaler]()
)

// InputForm returns what stands for values of type t in a key.
func InputForm(t reflect.Type) Form {
	switch {
	case declares(t, has(keyerType)):
		return Own
	case refused(t):
		return Refused
	case byteArray(t):
		return ByKind
	case declares(t, message):
		return Message
	case declares(t, has(binaryMarshalerType)):
		return Binary
	case declares(t, has(cborMarshalerType)):
		return CBOR
	}
	return ByKind
}

// StoredForm returns what stands for values of type t in a store.
func StoredForm(t reflect.Type) Form {
	switch {
	case refused(t):
		return Refused
	case byteArray(t):
		return ByKind
	case declares(t, message):
		return Message
	case declares(t, has(binaryMarshalerType)) && declares(t, has(binaryUnmarshalerType)):
		return Binary
	case declares(t, has(cborMarshalerType)) && declares(t, has(cborUnmarshalerType)):
		return CBOR
	}
	return ByKind
}

// declares reports whether t or *t has a method by its own declaration. A method that an embedded
// field has too may be the embedded one's, which knows only a part of the value; reflection can't
// tell, so it never counts.
func declares(t reflect.Type, has func(reflect.Type) bool) bool {
	if t.Kind() == reflect.Interface || t.Kind() == reflect.Pointer || t.Name() == "" || !has(reflect.PointerTo(t)) {
		return false
	}
	if t.Kind() != reflect.Struct {
		return true
	}
	for f := range t.Fields() {
		if f.Anonymous && (has(f.Type) || has(reflect.PointerTo(f.Type))) {
			return false
		}
	}
	return true
}

func has(method reflect.Type) func(reflect.Type) bool {
	return func(t reflect.Type) bool { return t.Implements(method) }
}

// message reports whether t is a pointer to a protobuf message, or an embedded one.
func message(t reflect.Type) bool {
	_, ok := t.MethodByName("ProtoReflect")
	return ok
}

// byteArray reports whether t is an array of bytes, such as a UUID: the bytes say all, whatever
// methods it has.
func byteArray(t reflect.Type) bool { return t.Kind() == reflect.Array && IsByte(t.Elem()) }

// IsByte reports whether t is byte itself, of which sequences are strings of bytes.
func IsByte(t reflect.Type) bool { return t == reflect.TypeFor[byte]() }

// refused reports whether values of type t are behaviour, or have an identity that a copy would
// lose.
func refused(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return true
	}
	switch t.PkgPath() {
	case "sync", "sync/atomic", "internal/sync", "reflect", "context", "weak", "unique", "hash/maphash":
		return true
	case "time":
		return t.Name() == "Location" || t.Name() == "Timer" || t.Name() == "Ticker"
	case "strings":
		return t.Name() == "Builder" || t.Name() == "Reader"
	case "bytes":
		return t.Name() == "Buffer" || t.Name() == "Reader"
	}
	return false
}

// Field returns field i of the addressable struct v, as if it were exported. Reflection guards
// unexported fields from outsiders of a package; a cache keeps and restores whole values as
// assignment does, which copies unexported fields too. The memory is v's own and of the field's
// type, so this is as safe as v.Field(i) is.
func Field(v reflect.Value, i int) reflect.Value {
	f := v.Field(i)
	if f.CanSet() {
		return f
	}
	return reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Elem()
}
