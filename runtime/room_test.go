package cache_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/store"
)

// heap returns how many bytes are in use.
func heap() int64 {
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

type wordy struct{ S string }

func (a wordy) AppendCacheKey(b []byte) []byte {
	return cacheimpl.AppendString(cacheimpl.AppendArray(b, 1), a.S)
}

func textSpec(name string) cacheimpl.Spec {
	return cacheimpl.Spec{Name: "room_test." + name, Version: "1"}
}

// TestRoomCountsEverything fills memory with what is around small results: all of it counts.
func TestRoomCountsEverything(t *testing.T) {
	const bound, calls, size = 16 << 20, 100, 1 << 20
	long := func(i int) wordy { return wordy{fmt.Sprint(i) + strings.Repeat("x", size)} }
	tagged := textSpec("tagged")
	tagged.Tags = cacheimpl.Of(func(a wordy) []string { return []string{a.S} })
	failing := textSpec("failing")
	failing.Options.ErrorMaxAge = time.Hour
	for name, call := range map[string]func(ctx context.Context){
		"keys": func(ctx context.Context) {
			f := cacheimpl.NewFunction[wordy, int](textSpec("keys"))
			for i := range calls {
				_, _ = cacheimpl.Do(ctx, f.Core, long(i), func(context.Context) (int, error) { return i, nil })
			}
		},
		"encoded keys": func(ctx context.Context) {
			f := cacheimpl.NewEncodedFunction[wordy, int](textSpec("encoded"))
			for i := range calls {
				a := long(i)
				_, _ = cacheimpl.DoEncoded(ctx, f.Core, a.AppendCacheKey([]byte{}), a, func(context.Context) (int, error) { return i, nil })
			}
		},
		"tags": func(ctx context.Context) {
			f := cacheimpl.NewFunction[wordy, int](tagged)
			for i := range calls {
				_, _ = cacheimpl.Do(ctx, f.Core, long(i), func(context.Context) (int, error) { return i, nil })
			}
		},
		"errors": func(ctx context.Context) {
			f := cacheimpl.NewFunction[wordy, int](failing)
			for i := range calls {
				_, _ = cacheimpl.Do(ctx, f.Core, wordy{fmt.Sprint(i)}, func(context.Context) (int, error) { return 0, errors.New(long(i).S) })
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := cache.New(cache.Config{URL: "none", MemoryBytes: bound})
			if err != nil {
				t.Fatal(err)
			}
			before := heap()
			call(cache.WithCache(t.Context(), c))
			if grown := heap() - before; grown > bound*3/2 {
				t.Errorf("%d MiB are held, and %d may be", grown>>20, bound>>20)
			}
			runtime.KeepAlive(c)
		})
	}
}

// TestScopesAreBounded has a scope for each of many tenants: what the cache has of them doesn't grow for ever, and scopes that were dropped
// are used again.
func TestScopesAreBounded(t *testing.T) {
	c, err := cache.New(cache.Config{URL: "none", MemoryBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	f := cacheimpl.NewFunction[wordy, int](textSpec("scopes"))
	call := func(tenant int) (ran bool) {
		ctx := cache.WithScope(cache.WithCache(t.Context(), c), cache.Scope{Project: fmt.Sprint(tenant)})
		v, err := cacheimpl.Do(ctx, f.Core, wordy{"a"}, func(context.Context) (int, error) { ran = true; return tenant, nil })
		if err != nil || v != tenant {
			t.Fatalf("tenant %d got %d, %v", tenant, v, err)
		}
		return ran
	}
	before := heap()
	for tenant := range 5000 {
		call(tenant)
		if call(0) && tenant > 0 {
			t.Fatal("a scope that is used all the time was dropped")
		}
	}
	if grown := heap() - before; grown > 4<<20 {
		t.Errorf("%d MiB are held, and one may be", grown>>20)
	}
	if !call(1) || call(1) {
		t.Error("a scope that was dropped does not work again")
	}
	runtime.KeepAlive(c)
}

// TestClosedCachesAreCollected makes, uses and closes caches: nothing keeps them.
func TestClosedCachesAreCollected(t *testing.T) {
	f := cacheimpl.NewFunction[wordy, []byte](cacheimpl.Spec{Name: "room_test.closed", Version: "1"})
	for _, url := range []string{"none", "memory:closed", "dir://" + t.TempDir()} {
		before := heap()
		for i := range 20 {
			c, err := cache.New(cache.Config{URL: url})
			if err != nil {
				t.Fatal(err)
			}
			ctx := cache.WithCache(context.Background(), c)
			for n := range 3 {
				_, _ = cacheimpl.Do(ctx, f.Core, wordy{fmt.Sprint(url, i, n)}, func(context.Context) ([]byte, error) { return make([]byte, 1<<20), nil })
			}
			if err := c.Close(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if grown := heap() - before; grown > 12<<20 {
			t.Errorf("%s: 20 closed caches of 3 MiB keep %d MiB", url, grown>>20)
		}
	}
}

// slowStore takes its time to write.
type slowStore struct {
	store.Store
	write chan struct{}
}

func (s slowStore) Put(ctx context.Context, _ string, _ store.Item) (bool, error) {
	select {
	case <-s.write:
	case <-ctx.Done():
	}
	return false, ctx.Err()
}

func (slowStore) Get(context.Context, string) (store.Item, error) {
	return store.Item{}, store.ErrNotFound
}
func (slowStore) Delete(context.Context, string) error { return nil }
func (slowStore) Close() error                         { return nil }

// TestWritesUnderWayAreBounded has a store that hangs while results wait to be written.
func TestWritesUnderWayAreBounded(t *testing.T) {
	const bound = 16 << 20
	s := slowStore{write: make(chan struct{})}
	c, err := cache.New(cache.Config{Store: s, MemoryBytes: bound})
	if err != nil {
		t.Fatal(err)
	}
	f := cacheimpl.NewFunction[wordy, []byte](cacheimpl.Spec{Name: "room_test.writes", Version: "1"})
	ctx := cache.WithCache(t.Context(), c)
	before := heap()
	for i := range 100 {
		_, _ = cacheimpl.Do(ctx, f.Core, wordy{fmt.Sprint(i)}, func(context.Context) ([]byte, error) { return make([]byte, 3<<20), nil })
	}
	if grown := heap() - before; grown > 3*bound { // Results, and what is written of them.
		t.Errorf("%d MiB are held while %d may be", grown>>20, bound>>20)
	}
	close(s.write)
	if err := c.Close(ctx); err != nil {
		t.Error(err)
	}
}

// TestLargeResults has results of an eighth of the room, and of more.
func TestLargeResults(t *testing.T) {
	const room = 8 << 20
	calls := 0
	s := wrap(cacheimpl.Options{Share: true}, func(_ context.Context, n int) ([]byte, error) { calls++; return make([]byte, n), nil })
	ctx := cache.WithCache(t.Context(), openCache(t, cache.Config{URL: "none", MemoryBytes: room}))
	for _, test := range []struct{ size, calls, tooLarge int }{{room / 8, 1, 0}, {room / 4, 2, 2}} {
		calls = 0
		before := s.cache.Stats().TooLarge
		for range 2 {
			s.must(t, ctx, test.size)
		}
		if n := int(s.cache.Stats().TooLarge - before); calls != test.calls || n != test.tooLarge {
			t.Errorf("%d bytes: %d calls, %d times too large", test.size, calls, n)
		}
	}
}
