package canon

import (
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/types"
)

// appender appends an addressable value of one type.
type appender func(b []byte, v reflect.Value, at place) []byte

// place is where a value is.
type place struct {
	depth int
	// known are the modules whose code the version knows, by their paths.
	known []string
	// behind says that the value's type is known from an interface alone.
	behind bool
}

func (p place) below() place { p.depth++; return p }

var appenders types.Plans[appender]

// Value appends what v points to, whatever its type. A value that reaches behaviour (a function, a
// channel) has no encoding. What is behind an interface has one if nothing about it is unknown: see
// [Interface].
func Value(b []byte, v reflect.Value, known ...string) []byte {
	if b == nil {
		return nil
	}
	return appendValue(b, v.Elem(), place{known: known})
}

func appendValue(b []byte, v reflect.Value, at place) []byte {
	return (*appenders.Of(v.Type(), planOf))(b, v, at)
}

// known are the types whose values are appended by a rule of their own, the same as in generated
// code.
var known = map[reflect.Type]appender{
	reflect.TypeFor[time.Time]():      rule(func(b []byte, v *time.Time) []byte { return Time(b, *v) }),
	reflect.TypeFor[time.Location]():  rule(Location),
	reflect.TypeFor[netip.Addr]():     rule(func(b []byte, v *netip.Addr) []byte { return Addr(b, *v) }),
	reflect.TypeFor[netip.AddrPort](): rule(func(b []byte, v *netip.AddrPort) []byte { return AddrPort(b, *v) }),
	reflect.TypeFor[netip.Prefix]():   rule(func(b []byte, v *netip.Prefix) []byte { return Prefix(b, *v) }),
	reflect.TypeFor[url.URL]():        rule(URL),
	reflect.TypeFor[url.Userinfo]():   rule(Userinfo),
	reflect.TypeFor[big.Int]():        rule(BigInt),
	reflect.TypeFor[big.Rat]():        rule(BigRat),
	reflect.TypeFor[big.Float]():      rule(BigFloat),
	reflect.TypeFor[regexp.Regexp]():  rule(Regexp),
}

func rule[T any](f func(b []byte, v *T) []byte) appender {
	return func(b []byte, v reflect.Value, _ place) []byte { return f(b, v.Addr().Interface().(*T)) }
}

func planOf(t reflect.Type, of func(reflect.Type) *appender) appender {
	if f := known[t]; f != nil {
		return f
	}
	switch types.InputForm(t) {
	case types.Own:
		return through(Own)
	case types.Binary:
		return through(Binary)
	case types.CBOR:
		return through(CBOR)
	case types.Message:
		return through(Message)
	case types.ByKind:
		return kindPlan(t, of)
	}
	return func([]byte, reflect.Value, place) []byte { return nil }
}

// through appends by an interface that pointers to the type have: their methods include those of
// the type.
func through[I any](f func(b []byte, v I) []byte) appender {
	return func(b []byte, v reflect.Value, _ place) []byte { return f(b, v.Addr().Interface().(I)) }
}

