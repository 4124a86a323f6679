package runtime

import (
	"context"
	"testing"
)

type fibArgs struct{ N int }

func (a fibArgs) AppendCacheKey(b []byte) []byte { return append(b, byte(a.N)) }

var fibCache = NewFunction(Spec[fibArgs, int]{Name: "x.Fib", Version: "v1", Options: Options{Infallible: true}})

func cachedFib(n int) int {
	a := fibArgs{n}
	if r := fibCache.Hit(context.Background(), a); r != nil {
		return *r
	}
	r, _ := fibCache.Do(context.Background(), a, func(context.Context) (int, error) { return fib(n), nil })
	return r
}

func fib(n int) int {
	if n < 2 {
		return n
	}
	return cachedFib(n-1) + cachedFib(n-2)
}

func TestFib(t *testing.T) {
	if got := cachedFib(80); got != 23416728348467685 {
		t.Fatal(got)
	}
	if s := fibCache.Stats(); s.Misses != 81 || s.Hits == 0 {
		t.Errorf("%+v", s)
	}
	if n := testing.AllocsPerRun(100, func() { cachedFib(50) }); n != 0 {
		t.Errorf("a hit allocates %v times", n)
	}
}
