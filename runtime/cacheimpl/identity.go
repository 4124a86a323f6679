package cacheimpl

import (
	"reflect"
	"strings"

	"github.com/cachegen/cachegen/runtime/internal/types"
)

// instantiate returns the spec of a generic function for the type arguments in A: they join its
// shape. Types are named by path, name and shape, as the name of an instantiated type is not
// unique: types that are local to functions print alike.
func instantiate[A Args, V any](spec Spec[A, V]) Spec[A, V] {
	var b strings.Builder
	b.WriteString(spec.Shape)
	list := []reflect.Type{reflect.TypeFor[A](), reflect.TypeFor[V]()}
	for _, p := range spec.TypeArgs {
		list = append(list, reflect.TypeOf(p).Elem())
	}
	for _, t := range list {
		b.WriteByte('\n')
		types.Identify(&b, t)
	}
	spec.Shape = b.String()
	return spec
}
