package codec_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/codec"
)

type animal interface{ Legs() int }

type (
	cat struct{ name string }
	ant struct{ Name string }
)

func (cat) Legs() int  { return 4 }
func (*ant) Legs() int { return 6 }

// TestInterfaces stores values behind interfaces with what their types are.
func TestInterfaces(t *testing.T) {
	codec.Register(reflect.TypeFor[cat]())
	codec.Register(reflect.TypeFor[*ant]())
	for _, v := range []any{
		new(any), &[]any{nil, 1, int8(1), "a", 2.5, true, []byte{1}, []any{}, []any(nil), map[string]any{"a": []any{nil}}, json.Number("1"), time.Hour},
		&map[string]any{"a": map[string]any{"b": 1.5}}, &[]animal{cat{"tom"}, &ant{"z"}, (*ant)(nil), nil}, &struct{ V, W any }{cat{"tom"}, 3},
	} {
		p, err := codec.Append(nil, reflect.ValueOf(v))
		if err != nil {
			t.Errorf("%T: %v", v, err)
			continue
		}
		back := reflect.New(reflect.TypeOf(v).Elem())
		if err := codec.Decode(p, back); err != nil || !reflect.DeepEqual(back.Interface(), v) {
			t.Errorf("%#v: %#v, %v", v, back.Interface(), err)
		}
		copied, err := codec.Clone(reflect.ValueOf(v))
		if err != nil || !reflect.DeepEqual(copied.Interface(), v) {
			t.Errorf("%#v: %v", v, err)
		}
		if codec.Size(reflect.ValueOf(v)) <= 0 || !codec.Shares(reflect.TypeOf(v).Elem()) {
			t.Errorf("%T: takes no room, or is shared", v)
		}
	}
}

// TestInterfacesRefused does not read a type that can't be in the interface, nor write what was not
// registered.
func TestInterfacesRefused(t *testing.T) {
	type stranger struct{ A int }
	if _, err := codec.Append(nil, reflect.ValueOf(&[]any{stranger{}})); err == nil {
		t.Error("a type that can't come back was written")
	}
	codec.Register(reflect.TypeFor[struct{ F func() }]())
	if _, err := codec.Append(nil, reflect.ValueOf(&[]any{struct{ F func() }{}})); err == nil {
		t.Error("a function was written")
	}
	p, err := codec.Append(nil, reflect.ValueOf(&[]any{"a"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := codec.Decode(p, reflect.ValueOf(new([]animal))); !errors.Is(err, codec.ErrCorrupt) {
		t.Errorf("a string among animals: %v", err)
	}
	other := func() reflect.Type { type twin struct{ A int8 }; return reflect.TypeFor[twin]() }()
	type twin struct{ A int8 }
	codec.Register(reflect.TypeFor[twin]())
	codec.Register(other)
	if _, err := codec.Append(nil, reflect.ValueOf(&[]any{twin{}})); err == nil {
		t.Error("a type that another one looks like was written")
	}
}
