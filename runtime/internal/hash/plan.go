package hash

import "reflect"

// Plan says what keys of a type consist of, as == compares them.
type Plan struct {
	key   reflect.Type
	parts []part // nil if it is not known
}

// Unknown reports whether there is no hash of keys of the type.
func (p *Plan) Unknown() bool { return p.parts == nil }

// part is a piece of a key.
type part struct {
	kind         kind
	offset, size uintptr
}

type kind uint8

const (
	word   kind = iota // eight bytes
	raw                // so many bytes
	text               // a string
	float              // a number of eight bytes: two that are equal can have different bits
	float4             // a number of four
)

// maxParts bounds a plan.
const maxParts = 256

// PlanOf returns the plan for keys of a type that == compares. It knows strings, numbers, booleans
// and pointers, and what is made of them, in so many parts; what is behind an interface it doesn't.
func PlanOf(t reflect.Type) Plan {
	parts, ok := appendParts([]part{}, t, 0)
	if !ok || len(parts) > maxParts {
		return Plan{key: t}
	}
	for i := range parts {
		if parts[i].kind == raw && parts[i].size == 8 {
			parts[i].kind = word
		}
	}
	return Plan{t, parts}
}

// appendParts appends what a value of type t at an offset consists of, and reports whether that can
// be told.
func appendParts(parts []part, t reflect.Type, at uintptr) (_ []part, ok bool) {
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return appendRaw(parts, at, t.Size()), true
	case reflect.Pointer, reflect.UnsafePointer, reflect.Chan:
		return append(parts, part{raw, at, t.Size()}), true
	case reflect.Float64:
		return append(parts, part{float, at, t.Size()}), true
	case reflect.Float32:
		return append(parts, part{float4, at, t.Size()}), true
	case reflect.Complex64, reflect.Complex128:
		kind, size := float4, t.Size()/2
		if size == 8 {
			kind = float
		}
		return append(parts, part{kind, at, size}, part{kind, at + size, size}), true
	case reflect.String:
		return append(parts, part{text, at, t.Size()}), true
	case reflect.Array:
		for i := range t.Len() {
			if parts, ok = appendParts(parts, t.Elem(), at+uintptr(i)*t.Elem().Size()); !ok || len(parts) > maxParts {
				return nil, false
			}
		}
		return parts, true
	case reflect.Struct:
		for f := range t.Fields() {
			if f.Name == "_" {
				continue // == does not look at it, nor at what is between fields
			}
			if parts, ok = appendParts(parts, f.Type, at+f.Offset); !ok {
				return nil, false
			}
		}
		return parts, true
	}
	return nil, false
}

// appendRaw appends some bytes, to the part before if they follow it without a gap. Words stay
// apart: they are faster.
func appendRaw(parts []part, at, size uintptr) []part {
	if n := len(parts); n > 0 && size < 8 {
		if last := &parts[n-1]; last.kind == raw && last.size%8 != 0 && last.offset+last.size == at {
			last.size += size
			return parts
		}
	}
	return append(parts, part{raw, at, size})
}
