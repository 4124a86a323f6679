// Package extent tells how large values get when they are written out. Pointers, slices, maps and
// strings let a value of a few nodes be reached on more ways than there are atoms: a build graph of
// fifty packages is one. Copied, keyed or stored, each way is a copy.
package extent

import (
	"context"
	"errors"
	"math"
	"reflect"
	"time"
	"unsafe"
)

const (
	// Small is the size in bytes that is written out without asking how much of it is shared.
	Small = 1 << 20
	// most is how many times as large a value may be written out as it is.
	most = 16
	// largest is the size of the largest value that is ever written out.
	largest = 1 << 30
	// deepest is how deep values are followed; none that deep is copied, keyed or stored.
	deepest = 4096
)

// Errors of [Measure].
var (
	ErrShared = errors.New("its parts are shared many times over, and it would be written out once for each way to them")
	ErrCyclic = errors.New("it contains itself, or is nested too deep")
	ErrLarge  = errors.New("it is larger than 1 GiB")
	ErrLate   = errors.New("writing it out would take longer than the caller has time")
)

// pace is how many bytes are written out in a second, at least.
const pace = 100 << 20

// Measure returns how many bytes the value behind the pointer p takes at most when it is written
// out, or an error if that is far more than it holds, or more than a gibibyte. It takes time in
// proportion to what the value holds, and heeds ctx.
func Measure(ctx context.Context, p reflect.Value) (int64, error) {
	v := p.Elem()
	q := quick{left: smallParts}
	if size := q.size(v, 0); q.left > 0 {
		return size, nil
	}
	m := meter{ctx: ctx, seen: map[point]int64{}}
	tree := m.size(v, 0)
	switch {
	case m.err != nil:
		return 0, m.err
	case tree > largest:
		if m.own <= largest {
			return 0, ErrShared
		}
		return 0, ErrLarge
	case tree > Small && tree/most > m.own:
		return 0, ErrShared
	}
	if deadline, ok := ctx.Deadline(); ok && time.Duration(tree)*(time.Second/pace) > time.Until(deadline)/4 {
		return 0, ErrLate
	}
	return tree, nil
}

// What parts take at most: the head of an item of CBOR, an instant with its location, a value whose
// type has a rule of its own.
const (
	head    = 9
	instant = 512
)

// longString is the length from which a string is looked for among those that were seen.
const longString = 256

// point is where something is that can be reached on several ways.
type point struct {
	at unsafe.Pointer
	t  reflect.Type
	n  int
}

// pending is the size of what is being measured: who meets it is inside it.
const pending = -1

// meter measures each part once.
type meter struct {
	ctx   context.Context
	seen  map[point]int64
	own   int64 // bytes of all parts
	steps int
	err   error
}

// size returns how much v takes when it is written out.
func (m *meter) size(v reflect.Value, depth int) int64 {
	if m.steps++; m.steps%4096 == 0 && m.err == nil {
		m.err = m.ctx.Err()
	}
	if depth > deepest {
		m.err = ErrCyclic
	}
	if m.err != nil {
		return 0
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		return m.part(instant)
	}
	switch v.Kind() {
	case reflect.String:
		if v.Len() < longString {
			return m.part(head + int64(v.Len()))
		}
		s := v.String()
		return m.once(point{unsafe.Pointer(unsafe.StringData(s)), v.Type(), v.Len()}, func() int64 { return m.part(head + int64(v.Len())) })
	case reflect.Pointer:
		if v.IsNil() {
			return m.part(head)
		}
		return add(m.part(head), m.once(point{v.UnsafePointer(), v.Type(), 1}, func() int64 { return m.size(v.Elem(), depth+1) }))
	case reflect.Interface:
		if v.IsNil() {
			return m.part(head)
		}
		return add(m.part(instant), m.size(v.Elem(), depth+1)) // its type is written, too
	case reflect.Slice:
		if v.Len() == 0 {
			return m.part(head)
		}
		return m.once(point{v.UnsafePointer(), v.Type(), v.Len()}, func() int64 { return m.items(v, depth) })
	case reflect.Array:
		return m.items(v, depth)
	case reflect.Struct:
		size := m.part(head)
		n := v.NumField() // Fields would describe each
		for i := range n {
			size = add(size, m.size(v.Field(i), depth+1))
		}
		return size
	case reflect.Map:
		if v.Len() == 0 {
			return m.part(head)
		}
		return m.once(point{v.UnsafePointer(), v.Type(), v.Len()}, func() int64 { return m.pairs(v, depth) })
	}
	return m.part(3 * head)
}

func (m *meter) part(bytes int64) int64 {
	m.own = add(m.own, bytes)
	return bytes
}

// once returns the size of what is at a point, and measures it if it was not met before.
func (m *meter) once(p point, measure func() int64) int64 {
	size, ok := m.seen[p]
	switch {
	case ok && size == pending:
		m.err = ErrCyclic
		return 0
	case ok:
		return size
	}
	m.seen[p] = pending
	size = measure()
	m.seen[p] = size
	return size
}

func (m *meter) items(v reflect.Value, depth int) int64 {
	if size, ok := flat(v.Type().Elem()); ok {
		return m.part(add(head, int64(v.Len())*size))
	}
	size := m.part(head)
	for i := range v.Len() {
		size = add(size, m.size(v.Index(i), depth+1))
	}
	return size
}

func (m *meter) pairs(v reflect.Value, depth int) int64 {
	size := m.part(head)
	for i := v.MapRange(); i.Next(); {
		size = add(size, add(m.size(i.Key(), depth+1), m.size(i.Value(), depth+1)))
	}
	return size
}

// flat returns how much each value of a type takes, if they are all there is to them.
func flat(t reflect.Type) (int64, bool) {
	switch t.Kind() {
	case reflect.Uint8:
		return 2, true
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr, reflect.Float32, reflect.Float64:
		return head, true
	case reflect.Complex64, reflect.Complex128:
		return 3 * head, true
	case reflect.Array:
		size, ok := flat(t.Elem())
		return add(head, int64(t.Len())*size), ok
	case reflect.Struct:
		return flatFields(t)
	}
	return 0, false
}

func flatFields(t reflect.Type) (int64, bool) {
	size := int64(head)
	for f := range t.Fields() {
		field, ok := flat(f.Type)
		if !ok {
			return 0, false
		}
		size = add(size, field)
	}
	return size, true
}

// add adds sizes, of which there is a greatest.
func add(a, b int64) int64 {
	if a > math.MaxInt64/4 || b > math.MaxInt64/4 {
		return math.MaxInt64 / 2
	}
	return a + b
}
