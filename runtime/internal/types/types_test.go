//lint:file-ignore U1000 Fields of the types here are there to be found by reflection.

package types_test

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unique"

	"github.com/cachegen/cachegen/runtime/internal/types"
)

type (
	own            struct{}
	binary         struct{}
	half           struct{} // marshals, but does not unmarshal
	cbor           struct{}
	both           struct{ cbor }
	message        struct{ mu sync.Mutex }
	holder         struct{ *message }
	promoted       struct{ time.Time }
	deeper         struct{ embedded }
	embedded       struct{ *binary }
	declaring      struct{ binary }
	named          int
	uuid           [16]byte
	flags          [2]named
	plain          struct{ b binary }
	generic[T any] struct{ v T }
)

func (own) AppendCacheKey(b []byte) []byte        { return b }
func (own) MarshalBinary() ([]byte, error)        { return nil, nil }
func (*binary) MarshalBinary() ([]byte, error)    { return nil, nil }
func (*binary) UnmarshalBinary([]byte) error      { return nil }
func (half) MarshalBinary() ([]byte, error)       { return nil, nil }
func (cbor) MarshalCBOR() ([]byte, error)         { return nil, nil }
func (*cbor) UnmarshalCBOR([]byte) error          { return nil }
func (both) MarshalBinary() ([]byte, error)       { return nil, nil }
func (*both) UnmarshalBinary([]byte) error        { return nil }
func (*message) ProtoReflect() any                { return nil }
func (*message) MarshalBinary() ([]byte, error)   { return nil, nil }
func (declaring) MarshalBinary() ([]byte, error)  { return nil, nil }
func (*declaring) UnmarshalBinary([]byte) error   { return nil }
func (named) MarshalBinary() ([]byte, error)      { return nil, nil }
func (*named) UnmarshalBinary([]byte) error       { return nil }
func (uuid) MarshalBinary() ([]byte, error)       { return nil, nil }
func (flags) MarshalBinary() ([]byte, error)      { return nil, nil }
func (generic[T]) MarshalBinary() ([]byte, error) { return nil, nil }
func (*generic[T]) UnmarshalBinary([]byte) error  { return nil }

func TestForm(t *testing.T) {
	for _, test := range []struct {
		t             reflect.Type
		input, stored types.Form
	}{
		{reflect.TypeFor[int](), types.ByKind, types.ByKind},
		{reflect.TypeFor[own](), types.Own, types.ByKind},
		{reflect.TypeFor[binary](), types.Binary, types.Binary},
		{reflect.TypeFor[*binary](), types.ByKind, types.ByKind}, // what it points to has the form
		{reflect.TypeFor[half](), types.Binary, types.ByKind},
		{reflect.TypeFor[cbor](), types.CBOR, types.CBOR},
		{reflect.TypeFor[both](), types.Binary, types.Binary},
		{reflect.TypeFor[message](), types.Message, types.Message},
		{reflect.TypeFor[holder](), types.ByKind, types.ByKind},
		{reflect.TypeFor[promoted](), types.ByKind, types.ByKind},
		{reflect.TypeFor[deeper](), types.ByKind, types.ByKind},
		{reflect.TypeFor[declaring](), types.ByKind, types.ByKind},
		{reflect.TypeFor[struct{ binary }](), types.ByKind, types.ByKind},
		{reflect.TypeFor[plain](), types.ByKind, types.ByKind},
		{reflect.TypeFor[named](), types.Binary, types.Binary},
		{reflect.TypeFor[uuid](), types.ByKind, types.ByKind},
		{reflect.TypeFor[flags](), types.Binary, types.ByKind},
		{reflect.TypeFor[generic[int]](), types.Binary, types.Binary},
		{reflect.TypeFor[error](), types.ByKind, types.ByKind}, // what is behind it has the form
		{reflect.TypeFor[context.Context](), types.Refused, types.Refused},
		{reflect.TypeFor[func()](), types.Refused, types.Refused},
		{reflect.TypeFor[chan int](), types.Refused, types.Refused},
		{reflect.TypeFor[sync.Mutex](), types.Refused, types.Refused},
		{reflect.TypeFor[atomic.Int64](), types.Refused, types.Refused},
		{reflect.TypeFor[bytes.Buffer](), types.Refused, types.Refused},
		{reflect.TypeFor[strings.Builder](), types.Refused, types.Refused},
		{reflect.TypeFor[unique.Handle[string]](), types.Refused, types.Refused},
		{reflect.TypeFor[time.Timer](), types.Refused, types.Refused},
	} {
		if input, stored := types.InputForm(test.t), types.StoredForm(test.t); input != test.input || stored != test.stored {
			t.Errorf("%s: %d and %d, want %d and %d", test.t, input, stored, test.input, test.stored)
		}
	}
}

func TestField(t *testing.T) {
	v := struct {
		a int
		B string
		_ bool
	}{1, "b", true}
	s := reflect.ValueOf(&v).Elem()
	for i, x := range []any{2, "c", false} {
		types.Field(s, i).Set(reflect.ValueOf(x))
	}
	if got := fmt.Sprint(v); got != "{2 c false}" {
		t.Error(got)
	}
}

type tree struct {
	left, right *tree
	labels      map[string]*tree
}

// TestPlans makes plans of a type that contains itself, by several goroutines: each type's is made
// once.
func TestPlans(t *testing.T) {
	type plan struct {
		name  string
		parts []*plan
	}
	var plans types.Plans[plan]
	var made sync.Map
	build := func(t reflect.Type, of func(reflect.Type) *plan) plan {
		if _, again := made.LoadOrStore(t, true); again {
			panic(t.String() + " again")
		}
		p := plan{name: t.String()}
		switch t.Kind() {
		case reflect.Struct:
			for f := range t.Fields() {
				p.parts = append(p.parts, of(f.Type))
			}
		case reflect.Pointer, reflect.Map:
			p.parts = append(p.parts, of(t.Elem()))
		}
		return p
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			root := plans.Of(reflect.TypeFor[tree](), build)
			if left := root.parts[0]; left.parts[0] != root || root.parts[1] != left || root.parts[2].parts[0] != left || root.name != "types_test.tree" {
				t.Errorf("%+v", root)
			}
		})
	}
	wg.Wait()
}
