package runtime

import (
	"context"
	"strings"
	"testing"
)

// parseArgs is what generated code makes of func Parse[T any](src string) (T, error).
type parseArgs[T any] struct{ Src string }

func (a parseArgs[T]) AppendCacheKey(b []byte) []byte { return AppendString(b, a.Src) }

// family is the cache of such a function.
type family struct{ Family }

func parseCache[T any](f *family) *Function[parseArgs[T], string] {
	return FunctionOf(&f.Family, func() Spec[parseArgs[T], string] {
		return Spec[parseArgs[T], string]{Name: "example.com/test.Parse", Version: "v1:0", Shape: "s"}
	})
}

func parse[T any](t *testing.T, f *family, result string) string {
	t.Helper()
	v, err := parseCache[T](f).Do(t.Context(), parseArgs[T]{"src"}, func(context.Context) (string, error) { return result, nil })
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestGenericFunctionsAreApartByTypeArguments(t *testing.T) {
	var f family
	type local struct{ A int }
	other := func() string {
		type local struct{ A int }
		return parse[local](t, &f, "other local")
	}
	for _, test := range []struct{ got, want string }{
		{parse[int](t, &f, "int"), "int"},
		{parse[int64](t, &f, "int64"), "int64"},
		{parse[local](t, &f, "local"), "local"},
		{other(), "other local"},
		{parse[[]local](t, &f, "locals"), "locals"},
		{parse[struct{ A int }](t, &f, "anonymous"), "anonymous"},
		{parse[int](t, &f, "again"), "int"},
		{parse[local](t, &f, "again"), "local"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
	if one, other := parseCache[int](&f), parseCache[int](&f); one != other {
		t.Error("a member of the family is made twice")
	}
}

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
	return instantiate(Spec[number, V]{Shape: "s"}).Shape
}

// TestTypeArgumentThatNothingHas has a type argument that neither inputs nor results have: what it consists of counts.
func TestTypeArgumentThatNothingHas(t *testing.T) {
	counts := func(p any) string { return instantiate(Spec[number, int]{TypeArgs: []any{p}}).Shape }
	type local struct{ A int }
	if counts((*tagged)(nil)) == counts((*untagged)(nil)) || counts((*local)(nil)) == counts((*struct{ A int })(nil)) {
		t.Error("two type arguments have one shape")
	}
	if counts((*error)(nil)) == counts((*any)(nil)) {
		t.Error("two interfaces have one shape")
	}
}

func BenchmarkFamily(b *testing.B) {
	var f family
	_, _ = parseCache[int](&f), parseCache[int8](&f)
	for b.Loop() {
		if parseCache[string](&f) == nil {
			b.Fatal("none")
		}
	}
}
