package target

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/codec"
)

// Format is how a result is written, called as the ending of its path.
type Format string

const (
	// JSON is encoding/json's, indented.
	JSON Format = ".json"
	// Text is a string or a slice of bytes as it is, or what MarshalText returns.
	Text Format = ".txt"
	// CBOR is this runtime's own exact form, for every result that can be stored. It knows fields
	// by their order, not by their names: a type whose fields are put into another order takes old
	// files for something else.
	CBOR Format = ".cbor"
	// Binary is a slice of bytes as it is, or what MarshalBinary returns.
	Binary Format = ".bin"
)

// Formats are all formats.
var Formats = []Format{JSON, Text, CBOR, Binary}

// form is how values of a type are written in a format. Values are what their pointers point to.
type form struct {
	encode func(reflect.Value) ([]byte, error)
	decode func([]byte, reflect.Value) error
}

// Check returns an error if no value of type t can be written in the format.
func (f Format) Check(t reflect.Type) error {
	_, err := f.form(t)
	return err
}

// Encode returns what v points to in the format. It is an error if it would not come back as it is.
func (f Format) Encode(v reflect.Value) (data []byte, err error) {
	defer guard(&err)
	form, err := f.form(v.Type().Elem())
	if err != nil {
		return nil, err
	}
	if data, err = form.encode(v); err != nil {
		return nil, fmt.Errorf("target: %s: %w", f, err)
	}
	back := reflect.New(v.Type().Elem())
	if err := form.decode(data, back); err != nil {
		return nil, fmt.Errorf("target: %s: reading back: %w", f, err)
	}
	if same, err := equal(v, back); !same {
		return nil, errors.Join(fmt.Errorf("target: a %s does not come back from %s as it was", v.Type().Elem(), f), err)
	}
	return data, nil
}

// Decode reads data into what v points to, which must be zero.
func (f Format) Decode(data []byte, v reflect.Value) (err error) {
	defer guard(&err)
	form, err := f.form(v.Type().Elem())
	if err != nil {
		return err
	}
	if err := form.decode(data, v); err != nil {
		return fmt.Errorf("target: %s: %w", f, err)
	}
	return nil
}

// guard makes an error of a marshaler's panic.
func guard(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("target: marshaler panicked: %v", v)
	}
}

// equal compares what v and w point to as the cache does, by their exact forms.
func equal(v, w reflect.Value) (bool, error) {
	a, err := codec.Append(nil, v)
	if err != nil {
		return false, err
	}
	b, err := codec.Append(nil, w)
	return err == nil && bytes.Equal(a, b), err
}

func (f Format) form(t reflect.Type) (form, error) {
	if err := codec.Check(t); err != nil {
		return form{}, err
	}
	switch f {
	case JSON:
		return form{encodeJSON, decodeJSON}, nil
	case CBOR:
		return form{func(v reflect.Value) ([]byte, error) { return codec.Append(nil, v) }, codec.Decode}, nil
	case Text:
		if implements[encoding.TextMarshaler, encoding.TextUnmarshaler](t) {
			return marshaled(encoding.TextMarshaler.MarshalText, encoding.TextUnmarshaler.UnmarshalText), nil
		}
		if t.Kind() == reflect.String {
			return form{encodeString, decodeString}, nil
		}
	case Binary:
		if implements[encoding.BinaryMarshaler, encoding.BinaryUnmarshaler](t) {
			return marshaled(encoding.BinaryMarshaler.MarshalBinary, encoding.BinaryUnmarshaler.UnmarshalBinary), nil
		}
	}
	if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 && f != JSON {
		return form{encodeBytes, decodeBytes}, nil
	}
	return form{}, fmt.Errorf("target: a %s has no form that ends in %s", t, f)
}

// implements reports whether *t has the methods of M and U.
func implements[M, U any](t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[M]()) && p.Implements(reflect.TypeFor[U]())
}

func marshaled[M, U any](marshal func(M) ([]byte, error), unmarshal func(U, []byte) error) form {
	return form{
		encode: func(v reflect.Value) ([]byte, error) { return marshal(v.Interface().(M)) },
		decode: func(data []byte, v reflect.Value) error { return unmarshal(v.Interface().(U), data) },
	}
}

func encodeJSON(v reflect.Value) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v.Interface())
	return b.Bytes(), err
}

// decodeJSON refuses fields that the type does not have: they are the sign of a file that holds
// something else.
func decodeJSON(data []byte, v reflect.Value) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v.Interface()); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more than one value")
	}
	return nil
}

func encodeString(v reflect.Value) ([]byte, error) { return []byte(v.Elem().String()), nil }

func decodeString(data []byte, v reflect.Value) error {
	v.Elem().SetString(string(data))
	return nil
}

func encodeBytes(v reflect.Value) ([]byte, error) {
	if v.Elem().IsNil() {
		return nil, errors.New("a nil slice would come back empty")
	}
	return bytes.Clone(v.Elem().Bytes()), nil
}

func decodeBytes(data []byte, v reflect.Value) error {
	v.Elem().SetBytes(append([]byte{}, data...))
	return nil
}
