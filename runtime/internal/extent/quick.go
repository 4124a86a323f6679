package extent

import (
	"reflect"
	"time"
)

// smallParts is how many parts are measured without remembering any: values with fewer are written
// out at once, shared or not.
const smallParts = 4096

// quick measures small values: it allocates nothing, and gives up soon.
type quick struct{ left int }

// size returns how much v takes when it is written out. It means nothing once nothing is left.
func (q *quick) size(v reflect.Value, depth int) (size int64) {
	if q.left--; q.left <= 0 || depth > deepest {
		q.left = 0
		return 0
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		return instant
	}
	switch v.Kind() {
	case reflect.String:
		size = head + int64(v.Len())
	case reflect.Pointer:
		if size = head; !v.IsNil() {
			size += q.size(v.Elem(), depth+1)
		}
	case reflect.Interface:
		if size = instant; !v.IsNil() {
			size += q.size(v.Elem(), depth+1)
		}
	case reflect.Slice, reflect.Array:
		size = head
		if each, ok := flat(v.Type().Elem()); ok {
			size += int64(v.Len()) * each
			break
		}
		for i := 0; i < v.Len() && q.left > 0; i++ {
			size += q.size(v.Index(i), depth+1)
		}
	case reflect.Struct:
		size = head
		n := v.NumField() // Fields would describe each
		for i := range n {
			size += q.size(v.Field(i), depth+1)
		}
	case reflect.Map:
		size = head
		for i := v.MapRange(); q.left > 0 && i.Next(); {
			size += q.size(i.Key(), depth+1) + q.size(i.Value(), depth+1)
		}
	default:
		size = 3 * head
	}
	if size > Small { // Of parts that may be shared.
		q.left = 0
	}
	return size
}
