// Package compact writes data in a compact form that is fast to read: what the generator keeps from
// one run for the next.
//
// Plain data is made of booleans, integers, strings, arrays of bytes, slices, maps, structs with
// exported fields, and pointers. It has no types in it: what reads must be the same program as what
// wrote. Texts and arrays are written once, and so is what several pointers point to; after
// reading, they point to one thing again.
package compact

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
)

// Form is how values of a type are written and read. It is safe for concurrent use.
type Form[T any] struct{ plan *plan }

// Of returns the form of a type. It panics if values of the type are no plain data.
func Of[T any]() Form[T] {
	return Form[T]{planner{}.plan(reflect.TypeFor[T]())}
}

// Marshal writes a value.
func (f Form[T]) Marshal(v *T) []byte {
	w := writer{tables: map[reflect.Type]map[any]uint64{}}
	f.plan.write(&w, reflect.ValueOf(v).Elem())
	return w.data
}

// Unmarshal reads a value. It fails if data is damaged, where that can be told.
func (f Form[T]) Unmarshal(data []byte) (v *T, err error) {
	defer func() {
		if x := recover(); x != nil {
			damage, ok := x.(damaged)
			if !ok {
				panic(x)
			}
			v, err = nil, damage.error
		}
	}()
	r := reader{data: data, tables: map[reflect.Type]*[]reflect.Value{}}
	v = new(T)
	f.plan.read(&r, reflect.ValueOf(v).Elem())
	if len(r.data) > 0 {
		return nil, fmt.Errorf("compact: %d bytes too many", len(r.data))
	}
	return v, nil
}

// writer writes values. What it wrote before has a number, by type and content.
type writer struct {
	data   []byte
	tables map[reflect.Type]map[any]uint64
}

func (w *writer) count(n uint64) { w.data = binary.AppendUvarint(w.data, n) }

// again writes the number of what was written before, and reports whether it was. Number 0 says
// that it follows.
func (w *writer) again(t reflect.Type, key any) bool {
	table := w.tables[t]
	if table == nil {
		table = map[any]uint64{}
		w.tables[t] = table
	}
	n, ok := table[key]
	if !ok {
		table[key] = uint64(len(table)) + 1
	}
	w.count(n)
	return ok
}

// reader reads values. It panics with damaged if there are none.
type reader struct {
	data    []byte
	strings []string
	tables  map[reflect.Type]*[]reflect.Value
}

type damaged struct{ error }

func (r *reader) fail(what string) { panic(damaged{errors.New("compact: " + what)}) }

func (r *reader) count() uint64 {
	n, size := binary.Uvarint(r.data)
	if size <= 0 {
		r.fail("number is cut off")
	}
	r.data = r.data[size:]
	return n
}

// length reads how many values follow, each of which takes at least a byte.
func (r *reader) length() int {
	n := r.count()
	if n > uint64(len(r.data)) {
		r.fail("more values than bytes")
	}
	return int(n)
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.data) {
		r.fail("bytes are cut off")
	}
	b := r.data[:n]
	r.data = r.data[n:]
	return b
}

func (r *reader) text() string {
	n := r.count()
	if n > 0 {
		if n > uint64(len(r.strings)) {
			r.fail("text of no number")
		}
		return r.strings[n-1]
	}
	s := string(r.bytes(r.length()))
	r.strings = append(r.strings, s)
	return s
}

// table holds the values of a type that were read before.
func (r *reader) table(t reflect.Type) *[]reflect.Value {
	table := r.tables[t]
	if table == nil {
		table = new([]reflect.Value)
		r.tables[t] = table
	}
	return table
}

// known returns the value with a number.
func (r *reader) known(table *[]reflect.Value, n uint64) reflect.Value {
	if n > uint64(len(*table)) {
		r.fail("value of no number")
	}
	return (*table)[n-1]
}
