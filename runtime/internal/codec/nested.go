package codec

import (
	"bytes"
	"fmt"
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/canon"
	"github.com/cachegen/cachegen/runtime/internal/types"
)

// pointerPlan writes null, or a list of what a pointer points to.
func pointerPlan(t reflect.Type, elem *plan) plan {
	return plan{
		encode: func(b []byte, v reflect.Value, depth int) ([]byte, error) {
			if v.IsNil() {
				return canon.Nil(b), nil
			}
			if err := room(b, depth); err != nil {
				return nil, err
			}
			return elem.encode(canon.Array(b, 1), v.Elem(), depth+1)
		},
		decode: func(r *reader, v reflect.Value, depth int) error {
			if r.null() {
				return nil
			}
			if err := room(nil, depth); err != nil {
				return corrupt("%v", err)
			}
			if err := r.tuple(1); err != nil {
				return err
			}
			p := reflect.New(t)
			v.Set(p.Convert(v.Type()))
			return elem.decode(r, p.Elem(), depth+1)
		},
		size: func(v reflect.Value, m *meter) int {
			if v.IsNil() || !m.visit() {
				return 0
			}
			return int(t.Size()) + elem.size(v.Elem(), m)
		},
	}
}

func bytesPlan() plan {
	return plan{
		encode: func(b []byte, v reflect.Value, _ int) ([]byte, error) { return canon.Bytes(b, v.Bytes()), nil },
		decode: func(r *reader, v reflect.Value, _ int) error {
			if r.null() {
				return nil
			}
			p, err := r.bytes()
			if err == nil {
				v.SetBytes(append(make([]byte, 0, len(p)), p...))
			}
			return err
		},
		size: func(v reflect.Value, _ *meter) int { return v.Len() },
	}
}

func byteArrayPlan() plan {
	return plan{
		encode: func(b []byte, v reflect.Value, _ int) ([]byte, error) { return canon.Bytes(b, v.Bytes()), nil },
		decode: func(r *reader, v reflect.Value, _ int) error {
			p, err := r.bytes()
			if err == nil && len(p) != v.Len() {
				err = corrupt("%d bytes for %s", len(p), v.Type())
			}
			if err != nil {
				return err
			}
			copy(v.Bytes(), p)
			return nil
		},
		size: nothing,
		flat: true, exact: true,
	}
}

// slicePlan writes null, or a list of elements.
func slicePlan(t reflect.Type, elem *plan) plan {
	items := arrayPlan(t, elem)
	return plan{
		encode: func(b []byte, v reflect.Value, depth int) ([]byte, error) {
			if v.IsNil() {
				return canon.Nil(b), nil
			}
			return items.encode(b, v, depth)
		},
		decode: func(r *reader, v reflect.Value, depth int) error {
			if r.null() {
				return nil
			}
			return readSlice(r, v, depth, elem)
		},
		size: func(v reflect.Value, m *meter) int {
			return v.Len()*int(t.Elem().Size()) + items.size(v, m)
		},
	}
}

