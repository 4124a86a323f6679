package cacheimpl

import (
	"reflect"
	"strings"
	"testing"
)

type number struct{ N int }

func (a number) AppendCacheKey(b []byte) []byte { return AppendInt(b, int64(a.N)) }

type (
	chain   struct{ Next *chain }
	wrapped struct{ chain }
	tagged  struct {
		A int `json:"a"`
	}
	untagged struct{ A int }
)

// TestShapesOfTypeArguments says what of a type is its identity.
func TestShapesOfTypeArguments(t *testing.T) {
	seen := map[string]string{}
	for name, shape := range map[string]string{
		"int": shapeOf[int](), "uint": shapeOf[uint](), "[]int": shapeOf[[]int](), "[2]int": shapeOf[[2]int](), "[3]int": shapeOf[[3]int](),
		"*int": shapeOf[*int](), "chain": shapeOf[chain](), "*chain": shapeOf[*chain](), "wrapped": shapeOf[wrapped](),
		"tagged": shapeOf[tagged](), "untagged": shapeOf[untagged](), "map": shapeOf[map[string]int](), "map back": shapeOf[map[int]string](),
		"embedded": shapeOf[struct{ chain }](), "named": shapeOf[struct{ chain chain }](), "error": shapeOf[error](), "any": shapeOf[any](),
		"func": shapeOf[func(int)](), "func back": shapeOf[func() int](), "chan": shapeOf[chan int](), "receive": shapeOf[<-chan int](),
	} {
		if other, ok := seen[shape]; ok {
			t.Errorf("%s and %s have one shape", name, other)
		}
		seen[shape] = name
		if !strings.HasPrefix(shape, "s\n") {
			t.Errorf("%s: %q leaves out what the generator says", name, shape)
		}
	}
}

func shapeOf[V any]() string {
	return instantiated[V](Spec{Shape: "s"})
}

func instantiated[V any](s Spec) string {
	s.instantiate(reflect.TypeFor[number](), reflect.TypeFor[V]())
	return s.Shape
}

// TestTypeArgumentThatNothingHas has a type argument that neither inputs nor results have: what it
// consists of counts.
func TestTypeArgumentThatNothingHas(t *testing.T) {
	counts := func(p any) string { return instantiated[int](Spec{TypeArgs: []any{p}}) }
	type local struct{ A int }
	if counts((*tagged)(nil)) == counts((*untagged)(nil)) || counts((*local)(nil)) == counts((*struct{ A int })(nil)) {
		t.Error("two type arguments have one shape")
	}
	if counts((*error)(nil)) == counts((*any)(nil)) {
		t.Error("two interfaces have one shape")
	}
}
