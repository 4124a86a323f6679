package cache_test

import (
	"context"
	"testing"

	"github.com/cachegen/cachegen/runtime/cacheimpl"
)

var fibCache = cacheimpl.NewFunction[number, int](cacheimpl.Spec{Name: "example.com/test.Fib", Version: "v1:0", Options: cacheimpl.Options{Infallible: true}})

func cachedFib(n int) int {
	a := number{n}
	if r := cacheimpl.Hit(context.Background(), fibCache.Core, a); r != nil {
		return *r
	}
	r, _ := cacheimpl.Do(context.Background(), fibCache.Core, a, func(context.Context) (int, error) { return fib(n), nil })
	return r
}

func fib(n int) int {
	if n < 2 {
		return n
	}
	return cachedFib(n-1) + cachedFib(n-2)
}

func TestFunctionReachesItsOwnWrapper(t *testing.T) {
	if got := cachedFib(80); got != 23416728348467685 {
		t.Fatal(got)
	}
	if s := fibCache.Stats(); s.Misses != 81 || s.Hits == 0 || s.Entries != 81 {
		t.Errorf("%+v", s)
	}
}

type text struct{ S string }

func (a text) AppendCacheKey(b []byte) []byte { return cacheimpl.AppendString(b, a.S) }

func TestHitAllocatesNothing(t *testing.T) {
	type unrelated struct{}
	ctx := context.WithValue(t.Context(), unrelated{}, 1)
	plain := wrap(cacheimpl.Options{}, new(counter).next)
	aged := wrap(cacheimpl.Options{MaxAge: 1 << 40}, new(counter).next)
	encoded := cacheimpl.NewEncodedFunction[text, string](cacheimpl.Spec{Name: "example.com/test.Encoded"})
	callEncoded := func(s string) string {
		var buf [256]byte
		a := text{s}
		k := a.AppendCacheKey(buf[:0])
		if r := cacheimpl.HitEncoded(ctx, encoded.Core, k); r != nil {
			return *r
		}
		r, _ := cacheimpl.DoEncoded(ctx, encoded.Core, k, a, func(context.Context) (string, error) { return s, nil })
		return r
	}
	for name, f := range map[string]func(){
		"plain":   func() { plain.must(t, ctx, 1) },
		"aged":    func() { aged.must(t, ctx, 1) },
		"encoded": func() { callEncoded("some text that is a key") },
	} {
		f()
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: a hit allocates %v times", name, n)
		}
	}
	if s := plain.cache.Stats(); s.Misses != 1 || s.Hits != 101 {
		t.Errorf("%+v", s)
	}
}
