package cache_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/store"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // faults are made on purpose
	os.Exit(m.Run())
}

// number is what generated code makes of one int.
type number struct{ N int }

func (a number) AppendCacheKey(b []byte) []byte { return cacheimpl.AppendInt(b, int64(a.N)) }

// subject is a cached function under test, as generated code would wrap it.
type subject[V any] struct {
	cache cacheimpl.Function[number, V]
	spec  cacheimpl.Spec
	fn    func(ctx context.Context, n int) (V, error)
}

// names makes the names of functions unique: those that share one share entries.
var names atomic.Int64

// wrap returns fn with a cache of its own.
func wrap[V any](o cacheimpl.Options, fn func(ctx context.Context, n int) (V, error)) *subject[V] {
	return wrapSpec(cacheimpl.Spec{Options: o}, fn)
}

func wrapSpec[V any](spec cacheimpl.Spec, fn func(ctx context.Context, n int) (V, error)) *subject[V] {
	if spec.Name == "" {
		spec.Name = fmt.Sprintf("example.com/test.F%d", names.Add(1))
	}
	spec.Version = cmp.Or(spec.Version, "v1:0")
	return &subject[V]{cacheimpl.NewFunction[number, V](spec), spec, fn}
}

func (s *subject[V]) call(ctx context.Context, n int) (V, error) {
	a := number{n}
	if r := cacheimpl.Hit(ctx, s.cache.Core, a); r != nil {
		if s.spec.Clone != nil {
			v := *r
			s.spec.Clone(&v)
			return v, nil
		}
		return *r, nil
	}
	return cacheimpl.Do(ctx, s.cache.Core, a, func(ctx context.Context) (V, error) { return s.fn(ctx, n) })
}

// must is call where an error ends the test.
func (s *subject[V]) must(t *testing.T, ctx context.Context, n int) V {
	t.Helper()
	v, err := s.call(ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// counter counts executions and returns the count.
type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) next(context.Context, int) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n, nil
}

// slowly returns a function that takes a minute longer than f. What takes less waits no longer for a slow store.
func slowly[V any](f func(context.Context, int) (V, error)) func(context.Context, int) (V, error) {
	return func(ctx context.Context, n int) (V, error) {
		time.Sleep(time.Minute)
		return f(ctx, n)
	}
}

// over returns a context with a cache over s, which is closed when the test ends.
func over(t *testing.T, s store.Store) (context.Context, *cache.Cache) {
	t.Helper()
	c := openCache(t, cache.Config{Store: s})
	return cache.WithCache(t.Context(), c), c
}

// patiently returns a context whose calls wait for their store as long as it takes: what is a hit must not depend on how busy the machine is.
func patiently(ctx context.Context) context.Context {
	return engine.With(ctx, func(s *engine.Settings) { s.Patient = func() bool { return true } })
}

func openCache(t *testing.T, config cache.Config) *cache.Cache {
	t.Helper()
	c, err := cache.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return c
}

// flush waits until what c does in the background is done.
func flush(t *testing.T, c *cache.Cache) {
	t.Helper()
	if err := c.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// events collects what is observed.
type events struct {
	mu  sync.Mutex
	all []cache.Event
}

func (e *events) add(ev cache.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, ev)
}

// last returns the latest event.
func (e *events) last() cache.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.all) == 0 {
		return cache.Event{}
	}
	return e.all[len(e.all)-1]
}
