package codec

import (
	"encoding/binary"
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/canon"
	"github.com/cachegen/cachegen/runtime/internal/types"
)

func kindPlan(t reflect.Type, of func(reflect.Type) *plan) plan {
	switch t.Kind() {
	case reflect.Bool:
		return scalar(canon.Bool, reflect.Value.Bool, (*reader).bool, reflect.Value.SetBool, nil)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return scalar(canon.Int, reflect.Value.Int, (*reader).int, reflect.Value.SetInt, reflect.Value.OverflowInt)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return scalar(canon.Uint, reflect.Value.Uint, (*reader).uint, reflect.Value.SetUint, reflect.Value.OverflowUint)
	case reflect.String:
		p := scalar(canon.String, reflect.Value.String, (*reader).string, reflect.Value.SetString, nil)
		p.size = func(v reflect.Value, _ *meter) int { return v.Len() }
		return p
	case reflect.Float32:
		return bitsPlan(appendFloat32, (*reader).float32)
	case reflect.Float64:
		return bitsPlan(appendFloat64, (*reader).float64)
	case reflect.Complex64:
		return pairPlan(bitsPlan(appendFloat32, (*reader).float32), reflect.TypeFor[float32]())
	case reflect.Complex128:
		return pairPlan(bitsPlan(appendFloat64, (*reader).float64), reflect.TypeFor[float64]())
	case reflect.Pointer:
		return pointerPlan(t.Elem(), of(t.Elem()))
	case reflect.Slice:
		if types.IsByte(t.Elem()) {
			return bytesPlan()
		}
		return slicePlan(t, of(t.Elem()))
	case reflect.Array:
		if types.IsByte(t.Elem()) {
			return byteArrayPlan()
		}
		return arrayPlan(t, of(t.Elem()))
	case reflect.Map:
		return mapPlan(t, of(t.Key()), of(t.Elem()))
	case reflect.Struct:
		return structPlan(t, of)
	case reflect.Interface:
		return interfacePlan(t)
	default:
		panic("codec: no plan for " + t.String())
	}
}

// scalar is the plan of a kind that reflection reads and sets as a T. overflows is nil if the type
// holds every T.
func scalar[T any](
	write func([]byte, T) []byte, get func(reflect.Value) T,
	read func(*reader) (T, error), set func(reflect.Value, T), overflows func(reflect.Value, T) bool,
) plan {
	return plan{
		encode: func(b []byte, v reflect.Value, _ int) ([]byte, error) { return write(b, get(v)), nil },
		decode: func(r *reader, v reflect.Value, _ int) error {
			x, err := read(r)
			if err != nil {
				return err
			}
			if overflows != nil && overflows(v, x) {
				return corrupt("%v overflows %s", x, v.Type())
			}
			set(v, x)
			return nil
		},
		size: nothing,
		flat: true, exact: true,
	}
}

func nothing(reflect.Value, *meter) int { return 0 }

// bitsPlan is the plan of a float: its bits as they lie in memory. Reflection would not do, for it
// turns a float32 into a float64, which makes a signalling NaN a quiet one.
func bitsPlan[B uint32 | uint64](write func([]byte, B) []byte, read func(*reader) (B, error)) plan {
	bits := func(v reflect.Value) *B { return (*B)(v.Addr().UnsafePointer()) }
	return plan{
		encode: func(b []byte, v reflect.Value, _ int) ([]byte, error) { return write(b, *bits(v)), nil },
		decode: func(r *reader, v reflect.Value, _ int) (err error) {
			*bits(v), err = read(r)
			return err
		},
		size: nothing,
		flat: true, exact: true,
	}
}

// pairPlan is the plan of a complex number, which lies in memory as two floats.
func pairPlan(float plan, t reflect.Type) plan {
	pair := reflect.ArrayOf(2, t)
	floats := arrayPlan(pair, &float)
	in := func(v reflect.Value) reflect.Value { return reflect.NewAt(pair, v.Addr().UnsafePointer()).Elem() }
	return plan{
		encode: func(b []byte, v reflect.Value, _ int) ([]byte, error) { return floats.encode(b, in(v), 0) },
		decode: func(r *reader, v reflect.Value, _ int) error { return floats.decode(r, in(v), 0) },
		size:   nothing,
		flat:   true, exact: true,
	}
}

func appendFloat32(b []byte, bits uint32) []byte {
	return binary.BigEndian.AppendUint32(append(b, simpleFloat32), bits)
}

func appendFloat64(b []byte, bits uint64) []byte {
	return binary.BigEndian.AppendUint64(append(b, simpleFloat64), bits)
}
