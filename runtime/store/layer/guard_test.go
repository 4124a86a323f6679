package layer_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/layer"
)

var errBroken = errors.New("broken")

// every calls each guarded method of s once.
func every(ctx context.Context, s store.Store) map[string]error {
	errs := map[string]error{}
	_, errs["Get"] = s.Get(ctx, key)
	_, errs["Put"] = s.Put(ctx, key, store.Item{Stamp: 1})
	errs["Delete"] = s.Delete(ctx, key)
	batcher, _ := store.As[store.Batcher](s)
	_, errs["GetMany"] = batcher.GetMany(ctx, []string{key})
	stamper, _ := store.As[store.Stamper](s)
	_, errs["Stamps"] = stamper.Stamps(ctx, []string{key})
	blobber, _ := store.As[store.Blobber](s)
	_, errs["ReadBlob"] = blobber.ReadBlob(ctx, "p")
	_, errs["WriteBlob"] = blobber.WriteBlob(ctx, "p", nil, true)
	errs["DeleteBlob"] = blobber.DeleteBlob(ctx, "p")
	leaser, _ := store.As[store.Leaser](s)
	_, errs["Acquire"] = leaser.Acquire(ctx, key, time.Minute)
	return errs
}

func TestGuardEndsCallsInTime(t *testing.T) {
	stop := make(chan struct{})
	for name, block := range map[string]func(context.Context){
		"a store that follows contexts": func(ctx context.Context) { <-ctx.Done() },
		"a store that doesn't":          func(context.Context) { <-stop },
		"a store that panics":           func(context.Context) { panic("driver") },
		"a store that exits":            func(context.Context) { runtime.Goexit() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stop = make(chan struct{})
				defer close(stop)
				s := fakestore.New().Open()
				s.Before(func(ctx context.Context, _, _ string) error { block(ctx); return ctx.Err() })
				start := time.Now()
				for call, err := range every(t.Context(), layer.Guard(s, layer.GuardOptions{Failures: 100})) {
					if err == nil || errors.Is(err, layer.ErrResting) {
						t.Errorf("%s: %v", call, err)
					}
				}
				if d := time.Since(start); d > 6*time.Second+4*10*time.Second {
					t.Errorf("took %v", d)
				}
			})
		})
	}
}

func TestGuardedLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := fakestore.New().Open()
		leaser, _ := store.As[store.Leaser](layer.Guard(s, layer.GuardOptions{}))
		l, err := leaser.Acquire(t.Context(), key, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if err := leaser.Await(t.Context(), "e/free"); err != nil {
			t.Error(err)
		}
		if err := l.Extend(t.Context(), time.Minute); err != nil {
			t.Error(err)
		}
		s.Before(func(ctx context.Context, _, _ string) error { <-ctx.Done(); return ctx.Err() })
		start := time.Now()
		if err := l.Extend(t.Context(), time.Minute); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if err := l.Release(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if d := time.Since(start); d != 2*time.Second {
			t.Errorf("took %v", d)
		}
	})
}

// guarded is a guard whose store fails while broken is set, and what it reported.
type guarded struct {
	store.Store
	behind *fakestore.Store
	start  time.Time

	mu     sync.Mutex
	broken error
	events []string
}

// fail has the store's calls fail with err from now on.
func (g *guarded) fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.broken = err
}

func newGuarded() *guarded {
	g := &guarded{behind: fakestore.New().Open(), start: time.Now()}
	g.behind.Before(func(context.Context, string, string) error {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.broken
	})
	g.Store = layer.Guard(g.behind, layer.GuardOptions{Failures: 3, LongestPause: 4 * time.Second, Report: func(err error) {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.events = append(g.events, fmt.Sprint(time.Since(g.start), " ", err))
	}})
	return g
}

// asked gets n times, at once, and returns how often the store was asked.
func (g *guarded) asked(ctx context.Context, n int) int {
	for range n {
		_, _ = g.Get(ctx, key)
	}
	return g.behind.Calls("Get")
}

func TestGuardLeavesABrokenStoreAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuarded()
		g.fail(errBroken)
		for second, want := range map[int]int{0: 3, 1: 1, 2: 0, 3: 1, 6: 0, 7: 1, 11: 1, 14: 0, 15: 1} {
			time.AfterFunc(time.Duration(second)*time.Second, func() {
				if got := g.asked(t.Context(), 10); got != want {
					t.Errorf("at %d s the store was asked %d times, want %d", second, got, want)
				}
				if _, err := g.Get(t.Context(), key); !errors.Is(err, layer.ErrResting) {
					t.Error(err)
				}
			})
		}
		time.Sleep(18 * time.Second)
		g.fail(nil)
		if got := g.asked(t.Context(), 10); got != 0 {
			t.Errorf("asked %d times while it rests", got)
		}
		time.Sleep(time.Second)
		if got := g.asked(t.Context(), 10); got != 10 {
			t.Errorf("asked %d times after it recovered", got)
		}
		g.fail(errBroken)
		if got := g.asked(t.Context(), 10); got != 3 {
			t.Errorf("asked %d times when it broke again", got)
		}
		want := []string{
			"0s " + layer.ErrResting.Error() + ": broken", "19s " + layer.ErrRecovered.Error(), "19s " + layer.ErrResting.Error() + ": broken",
		}
		if !slices.Equal(g.events, want) {
			t.Errorf("reported %q", g.events)
		}
	})
}

func TestGuardCountsOnlyFaultsInARow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuarded()
		g.fail(store.ErrNotFound)
		if got := g.asked(t.Context(), 10); got != 10 {
			t.Errorf("asked %d times for what is absent", got)
		}
		for range 10 {
			g.fail(errBroken)
			g.asked(t.Context(), 2)
			g.fail(store.ErrNotFound)
			if got := g.asked(t.Context(), 1); got != 1 {
				t.Error("an answer doesn't count")
			}
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		g.fail(context.Canceled)
		g.asked(ended, 10)
		synctest.Wait() // for calls that nobody waits for
		g.behind.Calls("Get")
		g.fail(nil)
		if got := g.asked(t.Context(), 1); got != 1 {
			t.Error("callers that left count as faults")
		}
		if len(g.events) > 0 {
			t.Errorf("reported %q", g.events)
		}
	})
}

func TestOneTriesAStoreThatRested(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuarded()
		g.fail(errBroken)
		g.asked(t.Context(), 3)
		time.Sleep(time.Second)
		g.behind.Before(func(ctx context.Context, _, _ string) error { <-ctx.Done(); return ctx.Err() })
		for range 5 {
			go func() { _, _ = g.Get(t.Context(), key) }()
		}
		synctest.Wait()
		if got := g.behind.Calls("Get"); got != 1 {
			t.Errorf("%d calls try", got)
		}
		time.Sleep(time.Second)
		// A try whose caller leaves says nothing: the next one tries.
		time.Sleep(2 * time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, _ = g.Get(ctx, key)
		g.behind.Before(nil)
		if got := g.asked(t.Context(), 1); got != 2 {
			t.Errorf("%d calls after the first try's caller left", got)
		}
	})
}
