package engine

import (
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

// TooDeep reports whether the value behind the pointer p is nested over 1,000 deep. A value that
// contains itself is.
func TooDeep(p any) bool {
	d := diver{deepest: map[point]int{}}
	return d.dive(reflect.ValueOf(p).Elem(), 0)
}

// point is where something is that can be reached on several ways.
type point struct {
	at uintptr
	t  reflect.Type
	n  int
}

// diver looks for what is too deep. It goes into a value again only if it is deeper there than
// before.
type diver struct{ deepest map[point]int }

func (d *diver) dive(v reflect.Value, depth int) bool {
	if depth > canon.MaxDepth {
		return true
	}
	switch v.Kind() {
	case reflect.Pointer:
		return !v.IsNil() && d.deeper(point{v.Pointer(), v.Type(), 1}, depth) && d.dive(v.Elem(), depth+1)
	case reflect.Interface:
		return !v.IsNil() && d.dive(v.Elem(), depth+1)
	case reflect.Slice:
		return d.deeper(point{v.Pointer(), v.Type(), v.Len()}, depth) && d.items(v, depth)
	case reflect.Array:
		return d.items(v, depth)
	case reflect.Struct:
		n := v.NumField() // Fields would describe each
		for i := range n {
			if d.dive(v.Field(i), depth+1) {
				return true
			}
		}
	case reflect.Map:
		if !d.deeper(point{v.Pointer(), v.Type(), v.Len()}, depth) {
			return false
		}
		for i := v.MapRange(); i.Next(); {
			if d.dive(i.Key(), depth+1) || d.dive(i.Value(), depth+1) {
				return true
			}
		}
	}
	return false
}

func (d *diver) items(v reflect.Value, depth int) bool {
	if flat(v.Type().Elem()) {
		return false
	}
	for i := range v.Len() {
		if d.dive(v.Index(i), depth+1) {
			return true
		}
	}
	return false
}

func (d *diver) deeper(p point, depth int) bool {
	if before, ok := d.deepest[p]; ok && before >= depth {
		return false
	}
	d.deepest[p] = depth
	return true
}
