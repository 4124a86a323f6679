package hash

import (
	"hash/maphash"
	"math"
	"reflect"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
)

type (
	forecast struct {
		City string
		Days int
	}
	mixed struct {
		A bool
		B int16
		_ int32
		C uint8
		S [2]string
		D [9]byte
		E forecast
	}
	empty  struct{}
	number struct {
		X float64
		Y float32
		Z complex64
	}
	many  struct{ S [300]string }
	boxed struct{ X any }
)

// hashed returns the hash of k, and says whether it has a plan.
func hashed[K comparable](k K) (hash uint64, planned bool) {
	p := PlanOf(reflect.TypeFor[K]())
	return p.Of(unsafe.Pointer(&k)), !p.Unknown()
}

func TestPlans(t *testing.T) {
	for name, test := range map[string]struct {
		planned bool
		got     func() (uint64, bool)
	}{
		"string":       {true, func() (uint64, bool) { return hashed("a") }},
		"int":          {true, func() (uint64, bool) { return hashed(1) }},
		"struct":       {true, func() (uint64, bool) { return hashed(forecast{"a", 1}) }},
		"mixed":        {true, func() (uint64, bool) { return hashed(mixed{}) }},
		"large array":  {true, func() (uint64, bool) { return hashed([32]byte{}) }},
		"nothing":      {true, func() (uint64, bool) { return hashed(empty{}) }},
		"numbers":      {true, func() (uint64, bool) { return hashed(number{X: 1}) }},
		"many strings": {false, func() (uint64, bool) { return hashed(many{}) }},
		"interface":    {false, func() (uint64, bool) { return hashed(boxed{"a"}) }},
		"pointer":      {true, func() (uint64, bool) { return hashed(new(int)) }},
	} {
		if _, planned := test.got(); planned != test.planned {
			t.Errorf("%s has a plan: %t", name, planned)
		}
	}
}

// TestHashAgreesWithEqual draws keys of few values, so that many are equal, with text at other
// addresses.
func TestHashAgreesWithEqual(t *testing.T) {
	text := rapid.Map(rapid.SliceOfN(rapid.ByteRange('a', 'b'), 0, 40), func(b []byte) string { return string(b) })
	keys := rapid.Custom(func(t *rapid.T) mixed {
		return mixed{
			A: rapid.Bool().Draw(t, "A"), B: rapid.Int16Range(0, 1).Draw(t, "B"), C: rapid.Uint8Range(0, 1).Draw(t, "C"),
			S: [2]string{text.Draw(t, "S0"), text.Draw(t, "S1")}, D: [9]byte{8: rapid.ByteRange(0, 1).Draw(t, "D")},
			E: forecast{text.Draw(t, "City"), rapid.IntRange(0, 1).Draw(t, "Days")},
		}
	})
	p := PlanOf(reflect.TypeFor[mixed]())
	rapid.Check(t, func(t *rapid.T) {
		x, y := keys.Draw(t, "x"), keys.Draw(t, "y")
		if rapid.Bool().Draw(t, "alike") {
			y = x
			y.S[0] = string([]byte(x.S[0]))
		}
		if same := p.Of(unsafe.Pointer(&x)) == p.Of(unsafe.Pointer(&y)); same != (x == y) {
			t.Fatalf("%v and %v: hashes are equal: %t", x, y, same)
		}
		if equal := p.Equal(unsafe.Pointer(&x), unsafe.Pointer(&y)); equal != (x == y) {
			t.Fatalf("%v and %v: Equal = %t", x, y, equal)
		}
	})
}

// TestHashIgnoresWhatEqualDoes has values between and behind fields that == does not look at.
func TestHashIgnoresWhatEqualDoes(t *testing.T) {
	type gaps struct {
		A uint8
		B uint64
		_ uint64
		C uint8
	}
	dirty := [2][4]uint64{} // as large as two of them, and aligned
	for i := range dirty[1] {
		dirty[1][i] = 1<<64 - 1
	}
	p := PlanOf(reflect.TypeFor[gaps]())
	var sums [2]uint64
	for i := range sums {
		g := (*gaps)(unsafe.Pointer(&dirty[i]))
		g.A, g.B, g.C = 1, 2, 3
		sums[i] = p.Of(unsafe.Pointer(g))
	}
	if sums[0] != sums[1] {
		t.Error("what is in gaps is in the hash")
	}
}

// TestHashSpreads puts keys that differ little into boxes by the first and by the last bits of
// their hashes.
func TestHashSpreads(t *testing.T) {
	const boxes, keys = 256, 256 * 64
	var first, last [boxes]int
	p := PlanOf(reflect.TypeFor[forecast]())
	for n := range keys {
		h := p.Of(unsafe.Pointer(&forecast{"city", n}))
		first[h>>56]++
		last[h%boxes]++
	}
	for i := range boxes {
		if first[i] > 130 || last[i] > 130 || first[i] < 20 || last[i] < 20 {
			t.Errorf("box %d has %d, %d", i, first[i], last[i])
		}
	}
}

func BenchmarkHash(b *testing.B) {
	p, k := PlanOf(reflect.TypeFor[forecast]()), forecast{"city-0001", 3}
	b.Run("by=plan", func(b *testing.B) {
		for b.Loop() {
			_ = p.Of(unsafe.Pointer(&k))
		}
	})
	b.Run("by=maphash", func(b *testing.B) {
		for b.Loop() {
			_ = maphash.Comparable(seed, k)
		}
	})
}

// TestEqualIsGos compares keys for which equal is another thing than alike, of types with and
// without a plan.
func TestEqualIsGos(t *testing.T) {
	zero, minus, nan := number{}, number{math.Copysign(0, -1), float32(math.Copysign(0, -1)), complex(0, float32(math.Copysign(0, -1)))}, number{X: math.NaN()}
	one, two := boxed{1}, boxed{int64(1)}
	a, b := many{}, many{}
	b.S[299] = "b"
	checkEqual(t, zero, minus)
	checkEqual(t, nan, nan)
	checkEqual(t, number{Y: 1}, number{Y: 2})
	checkEqual(t, one, one)
	checkEqual(t, one, two)
	checkEqual(t, a, a)
	checkEqual(t, a, b)
}

func checkEqual[K comparable](t *testing.T, x, y K) {
	t.Helper()
	p := PlanOf(reflect.TypeFor[K]())
	if got := p.Equal(unsafe.Pointer(&x), unsafe.Pointer(&y)); got != (x == y) {
		t.Errorf("Equal(%v, %v) = %t", x, y, got)
	}
	if x == y && p.Of(unsafe.Pointer(&x)) != p.Of(unsafe.Pointer(&y)) {
		t.Errorf("%v and %v are equal, and their hashes are not", x, y)
	}
}
