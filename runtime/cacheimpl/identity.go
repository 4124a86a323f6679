package cacheimpl

import (
	"reflect"
	"strings"

	"github.com/cachegen/cachegen/runtime/internal/types"
)

// instantiate makes s that of a generic function for the type arguments in its types: they join its
// shape. Types are named by path, name and shape, as the name of an instantiated type is not
// unique: types that are local to functions print alike.
func (s *Spec) instantiate(list ...reflect.Type) {
	var b strings.Builder
	b.WriteString(s.Shape)
	for _, p := range s.TypeArgs {
		list = append(list, reflect.TypeOf(p).Elem())
	}
	for _, t := range list {
		b.WriteByte('\n')
		types.Identify(&b, t)
	}
	s.Shape = b.String()
}
