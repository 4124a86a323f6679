package simulator

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"time"

	"github.com/cachegen/cachegen/runtime/cacheimpl"
)

// The functions that processes call.
const (
	plain = iota
	tagged
	aging
)

const (
	inputs = 60 // more than fit in memory
	tags   = 5
	maxAge = 20 * time.Second
)

// function is a cached function: how long it takes, and its wrapper and controls.
type function struct {
	takes time.Duration
	cache cacheimpl.Function[args, result]
}

// args are a function's arguments, made as the generator makes them.
type args struct{ N int }

// AppendCacheKey appends the canonical encoding of a to b.
func (a args) AppendCacheKey(b []byte) []byte { return cacheimpl.AppendInt(b, int64(a.N)) }

var functions = []function{
	plain:  newFunction("plain", 20*time.Millisecond, cacheimpl.Options{}, nil),
	tagged: newFunction("tagged", 50*time.Millisecond, cacheimpl.Options{}, cacheimpl.Of(func(a args) []string { return []string{tagOf(a.N % tags)} })),
	aging:  newFunction("aging", 100*time.Millisecond, cacheimpl.Options{MaxAge: maxAge}, nil),
}

// silent takes what is logged.
var silent = slog.New(slog.DiscardHandler)

func tagOf(n int) string { return fmt.Sprintf("tag-%d", n) }

func newFunction(name string, takes time.Duration, o cacheimpl.Options, tags func(args any) []string) function {
	return function{takes, cacheimpl.NewFunction[args, result](cacheimpl.Spec{
		Name: "example.com/simulated." + name, Version: "v1:0", Shape: "s", Options: o, Tags: tags,
	})}
}

// call calls the wrapper. Ran is told of an execution in this call when it has ended.
func (f *function) call(ctx context.Context, number, n int, ran func(began time.Time, err error)) (result, error) {
	a := args{n}
	if r := cacheimpl.Hit(ctx, f.cache.Core, a); r != nil {
		return *r, nil
	}
	return cacheimpl.Do(ctx, f.cache.Core, a, func(ctx context.Context) (result, error) {
		began := time.Now()
		err := wait(ctx, f.takes, nil)
		ran(began, err)
		return result{Function: number, Input: n, Began: began.UnixNano()}, err
	})
}

func (f *function) forget(ctx context.Context, n int) error { return f.cache.Forget(ctx, args{n}) }

func (f *function) put(ctx context.Context, l *ledger, number, n int) error {
	put := l.put()
	defer l.returnedFrom(put)
	return f.cache.Put(ctx, args{n}, result{Function: number, Input: n, Put: put})
}

// seedOf makes the seed of a random source from a number.
func seedOf(n uint64) (seed [32]byte) {
	binary.LittleEndian.PutUint64(seed[:], n)
	return seed
}
