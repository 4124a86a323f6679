package codec

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/canon"
	"github.com/cachegen/cachegen/runtime/internal/types"
)

// plan is how values of one type are written and read. Values are addressable, and settable where
// they are read; depth is how many values they are nested in.
type plan struct {
	encode func(b []byte, v reflect.Value, depth int) ([]byte, error)
	decode func(r *reader, v reflect.Value, depth int) error
	size   func(v reflect.Value, m *meter) int
	// flat says that values refer to nothing but strings: copying one copies all that could be
	// changed.
	flat bool
	// exact says that what comes back is == to what went in, but for NaNs. Pointers are not, nor
	// are times in zones.
	exact bool
}

var plans types.Plans[plan]

func planOf(t reflect.Type) *plan { return plans.Of(t, makePlan) }

func makePlan(t reflect.Type, of func(reflect.Type) *plan) plan {
	if p, ok := known[t]; ok {
		return p
	}
	switch types.StoredForm(t) {
	case types.Message:
		return marshaledPlan(canon.MarshalMessage, canon.UnmarshalMessage)
	case types.Binary:
		return marshaledPlan(encoding.BinaryMarshaler.MarshalBinary,
			func(p []byte, u encoding.BinaryUnmarshaler) error { return u.UnmarshalBinary(p) })
	case types.CBOR:
		return marshaledPlan(canon.CBORMarshaler.MarshalCBOR, func(p []byte, u cborUnmarshaler) error { return u.UnmarshalCBOR(p) })
	case types.ByKind:
		return kindPlan(t, of)
	}
	return refusedPlan(t)
}

type cborUnmarshaler interface{ UnmarshalCBOR(p []byte) error }

// marshaledPlan writes a byte string with what a marshaler of *T says. The value that is read is
// zero before.
func marshaledPlan[M, U any](marshal func(M) ([]byte, error), unmarshal func([]byte, U) error) plan {
	form := func(v reflect.Value) ([]byte, error) { return marshal(v.Addr().Interface().(M)) }
	return plan{
		encode: func(b []byte, v reflect.Value, _ int) ([]byte, error) {
			p, err := form(v)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", v.Type(), err)
			}
			return canon.Marshaled(b, p, nil), nil
		},
		decode: func(r *reader, v reflect.Value, _ int) error {
			p, err := r.bytes()
			if err != nil {
				return err
			}
			if err := unmarshal(p, v.Addr().Interface().(U)); err != nil {
				return fmt.Errorf("%w: %s: %w", ErrCorrupt, v.Type(), err)
			}
			return nil
		},
		size: func(v reflect.Value, m *meter) int {
			p, err := form(v)
			if err != nil {
				return 0
			}
			return len(p)
		},
	}
}

// refusedPlan is reached only by values that Check would not let in.
func refusedPlan(t reflect.Type) plan {
	err := errors.New(refusal(t))
	return plan{
		encode: func([]byte, reflect.Value, int) ([]byte, error) { return nil, err },
		decode: func(*reader, reflect.Value, int) error { return err },
		size:   func(reflect.Value, *meter) int { return 0 },
	}
}

var errDeep = fmt.Errorf("nested over %d deep", canon.MaxDepth)

// maxLen bounds a stored form: a value whose parts are shared many times over has one that is
// longer than what it holds.
const maxLen = 1 << 30

var errLong = fmt.Errorf("over %d bytes", maxLen)

// room returns an error unless a value may hold others at depth, after what is in b.
func room(b []byte, depth int) error {
	switch {
	case depth >= canon.MaxDepth:
		return errDeep
	case len(b) > maxLen:
		return errLong
	}
	return nil
}
