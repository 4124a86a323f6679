package canon_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
)

// shape has a part of every kind that could run into its neighbour.
type shape struct {
	A, B string
	L, K []string
	Y    []byte
	M    map[string][]int8
	P    **int8
	N    *shape
	Z    [2]bool
}

// TestInjective draws pairs of small values: they have one encoding exactly if they are deeply
// equal.
func TestInjective(t *testing.T) {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("a`\x00\x81\xff")), 0, 2, -1)
	number := rapid.Int8Range(-1, 1)
	texts := optional(rapid.SliceOfN(text, 0, 2))
	var draw *rapid.Generator[shape]
	draw = rapid.Custom(func(t *rapid.T) shape {
		s := shape{
			A: text.Draw(t, "A"), B: text.Draw(t, "B"), L: texts.Draw(t, "L"), K: texts.Draw(t, "K"),
			Y: optional(rapid.SliceOfN(rapid.Byte(), 0, 2)).Draw(t, "Y"),
			M: optional(rapid.MapOfN(text, optional(rapid.SliceOfN(number, 0, 2)), 0, 2)).Draw(t, "M"),
			P: rapid.Ptr(rapid.Ptr(number, true), true).Draw(t, "P"),
			Z: [2]bool{rapid.Bool().Draw(t, "0"), rapid.Bool().Draw(t, "1")},
		}
		if rapid.Float64Range(0, 1).Draw(t, "more") > 0.7 {
			s.N = new(draw.Draw(t, "N"))
		}
		return s
	})
	rapid.Check(t, func(t *rapid.T) {
		a := draw.Draw(t, "a")
		b := a
		if rapid.Bool().Draw(t, "other") {
			b = draw.Draw(t, "b")
		} else {
			b.K, b.L = b.L, b.K
		}
		if same := string(encode(a)) == string(encode(b)); same != reflect.DeepEqual(a, b) {
			t.Fatalf("%+v and %+v: %x and %x", a, b, encode(a), encode(b))
		}
	})
}

// optional draws nil now and then.
func optional[T any](g *rapid.Generator[T]) *rapid.Generator[T] {
	return rapid.Custom(func(t *rapid.T) (v T) {
		if rapid.IntRange(0, 3).Draw(t, "nil") > 0 {
			v = g.Draw(t, "value")
		}
		return v
	})
}
