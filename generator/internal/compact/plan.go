package compact

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
)

// plan is how values of a type are written and read.
type plan struct {
	write func(w *writer, v reflect.Value)
	read  func(r *reader, v reflect.Value)
}

// planner makes plans. That of a type which contains itself is there before it is complete.
type planner map[reflect.Type]*plan

func (plans planner) plan(t reflect.Type) *plan {
	if p := plans[t]; p != nil {
		return p
	}
	p := new(plan)
	plans[t] = p
	switch t.Kind() {
	case reflect.Bool:
		p.write, p.read = writeBool, func(r *reader, v reflect.Value) { v.SetBool(r.count() == 1) }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.write = func(w *writer, v reflect.Value) { w.data = binary.AppendVarint(w.data, v.Int()) }
		p.read = readInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		p.write = func(w *writer, v reflect.Value) { w.count(v.Uint()) }
		p.read = func(r *reader, v reflect.Value) { v.SetUint(r.count()) }
	case reflect.String:
		p.write = writeText
		p.read = func(r *reader, v reflect.Value) { v.SetString(r.text()) }
	case reflect.Array:
		array(p, t)
	case reflect.Slice:
		plans.slice(p, t)
	case reflect.Map:
		plans.mapping(p, t)
	case reflect.Pointer:
		plans.pointer(p, t)
	case reflect.Struct:
		plans.structure(p, t)
	default:
		panic(fmt.Sprintf("compact: %v is no plain data", t))
	}
	return p
}

func writeBool(w *writer, v reflect.Value) {
	if v.Bool() {
		w.count(1)
	} else {
		w.count(0)
	}
}

func readInt(r *reader, v reflect.Value) {
	n, size := binary.Varint(r.data)
	if size <= 0 {
		r.fail("number is cut off")
	}
	r.data = r.data[size:]
	v.SetInt(n)
}

var textType = reflect.TypeFor[string]()

func writeText(w *writer, v reflect.Value) {
	s := v.String()
	if !w.again(textType, s) {
		w.count(uint64(len(s)))
		w.data = append(w.data, s...)
	}
}

// array is for arrays of bytes, which are digests: many are the same.
func array(p *plan, t reflect.Type) {
	if t.Elem().Kind() != reflect.Uint8 {
		panic(fmt.Sprintf("compact: %v is no array of bytes", t))
	}
	p.write = func(w *writer, v reflect.Value) {
		if w.again(t, v.Interface()) {
			return
		}
		for i := range v.Len() {
			w.data = append(w.data, byte(v.Index(i).Uint()))
		}
	}
	p.read = func(r *reader, v reflect.Value) {
		table := r.table(t)
		if n := r.count(); n > 0 {
			v.Set(r.known(table, n))
			return
		}
		a := reflect.New(t).Elem()
		reflect.Copy(a, reflect.ValueOf(r.bytes(t.Len())))
		*table = append(*table, a)
		v.Set(a)
	}
}

func (plans planner) slice(p *plan, t reflect.Type) {
	if t.Elem().Kind() == reflect.Uint8 {
		p.write = func(w *writer, v reflect.Value) {
			w.count(uint64(v.Len()))
			w.data = append(w.data, v.Bytes()...)
		}
		p.read = func(r *reader, v reflect.Value) { v.SetBytes(slices.Clone(r.bytes(r.length()))) }
		return
	}
	elem := plans.plan(t.Elem())
	p.write = func(w *writer, v reflect.Value) {
		w.count(uint64(v.Len()))
		for i := range v.Len() {
			elem.write(w, v.Index(i))
		}
	}
	p.read = func(r *reader, v reflect.Value) {
		n := r.length()
		s := reflect.MakeSlice(t, n, n)
		for i := range n {
			elem.read(r, s.Index(i))
		}
		v.Set(s)
	}
}

// mapping is for maps with texts as keys.
func (plans planner) mapping(p *plan, t reflect.Type) {
	if t.Key().Kind() != reflect.String {
		panic(fmt.Sprintf("compact: keys of %v are no texts", t))
	}
	elem := plans.plan(t.Elem())
	p.write = func(w *writer, v reflect.Value) {
		w.count(uint64(v.Len()))
		keys := make(map[string]reflect.Value, v.Len())
		var names []string
		for _, key := range v.MapKeys() {
			keys[key.String()] = key
			names = append(names, key.String())
		}
		slices.Sort(names)
		for _, name := range names {
			writeText(w, keys[name])
			elem.write(w, v.MapIndex(keys[name]))
		}
	}
	p.read = func(r *reader, v reflect.Value) {
		n := r.length()
		m := reflect.MakeMapWithSize(t, n)
		key := reflect.New(t.Key()).Elem()
		value := reflect.New(t.Elem()).Elem()
		for range n {
			key.SetString(r.text())
			value.SetZero()
			elem.read(r, value)
			m.SetMapIndex(key, value)
		}
		v.Set(m)
	}
}

// pointer is for pointers that are not nil but in a field of a struct.
func (plans planner) pointer(p *plan, t reflect.Type) {
	elem := plans.plan(t.Elem())
	p.write = func(w *writer, v reflect.Value) {
		if v.IsNil() {
			panic("compact: nil pointer in a slice or map")
		}
		if !w.again(t, v.Pointer()) {
			elem.write(w, v.Elem())
		}
	}
	p.read = func(r *reader, v reflect.Value) {
		table := r.table(t)
		if n := r.count(); n > 0 {
			v.Set(r.known(table, n))
			return
		}
		target := reflect.New(t.Elem())
		*table = append(*table, target)
		elem.read(r, target.Elem())
		v.Set(target)
	}
}

// structure writes the fields that are not zero, after bits that say which.
func (plans planner) structure(p *plan, t reflect.Type) {
	type field struct {
		index int
		plan  *plan
	}
	var fields []field
	for i := range t.NumField() {
		if t.Field(i).IsExported() {
			fields = append(fields, field{i, plans.plan(t.Field(i).Type)})
		}
	}
	if len(fields) > 64 {
		panic(fmt.Sprintf("compact: %v has too many fields", t))
	}
	p.write = func(w *writer, v reflect.Value) {
		var present uint64
		for i, f := range fields {
			if !v.Field(f.index).IsZero() {
				present |= 1 << i
			}
		}
		w.count(present)
		for i, f := range fields {
			if present&(1<<i) != 0 {
				f.plan.write(w, v.Field(f.index))
			}
		}
	}
	p.read = func(r *reader, v reflect.Value) {
		present := r.count()
		for i, f := range fields {
			if present&(1<<i) != 0 {
				f.plan.read(r, v.Field(f.index))
			}
		}
	}
}
