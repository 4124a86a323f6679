package stub_test

import (
	"testing"

	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/load"
)

// TestStubsOfOddSignatures sees that stubs have no errors of their own, whatever names mean in
// signatures: with one, nobody knows what the package's functions do.
func TestStubsOfOddSignatures(t *testing.T) {
	dir := fixture.Module(t, `
-- dot.go --
package m

import . "strings"

// What is imported with a dot may be of no use to stubs.
//
//cache:auto
func D(s []string) string { return Join(s, "") }
-- key.go --
package m

func keyOf[A, B comparable](x A, y B) map[A]B { return map[A]B{x: y} }
-- m.go --
package m

type P0 string

type T struct{ N int }

type U = *T

// Parameters may be called like what bodies call.
//
//cache:auto
func F(panic, nil, any, uint8 int, b, byte string) (len int) { return 1 }

//cache:auto
func (u U) M(U int) (T, U) { return *u, u }

// Type parameters may be blank, and called like parameters and types of what is generated.
//
//cache:auto
func G[_ any, _ interface{ int }, b any](p P0, v b) (b, P0) { return v, p }

//cache:auto
func H[byte, uint8 any](p P0, v byte) (uint8, error) { panic(0) }

//cache:auto ignore=v
func I[P *T, S ~[]E, E any](s S, v E) P { return nil }

type List[K comparable, V any] struct{ all map[K]V }

//cache:auto
func (l *List[_, _]) Len() int { return 1 }

//cache:auto
func (l List[b, _]) Keys(p P0) ([]b, P0) { return nil, p }

//cache:auto per=receiver
func (l *List[_, V]) Value(n int) (V, error) { panic(0) }

//cache:auto
func (List[V, K]) Swapped(v V) (k K) { return k }

// Type parameters may be called like types of what is generated, and like each other's constraints.
//
//cache:auto
func J[JCache, JArgs comparable](x JCache, s struct{ JArgs int }) (JArgs, struct{ JArgs int }) { panic(0) }

//cache:auto
func L[LResults, LArgs comparable](x LResults) (LArgs, LResults) { panic(0) }

type Pair[K comparable, V ~[]K] struct {
	k K
	v V
}

//cache:auto
func (p Pair[K2, V2]) Rest(x K2) V2 { return p.v }

//cache:auto per=receiver
func (p *Pair[PairPerArgs, _]) Per(n int) PairPerArgs { panic(0) }

// A key function's type parameters are its own.
//
//cache:auto key=keyOf
func N[T, A comparable](x T, y A) T { return x }

func use(t *T, l *List[string, int]) {
	_ = JCache[int, bool]().Forget(nil, JArgs[int, bool]{X: 1})
	_, _, _ = LCache[int, bool]().Lookup(nil, LArgs[int, bool]{X: 1})
	_, _ = CachedL[int, bool](1)
	_ = PairRestArgs[int, []int]{X: 1}
	_ = (&Pair[int, []int]{}).CachedPer(1) + 1
	_ = NArgs[int, bool]{Key: map[int]bool{}}
	_ = FArgs{Panic: 1, Uint8: 2, Byte: "b"}
	_ = TMArgs{U: t, U_: 1}
	_ = GArgs[bool, int, string]{P: "p", V: "v"}
	_ = ListLenArgs[string, int]{L: l}
	var keys []string
	keys, _ = List[string, int]{}.CachedKeys("p")
	_ = keys
}
`)
	prog, err := load.Load(t.Context(), load.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	p := prog.Packages["example.com/m"]
	if p.Unsound || len(p.Errors) > 0 {
		t.Errorf("errors in stubs: %t; elsewhere: %v", p.Unsound, p.Errors)
	}
}
