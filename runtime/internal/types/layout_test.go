package types

import (
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"reflect"
	"testing"
	"time"
	"unsafe"
)

type (
	leaf   struct{ N int }
	nested struct {
		leaf
		L []leaf
		_ int
		//lint:ignore U1000 the layout has it
		m    map[string]*leaf
		Next *nested
	}
	list[K comparable] struct{ Keys []K }
	named              [2]uint8
)

// layoutOf returns the layout with a text and stops.
func layoutOf(text, stops string) Layout {
	sum := sha256.Sum256([]byte(text))
	return Layout(hex.EncodeToString(sum[:])[:16] + stops)
}

func TestLayout(t *testing.T) {
	integer := []reflect.Type{reflect.TypeFor[int]()}
	for _, tt := range []struct {
		name  string
		types []reflect.Type
		text  string
		stops string
		args  []reflect.Type
		want  bool
	}{
		{"struct", []reflect.Type{reflect.TypeFor[leaf]()}, "{N int;};||", "", nil, true},
		{"another field", []reflect.Type{reflect.TypeFor[leaf]()}, "{N int;M int;};||", "", nil, false},
		{"another name", []reflect.Type{reflect.TypeFor[leaf]()}, "{M int;};||", "", nil, false},
		{"another type", []reflect.Type{reflect.TypeFor[leaf]()}, "{N int64;};||", "", nil, false},
		{"another order", []reflect.Type{reflect.TypeFor[struct{ A, B int }]()}, "{B int;A int;};||", "", nil, false},
		{"two", []reflect.Type{reflect.TypeFor[leaf](), reflect.TypeFor[leaf]()}, "{N int;};#0;||", "", nil, true},
		{
			"nested",
			[]reflect.Type{reflect.TypeFor[nested]()},
			"{leaf {N int;};L []#1;m map[string]*#1;Next *#0;};||", "", nil, true,
		},
		{"kinds", []reflect.Type{reflect.TypeFor[struct {
			A named
			B any
			C chan int
			D func()
			E unsafe.Pointer
			F error
			G time.Duration
			H rune
		}]()}, "{A [2]uint8;B interface;C chan;D func;E Pointer;F interface;G int64;H int32;};||", "", nil, true},
		{"stop", []reflect.Type{reflect.TypeFor[[]*leaf]()}, "[]*!;||", " 2", nil, true},
		{"no stop", []reflect.Type{reflect.TypeFor[[]*leaf]()}, "[]*!;||", "", nil, false},
		{"reviewed", []reflect.Type{reflect.TypeFor[*big.Int]()}, "*!math/big.Int;||", " 1!", nil, true},
		{"another one in its place", []reflect.Type{reflect.TypeFor[*big.Rat]()}, "*!math/big.Int;||", " 1!", nil, false},
		{"type argument", []reflect.Type{reflect.TypeFor[list[int]](), integer[0]}, "{Keys []$;};int;||", " 2$0", integer, true},
		{"another type argument", []reflect.Type{reflect.TypeFor[list[int]]()}, "{Keys []$;};||", " 2$0", []reflect.Type{reflect.TypeFor[string]()}, false},
		{"no type argument", []reflect.Type{reflect.TypeFor[list[int]]()}, "{Keys []$;};||", " 2$1", integer, false},
		{"no number", integer, "int;||", " x", nil, false},
	} {
		if got := layoutOf(tt.text, tt.stops).Fits(tt.types, nil, nil, tt.args); got != tt.want {
			t.Errorf("%s: fits is %v", tt.name, got)
		}
	}
	if !Layout("").Fits(integer, nil, nil, nil) {
		t.Error("nothing that is taken for granted does not fit")
	}
	if !layoutOf("int;|int;|int;", "").Fits(integer, integer, integer, nil) || layoutOf("int;int;||int;", "").Fits(integer, integer, integer, nil) {
		t.Error("inputs, what varies and results are not told apart")
	}
}
