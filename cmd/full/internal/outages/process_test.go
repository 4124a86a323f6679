//go:build unix

package outages

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	_ "github.com/cachegen/cachegen/runtime/store/redis"
)

const (
	inputs  = 40
	tags    = 5
	takes   = 20 * time.Millisecond
	callers = 4     // in a process
	most    = 3_000 // operations of a caller
	pause   = 4 * time.Millisecond
)

// args are the function's arguments, made as the generator makes them.
type args struct{ N int }

// AppendCacheKey appends the canonical encoding of a to b.
func (a args) AppendCacheKey(b []byte) []byte { return cacheimpl.AppendInt(b, int64(a.N)) }

// result is what the function returns: what it was asked for, who executed, and since when, in Unix
// nanoseconds.
type result struct {
	Input, By int
	Began     int64
}

// record says what an operation of a process came to.
type record struct {
	Process, Input int
	Kind           kind
	From, To       int64 // Unix nanoseconds
	Result         result
	Ran            bool   // whether this call executed
	Err            string `json:",omitempty"`
}

type kind uint8

const (
	calls kind = iota
	forgets
	forgetsTag
)

var slow = cacheimpl.NewFunction[args, result](cacheimpl.Spec{
	Name: "example.com/outages.slow", Version: "v1:0", Shape: "s",
	Tags: cacheimpl.Of(func(a args) []string { return []string{tagOf(a.N)} }),
})

func tagOf(n int) string { return fmt.Sprintf("tag-%d", n%tags) }

// process is what the test binary does when it is started as one: it calls until its input ends,
// and prints a record of each operation.
func process(number int, url string) error {
	if err := heedDisk(); err != nil {
		return err
	}
	c, err := cache.New(cache.Config{
		URL: url, MemoryEntries: 30, Mode: cache.Use, StoreTimeout: time.Second, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(cache.WithCache(context.Background(), c))
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	var told sync.Mutex
	out := json.NewEncoder(os.Stdout)
	var running sync.WaitGroup
	for range callers {
		running.Go(func() {
			for range most {
				if ctx.Err() != nil {
					return
				}
				r := operate(context.WithoutCancel(ctx), number)
				told.Lock()
				_ = out.Encode(r) // who reads it knows when it ends
				told.Unlock()
				time.Sleep(pause)
			}
			<-ctx.Done()
		})
	}
	running.Wait()
	last, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = c.Close(last) // a store that is broken is an error
	return nil
}

// Signals that tell a process that its disk is full, and that it is not any more.
const (
	fillsDisk   = syscall.SIGUSR1
	emptiesDisk = syscall.SIGUSR2
)

// heedDisk has none of the process's files grow by a byte while its disk is said to be full.
func heedDisk() error {
	var usual syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &usual); err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ) // then the write has an error
	told := make(chan os.Signal, 2)
	signal.Notify(told, fillsDisk, emptiesDisk)
	go func() {
		for s := range told {
			limit := usual
			if s == fillsDisk {
				limit.Cur = 0
			}
			if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}
	}()
	return nil
}

// operate does one thing at random.
func operate(ctx context.Context, number int) record {
	r := record{Process: number, Input: rand.IntN(inputs), From: time.Now().UnixNano()}
	bounded, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	var err error
	switch n := rand.IntN(1000); {
	case n < 15:
		r.Kind, err = forgets, slow.Forget(bounded, args{r.Input})
	case n < 20:
		r.Kind, err = forgetsTag, cache.ForgetTags(bounded, tagOf(r.Input))
	default:
		r.Result, err = call(ctx, r.Input, number, &r.Ran)
	}
	r.To = time.Now().UnixNano()
	if err != nil {
		r.Err = err.Error()
	}
	return r
}

func call(ctx context.Context, n, number int, ran *bool) (result, error) {
	a := args{n}
	if r := cacheimpl.Hit(ctx, slow.Core, a); r != nil {
		return *r, nil
	}
	return cacheimpl.Do(ctx, slow.Core, a, func(context.Context) (result, error) {
		r := result{Input: n, By: number, Began: time.Now().UnixNano()}
		time.Sleep(takes)
		*ran = true
		return r, nil
	})
}
