package cacheimpl

import (
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

// AppendValue appends a value of a type that is not known when code is generated: a type parameter's. It does by reflection what
// generated code does for types that it knows, with the same bytes. A value that reaches behaviour (an interface, a function, a
// channel, a lock) has no encoding.
func AppendValue[T any](b []byte, v T) []byte { return canon.Value(b, reflect.ValueOf(&v)) }
