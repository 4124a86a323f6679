package engine

import (
	"reflect"
)

// overhead is what an entry takes in memory besides its key and its value: what is known of each
// result, and places in a table and a queue.
const overhead = 96

// extra is what details of a result take besides: those, a place among the names, what the result
// belongs to.
const extra = 384

// sizeOf estimates how many bytes the value behind the pointer p holds on to. It looks at only some
// elements of long sequences. It counts once what is reached twice.
func sizeOf(p any) int64 {
	v := reflect.ValueOf(p).Elem()
	s := sizer{left: 1 << 12}
	return overhead + int64(v.Type().Size()) + s.behind(v)
}

// perTag is what a tag of a result takes in memory besides its text: the mark that it is watched
// by.
const perTag = 512

// weigh estimates the bytes that memory holds for a result: the value, the key and the tags, which
// must be known.
func weigh(h Held) int64 {
	size := sizeOf(h.Value()) + sizeOf(h.Keyed()) - overhead
	if !h.About().more.common {
		size += extra
	}
	for _, tag := range h.About().detail().tags {
		size += perTag + 3*int64(len(tag))
	}
	return size
}

type sizer struct {
	left int // values still to look at
	seen map[uintptr]bool
}

// behind returns the size of what v refers to, without v itself.
func (s *sizer) behind(v reflect.Value) int64 {
	if s.left--; s.left < 0 {
		return 0
	}
	switch v.Kind() {
	case reflect.String:
		return int64(v.Len())
	case reflect.Slice:
		return int64(v.Cap())*int64(v.Type().Elem().Size()) + s.elements(v)
	case reflect.Array:
		return s.elements(v)
	case reflect.Pointer:
		if v.IsNil() || !s.first(v.Pointer()) {
			return 0
		}
		return int64(v.Type().Elem().Size()) + s.behind(v.Elem())
	case reflect.Interface:
		if v.IsNil() {
			return 0
		}
		return int64(v.Elem().Type().Size()) + s.behind(v.Elem())
	case reflect.Struct:
		var size int64
		n := v.NumField() // Fields would describe each
		for i := range n {
			size += s.behind(v.Field(i))
		}
		return size
	case reflect.Map:
		return s.pairs(v)
	}
	return 0
}

// sample is how many elements of a sequence are looked at.
const sample = 64

func (s *sizer) elements(v reflect.Value) int64 {
	if flat(v.Type().Elem()) || v.Len() == 0 {
		return 0
	}
	var n int64
	k := min(v.Len(), sample)
	for i := range k {
		n += s.behind(v.Index(i * v.Len() / k))
	}
	return n * int64(v.Len()) / int64(k)
}

func (s *sizer) pairs(v reflect.Value) int64 {
	if v.Len() == 0 || !s.first(v.Pointer()) {
		return 0
	}
	n, k := int64(0), int64(0)
	for i := v.MapRange(); k < sample && i.Next(); k++ {
		n += s.behind(i.Key()) + s.behind(i.Value())
	}
	pair := v.Type().Key().Size() + v.Type().Elem().Size() + 2
	return int64(v.Len()) * (int64(pair) + n/k)
}

func (s *sizer) first(p uintptr) bool {
	if s.seen[p] {
		return false
	}
	if s.seen == nil {
		s.seen = map[uintptr]bool{}
	}
	s.seen[p] = true
	return true
}

// flat reports whether values of the type are all there is to them.
func flat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return flat(t.Elem())
	case reflect.Struct:
		for f := range t.Fields() {
			if !flat(f.Type) {
				return false
			}
		}
		return true
	case reflect.String, reflect.Slice, reflect.Pointer, reflect.Interface, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return false
	}
	return true
}
