package cache_test

import (
	"context"
	"testing"

	"github.com/cachegen/cachegen/runtime/cacheimpl"
)

// parseArgs is what generated code makes of func Parse[T any](src string) (T, error).
type parseArgs[T any] struct{ Src string }

func (a parseArgs[T]) AppendCacheKey(b []byte) []byte { return cacheimpl.AppendString(b, a.Src) }

// family is the cache of such a function.
type family struct{ cacheimpl.Family }

func parseCache[T any](f *family) cacheimpl.Function[parseArgs[T], string] {
	return cacheimpl.FunctionOf[parseArgs[T], string](&f.Family, func() cacheimpl.Spec {
		return cacheimpl.Spec{Name: "example.com/test.Parse", Version: "v1:0", Shape: "s"}
	})
}

func parse[T any](t *testing.T, f *family, result string) string {
	t.Helper()
	v, err := cacheimpl.Do(t.Context(), parseCache[T](f).Core, parseArgs[T]{"src"}, func(context.Context) (string, error) { return result, nil })
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

func BenchmarkFamily(b *testing.B) {
	var f family
	_, _ = parseCache[int](&f), parseCache[int8](&f)
	for b.Loop() {
		if parseCache[string](&f).Core == (cacheimpl.Core[parseArgs[string], string]{}) {
			b.Fatal("none")
		}
	}
}
