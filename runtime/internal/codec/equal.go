package codec

import (
	"bytes"
	"fmt"
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/canon"
	"github.com/cachegen/cachegen/runtime/internal/types"
)

// compare returns an error that names the first part in which x and y, addressable values of one
// type, differ.
func compare(x, y reflect.Value) error {
	c := comparison{seen: map[[2]uintptr]bool{}}
	if path, ok := c.equal(x, y, x.Type().String()); !ok {
		return fmt.Errorf("codec: %s is lost when stored", path)
	}
	return nil
}

// comparison is of values that hold the same if they mean the same: it looks into what marshalers
// hide, and passes over locks. What they hide may contain itself: seen are the pointers that are
// being compared already, depth is for the rest.
type comparison struct {
	seen  map[[2]uintptr]bool
	depth int
	// indexed has paths say which item differs. floats says which floats are equal; nil: those with
	// the same bits.
	indexed bool
	floats  func(x, y float64) bool
	// x and y are what differs, once something was found that does.
	x, y reflect.Value
}

// equal returns true, or the path to a difference.
func (c *comparison) equal(x, y reflect.Value, path string) (where string, same bool) {
	defer func() {
		if !same && !c.x.IsValid() {
			c.x, c.y = x, y
		}
	}()
	c.depth++
	defer func() { c.depth-- }()
	if c.depth > 2*canon.MaxDepth {
		return path, false
	}
	t := x.Type()
	_, isKnown := known[t]
	form := types.StoredForm(t)
	switch {
	case isKnown || form == types.Message:
		return path, sameBytes(x, y)
	case form == types.Binary || form == types.CBOR:
		if same, ok := callEqual(x, y); ok {
			return path, same
		}
	case form == types.Refused && t.Kind() == reflect.Struct:
		return "", true
	}
	return c.byKind(x, y, path)
}

func (c *comparison) byKind(x, y reflect.Value, path string) (string, bool) {
	switch x.Kind() {
	case reflect.Pointer:
		return c.pointers(x, y, path)
	case reflect.Slice:
		if x.IsNil() != y.IsNil() || x.Len() != y.Len() {
			return path, false
		}
		return c.items(x, y, path)
	case reflect.Array:
		return c.items(x, y, path)
	case reflect.Map:
		return c.maps(x, y, path)
	case reflect.Struct:
		for i := range x.NumField() {
			name := x.Type().Field(i).Name
			if name == "_" {
				continue
			}
			if path, ok := c.equal(types.Field(x, i), types.Field(y, i), path+"."+name); !ok {
				return path, false
			}
		}
		return "", true
	case reflect.Interface:
		if x.IsNil() || y.IsNil() || x.Elem().Type() != y.Elem().Type() {
			return path, x.IsNil() && y.IsNil()
		}
		return c.equal(addressable(x.Elem()), addressable(y.Elem()), path)
	case reflect.Float32, reflect.Float64:
		return path, sameBytes(x, y) || c.floats != nil && c.floats(x.Float(), y.Float())
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return path, x.IsNil() && y.IsNil()
	}
	return path, sameBytes(x, y)
}

func (c *comparison) pointers(x, y reflect.Value, path string) (string, bool) {
	if x.IsNil() || y.IsNil() {
		return path, x.IsNil() && y.IsNil()
	}
	pair := [2]uintptr{x.Pointer(), y.Pointer()}
	if c.seen[pair] {
		return "", true
	}
	c.seen[pair] = true
	return c.equal(x.Elem(), y.Elem(), path)
}

func (c *comparison) items(x, y reflect.Value, path string) (string, bool) {
	for i := range x.Len() {
		if path, ok := c.equal(x.Index(i), y.Index(i), c.item(path, i)); !ok {
			return path, false
		}
	}
	return "", true
}

// item returns the path of an item: a number, or the key of a map.
func (c *comparison) item(path string, at any) string {
	if !c.indexed {
		return path + "[]"
	}
	if key, ok := at.(reflect.Value); ok {
		return path + "[" + render(key) + "]"
	}
	return fmt.Sprintf("%s[%d]", path, at)
}

// maps compares the values of maps by key. A NaN finds none; the bytes have told.
func (c *comparison) maps(x, y reflect.Value, path string) (string, bool) {
	if x.IsNil() != y.IsNil() || x.Len() != y.Len() {
		return path, false
	}
	for iter := x.MapRange(); iter.Next(); {
		other := y.MapIndex(iter.Key())
		if !iter.Key().Equal(iter.Key()) {
			continue
		}
		if !other.IsValid() {
			return path, false
		}
		if path, ok := c.equal(addressable(iter.Value()), addressable(other), c.item(path, iter.Key())); !ok {
			return path, false
		}
	}
	return "", true
}

func sameBytes(x, y reflect.Value) bool {
	p := planOf(x.Type())
	a, err := p.encode([]byte{}, x, 0)
	if err != nil {
		return false
	}
	b, err := p.encode([]byte{}, y, 0)
	return err == nil && bytes.Equal(a, b)
}

// callEqual calls x's method Equal(T) bool, as go-cmp does, and reports whether it has one.
func callEqual(x, y reflect.Value) (same, ok bool) {
	m := x.Addr().MethodByName("Equal")
	if !m.IsValid() {
		return false, false
	}
	t := m.Type()
	if t.NumIn() != 1 || t.NumOut() != 1 || t.Out(0).Kind() != reflect.Bool || t.IsVariadic() {
		return false, false
	}
	switch t.In(0) {
	case y.Type():
	case y.Addr().Type():
		y = y.Addr()
	default:
		return false, false
	}
	return m.Call([]reflect.Value{y})[0].Bool(), true
}

// addressable returns a copy of v that is.
func addressable(v reflect.Value) reflect.Value {
	p := reflect.New(v.Type()).Elem()
	p.Set(v)
	return p
}