func kindPlan(t reflect.Type, of func(reflect.Type) *appender) appender {
	switch t.Kind() {
	case reflect.Bool:
		return func(b []byte, v reflect.Value, _ place) []byte { return Bool(b, v.Bool()) }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(b []byte, v reflect.Value, _ place) []byte { return Int(b, v.Int()) }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return func(b []byte, v reflect.Value, _ place) []byte { return Uint(b, v.Uint()) }
	case reflect.Float32:
		return func(b []byte, v reflect.Value, _ place) []byte { return Float32(b, float32(v.Float())) }
	case reflect.Float64:
		return func(b []byte, v reflect.Value, _ place) []byte { return Float64(b, v.Float()) }
	case reflect.Complex64:
		return func(b []byte, v reflect.Value, _ place) []byte { return Complex64(b, complex64(v.Complex())) }
	case reflect.Complex128:
		return func(b []byte, v reflect.Value, _ place) []byte { return Complex128(b, v.Complex()) }
	case reflect.String:
		return func(b []byte, v reflect.Value, _ place) []byte { return String(Room(b, v.Len()), v.String()) }
	case reflect.Pointer:
		return pointerPlan(of(t.Elem()))
	case reflect.Slice:
		if types.IsByte(t.Elem()) {
			return func(b []byte, v reflect.Value, _ place) []byte { return Bytes(Room(b, v.Len()), v.Bytes()) }
		}
		return slicePlan(of(t.Elem()))
	case reflect.Array:
		if types.IsByte(t.Elem()) {
			return func(b []byte, v reflect.Value, _ place) []byte { return Bytes(Room(b, v.Len()), v.Bytes()) }
		}
		return arrayPlan(of(t.Elem()))
	case reflect.Map:
		return mapPlan(t, of(t.Key()), of(t.Elem()))
	case reflect.Struct:
		return structPlan(t, of)
	case reflect.Interface:
		return func(b []byte, v reflect.Value, at place) []byte {
			if v.IsNil() {
				return Nil(b)
			}
			return behind(b, v.Elem().Interface(), at)
		}
	default:
		panic("canon: no plan for " + t.String())
	}
}

// deeper reports whether there is room for a further level, and for what is in it.
func deeper(b []byte, depth int) bool { return b != nil && depth < MaxDepth && HasRoom(b, 0) }

func pointerPlan(elem *appender) appender {
	return func(b []byte, v reflect.Value, at place) []byte {
		if v.IsNil() {
			return Nil(b)
		}
		if !deeper(b, at.depth) {
			return nil
		}
		return (*elem)(Array(b, 1), v.Elem(), at.below())
	}
}

func slicePlan(elem *appender) appender {
	items := arrayPlan(elem)
	return func(b []byte, v reflect.Value, at place) []byte {
		if v.IsNil() {
			return Nil(b)
		}
		return items(b, v, at)
	}
}

func arrayPlan(elem *appender) appender {
	return func(b []byte, v reflect.Value, at place) []byte {
		if !deeper(b, at.depth) {
			return nil
		}
		b = Array(b, v.Len())
		for i := range v.Len() {
			if b = (*elem)(b, v.Index(i), at.below()); b == nil {
				return nil
			}
		}
		return b
	}
}

func mapPlan(t reflect.Type, key, elem *appender) appender {
	return func(b []byte, v reflect.Value, at place) []byte {
		if v.IsNil() {
			return Nil(b)
		}
		if !deeper(b, at.depth) {
			return nil
		}
		b = Map(b, v.Len())
		start, ends := len(b), make([]int, 0, v.Len())
		k, e := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		for pairs := v.MapRange(); pairs.Next(); {
			k.SetIterKey(pairs)
			e.SetIterValue(pairs)
			if b = (*elem)((*key)(b, k, at.below()), e, at.below()); b == nil {
				return nil
			}
			ends = append(ends, len(b))
		}
		return SortPairs(b, start, ends)
	}
}

func structPlan(t reflect.Type, of func(reflect.Type) *appender) appender {
	type field struct {
		index  int
		append *appender
	}
	var fields []field
	var private []string
	for i := range t.NumField() {
		if f := t.Field(i); f.Name != "_" {
			fields = append(fields, field{i, of(f.Type)})
			if !f.IsExported() {
				private = append(private, f.PkgPath)
			}
		}
	}
	private = slices.Compact(private)
	return func(b []byte, v reflect.Value, at place) []byte {
		if !deeper(b, at.depth) || at.behind && slices.ContainsFunc(private, at.hides) {
			return nil
		}
		b = Array(b, len(fields))
		for _, f := range fields {
			if b = (*f.append)(b, types.Field(v, f.index), at.below()); b == nil {
				return nil
			}
		}
		return b
	}
}