// readSlice reads into a slice that grows with what is read, so that a count alone takes no memory.
func readSlice(r *reader, v reflect.Value, depth int, elem *plan) error {
	if err := room(nil, depth); err != nil {
		return corrupt("%v", err)
	}
	n, err := r.count(majorArray)
	if err != nil {
		return err
	}
	const cautious = 4096 // bytes
	size := max(int(v.Type().Elem().Size()), 1)
	v.Set(reflect.MakeSlice(v.Type(), 0, min(n, max(cautious/size, 1))))
	for i := range n {
		if i == v.Cap() {
			v.Grow(min(i, n-i))
		}
		v.SetLen(i + 1)
		if err := elem.decode(r, v.Index(i), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// arrayPlan writes a list of elements.
func arrayPlan(t reflect.Type, elem *plan) plan {
	return plan{
		encode: func(b []byte, v reflect.Value, depth int) ([]byte, error) {
			if err := room(b, depth); err != nil {
				return nil, err
			}
			b = canon.Array(b, v.Len())
			for i := range v.Len() {
				var err error
				if b, err = elem.encode(b, v.Index(i), depth+1); err != nil {
					return nil, err
				}
			}
			return b, nil
		},
		decode: func(r *reader, v reflect.Value, depth int) error {
			if err := room(nil, depth); err != nil {
				return corrupt("%v", err)
			}
			if err := r.tuple(v.Len()); err != nil {
				return err
			}
			for i := range v.Len() {
				if err := elem.decode(r, v.Index(i), depth+1); err != nil {
					return err
				}
			}
			return nil
		},
		size: func(v reflect.Value, m *meter) int {
			return m.sample(v.Len(), func(i int) int { return elem.size(v.Index(i), m) })
		},
		flat: elem.flat, exact: elem.exact,
	}
}

// mapPlan writes null, or the pairs sorted by their bytes.
func mapPlan(t reflect.Type, key, elem *plan) plan {
	return plan{
		encode: func(b []byte, v reflect.Value, depth int) ([]byte, error) {
			if v.IsNil() {
				return canon.Nil(b), nil
			}
			if err := room(b, depth); err != nil {
				return nil, err
			}
			b = canon.Map(b, v.Len())
			start, ends := len(b), make([]int, 0, v.Len())
			k, e := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
			for pairs := v.MapRange(); pairs.Next(); {
				k.SetIterKey(pairs)
				e.SetIterValue(pairs)
				var err error
				from := len(b)
				if b, err = key.encode(b, k, depth+1); err != nil {
					return nil, err
				}
				if err := comesBack(b[from:], k, depth, key); err != nil {
					return nil, err
				}
				if b, err = elem.encode(b, e, depth+1); err != nil {
					return nil, err
				}
				ends = append(ends, len(b))
			}
			return canon.SortPairs(b, start, ends), nil
		},
		decode: func(r *reader, v reflect.Value, depth int) error {
			if r.null() {
				return nil
			}
			return readMap(r, v, depth, key, elem)
		},
		size: func(v reflect.Value, m *meter) int { return m.pairs(t, v, key, elem) },
	}
}

// comesBack returns an error unless a map's key will be found under what is read from its form p:
// that a time is the same instant in a zone of the same name and rules is not enough for a map.
func comesBack(p []byte, k reflect.Value, depth int, key *plan) error {
	if key.exact || !k.Equal(k) {
		return nil
	}
	other := reflect.New(k.Type()).Elem()
	if err := key.decode(&reader{p}, other, depth+1); err != nil {
		return err
	}
	if !k.Equal(other) {
		return fmt.Errorf("a key of a map, a %s, would not be found after it was stored", k.Type())
	}
	return nil
}

// readMap reads pairs that must be in order: none twice, and no second way to write a map.
func readMap(r *reader, v reflect.Value, depth int, key, elem *plan) error {
	if err := room(nil, depth); err != nil {
		return corrupt("%v", err)
	}
	n, err := r.count(majorMap)
	if err != nil {
		return err
	}
	m := reflect.MakeMap(v.Type())
	k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
	var last []byte
	for range n {
		k.SetZero()
		e.SetZero()
		pair := r.b
		if err := key.decode(r, k, depth+1); err != nil {
			return err
		}
		if err := elem.decode(r, e, depth+1); err != nil {
			return err
		}
		pair = pair[:len(pair)-len(r.b)]
		if bytes.Compare(last, pair) > 0 {
			return corrupt("pairs of a map out of order")
		}
		m.SetMapIndex(k, e)
		last = pair
	}
	if m.Len() != n {
		return corrupt("pairs of a map with one key")
	}
	v.Set(m)
	return nil
}

// structPlan writes a list of all fields. Blank ones have no value that a program could see.
func structPlan(t reflect.Type, of func(reflect.Type) *plan) plan {
	type field struct {
		*plan
		index int
	}
	var fields []field
	flat, exact := true, true
	for i := range t.NumField() {
		if f := t.Field(i); f.Name != "_" {
			p := of(f.Type)
			fields = append(fields, field{p, i})
			flat, exact = flat && p.flat, exact && p.exact
		}
	}
	return plan{
		encode: func(b []byte, v reflect.Value, depth int) ([]byte, error) {
			if err := room(b, depth); err != nil {
				return nil, err
			}
			b = canon.Array(b, len(fields))
			for _, f := range fields {
				var err error
				if b, err = f.encode(b, types.Field(v, f.index), depth+1); err != nil {
					return nil, err
				}
			}
			return b, nil
		},
		decode: func(r *reader, v reflect.Value, depth int) error {
			if err := room(nil, depth); err != nil {
				return corrupt("%v", err)
			}
			if err := r.tuple(len(fields)); err != nil {
				return err
			}
			for _, f := range fields {
				if err := f.decode(r, types.Field(v, f.index), depth+1); err != nil {
					return err
				}
			}
			return nil
		},
		size: func(v reflect.Value, m *meter) int {
			sum := 0
			for _, f := range fields {
				sum += f.size(types.Field(v, f.index), m)
			}
			return sum
		},
		flat: flat, exact: exact,
	}
}
