package cacheimpl

import (
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

// AppendValue appends a value of a type parameter's type, which is not known when code is
// generated. By reflection, it appends the same bytes as generated code does for types that it
// knows. A value that holds a function, a channel or a lock has no encoding. For values behind
// interfaces see [AppendInterface].
func AppendValue[T any](b []byte, v T, known ...string) []byte {
	return canon.Value(b, reflect.ValueOf(&v), known...)
}

// AppendInterface appends what is behind an interface: the dynamic type (path, name and shape) and
// the value. known are the modules whose code is in the version of the function, its own first.
// What they don't declare has no encoding where it is behaviour or private, unless it is of the
// standard library or of a module with a version, which then is in the encoding.
func AppendInterface(b []byte, v any, known ...string) []byte {
	return canon.Interface(b, v, known...)
}
