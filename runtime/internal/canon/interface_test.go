package canon_test

import (
	"bytes"
	"encoding/json"
	"image"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

// here is the module that this package is in.
const here = "github.com/cachegen/cachegen"

func behind(v any, known ...string) []byte { return canon.Interface([]byte{}, v, known...) }

// point has a method, plain only data; both keep parts to themselves.
type point struct{ x, y int }

func (p point) Sum() int { return p.x + p.y }

type plain struct{ X, Y int }

//lint:ignore U1000 nobody reads the part: it is there to be private
type secretive struct{ x int }

type named string

type alias = map[string]any

type holder struct{ V any }

// TestInterfaceTypes tells values of different types apart, and those of one type as without the
// interface.
func TestInterfaceTypes(t *testing.T) {
	seven := 7
	values := []any{
		nil, "", "7", named("7"), 7, int64(7), uint8(7), 7.0, float32(7), true, json.Number("7"), time.Duration(7), &seven, new(&seven),
		[]any{},
		[]any(nil),
		[]any{nil},
		[]any{7},
		[]any{"7"},
		[]int{7},
		[]string{},
		[1]any{7},
		map[string]any{},
		map[string]any(nil),
		map[string]any{"7": nil},
		map[any]any{"7": 7},
		alias{"7": 7},
		plain{7, 7},
		&plain{7, 7},
		point{7, 7},
		&point{7, 7}, (*point)(nil), (*plain)(nil),
		struct{ X, Y int }{7, 7},
		struct {
			X int
			Y int `json:"y"`
		}{7, 7},
		holder{},
		holder{7},
		holder{holder{}},
		image.Pt(7, 7), time.Unix(7, 0).UTC(), error(nil),
		[]byte{7},
		[]byte{},
		[]byte(nil),
	}
	encodings := map[string]int{}
	for i, v := range values {
		b := behind(v, here)
		if b == nil {
			t.Errorf("%T %v has no encoding", v, v)
			continue
		}
		if other, known := encodings[string(b)]; known && !reflect.DeepEqual(v, values[other]) {
			t.Errorf("%T %v and %T %v have one encoding", v, v, values[other], values[other])
		}
		encodings[string(b)] = i
		if inField := encode2(holder{v}); !bytes.HasSuffix(inField, b) {
			t.Errorf("%T %v: %x in a field, %x", v, v, inField, b)
		}
	}
}

func encode2(v holder) []byte { return canon.Value([]byte{}, reflect.ValueOf(&v), here) }

// TestInterfaceUnknown has no encoding for what no version knows.
func TestInterfaceUnknown(t *testing.T) {
	type inside struct{ F func() }
	for name, v := range map[string]any{
		"function":               func() {},
		"channel":                make(chan int),
		"function in a struct":   inside{},
		"function in a list":     []any{1, func() {}},
		"private part of others": bytes.NewBufferString("x"),
		"reader":                 strings.NewReader("x"),
		"file of others":         io.LimitReader(strings.NewReader("x"), 1),
		"error of others":        io.EOF,
		"itself": func() any {
			m := map[string]any{}
			m["m"] = m
			return m
		}(),
	} {
		if b := behind(v, here); b != nil {
			t.Errorf("%s: %x", name, b)
		}
	}
	for name, v := range map[string]any{"methods": point{}, "private parts": secretive{}, "methods below": []any{[]point{{}}}, "pointer": &point{}} {
		if b := behind(v); b != nil {
			t.Errorf("%s of a module that the version doesn't know: %x", name, b)
		}
		if b := behind(v, here); b == nil {
			t.Errorf("%s of a module that the version knows: no encoding", name)
		}
	}
	if b := behind(plain{}); b == nil {
		t.Error("plain data of a module that the version doesn't know: no encoding")
	}
}

// TestInterfaceTwins has no encoding for types that nothing tells apart.
func TestInterfaceTwins(t *testing.T) {
	one := func() any { type twin struct{ A int8 }; return twin{} }()
	two := func() any { type twin struct{ A int8 }; return twin{} }()
	behind(one, here)
	if b := behind(two, here); b != nil {
		t.Errorf("%x", b)
	}
	if b := behind(one, here); b != nil {
		t.Errorf("%x", b)
	}
}

// TestInterfaceInjective draws trees as encoding/json makes them, and a few that it does not.
func TestInterfaceInjective(t *testing.T) {
	var tree *rapid.Generator[any]
	leaf := rapid.OneOf(
		rapid.Just[any](nil), rapid.Map(rapid.Bool(), asAny), rapid.Map(rapid.SampledFrom([]float64{0, 1, math.Copysign(0, -1)}), asAny),
		rapid.Map(rapid.StringOfN(rapid.SampledFrom([]rune("ab\x80")), 0, 2, -1), asAny), rapid.Map(rapid.IntRange(0, 1), asAny),
		rapid.Map(rapid.IntRange(0, 1), func(i int) any { return named(strings.Repeat("a", i)) }),
	)
	tree = rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			return rapid.SliceOfN(tree, 0, 2).Draw(t, "list")
		case 1:
			return rapid.MapOfN(rapid.SampledFrom([]string{"", "a", "b"}), tree, 0, 2).Draw(t, "map")
		case 2:
			return holder{tree.Draw(t, "field")}
		}
		return leaf.Draw(t, "leaf")
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := tree.Draw(t, "a"), tree.Draw(t, "b")
		if rapid.Bool().Draw(t, "same") {
			b = a
		}
		x, y := behind(a, here), behind(b, here)
		if same := bytes.Equal(x, y); same != identical(a, b) {
			t.Fatalf("%#v and %#v: %x and %x", a, b, x, y)
		}
	})
}

func asAny[T any](v T) any { return v }

// identical is equality by which −0 is not 0.
func identical(a, b any) bool {
	return reflect.DeepEqual(a, b) && signs(a) == signs(b)
}

func signs(v any) string {
	var b strings.Builder
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case float64:
			if math.Signbit(v) {
				b.WriteByte('-')
			} else {
				b.WriteByte('+')
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, k := range []string{"", "a", "b"} {
				walk(v[k])
			}
		case holder:
			walk(v.V)
		}
	}
	walk(v)
	return b.String()
}
