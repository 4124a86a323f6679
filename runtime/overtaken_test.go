package cache_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
)

// These tests have writes overtake each other: what takes long, or comes to nothing, must not bring back what was replaced meanwhile.

var errCut = errors.New("the store is cut off")

// entries calls hook before calls of the store that concern results.
func entries(hook func(ctx context.Context, op string) error) func(context.Context, string, string) error {
	return func(ctx context.Context, op, key string) error {
		if strings.HasPrefix(key, store.MarkPrefix) || !strings.Contains(key, "/") {
			return nil
		}
		return hook(ctx, op)
	}
}

// A refresh whose result memory can't keep, for something was forgotten that might have concerned it, replaces what memory has all the same.
func TestRefreshReplacesWhatMemoryHas(t *testing.T) {
	for name, open := range map[string]func(*testing.T) context.Context{
		"memory alone": func(t *testing.T) context.Context { ctx, _ := over(t, nil); return ctx },
		"a store":      func(t *testing.T) context.Context { return newProcess(t, fakestore.New()).ctx },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := open(t)
				var c counter
				s := wrapSpec(cacheimpl.Spec{Tags: cacheimpl.Of(func(n number) []string { return []string{strconv.Itoa(n.N)} })}, slowly(c.next))
				s.must(t, ctx, 1)
				go func() {
					time.Sleep(time.Second)
					if err := cache.ForgetTags(ctx, "2"); err != nil {
						t.Error(err)
					}
				}()
				if n := s.must(t, cache.WithMode(ctx, cache.Refresh), 1); n != 2 {
					t.Fatalf("the refresh returned result %d", n)
				}
				time.Sleep(time.Second)
				if n := s.must(t, ctx, 1); n < 2 {
					t.Errorf("result %d came back after the refresh", n)
				}
			})
		})
	}
}

// While a removal is on its way to the store an execution comes to a result that can't be written. That must not have the store believed again.
func TestFailedWriteLeavesRemoval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProcess(t, fakestore.New())
		var c counter
		s := wrap(cacheimpl.Options{MemoryEntries: 1}, slowly(c.next))
		s.must(t, p.ctx, 1)
		flush(t, p.cache)
		var removing atomic.Bool
		removing.Store(true)
		p.store.Before(entries(func(ctx context.Context, op string) error {
			switch {
			case op != "Put":
				return nil
			case removing.CompareAndSwap(true, false):
				time.Sleep(4 * time.Second)
				return nil
			}
			return errCut
		}))
		forgotten := make(chan error)
		go func() { forgotten <- s.cache.Forget(p.ctx, number{1}) }()
		time.Sleep(time.Second)
		quick := wrapSpec(cacheimpl.Spec{Name: s.spec.Name, Options: s.spec.Options}, c.next)
		quick.must(t, p.ctx, 1)
		quick.must(t, p.ctx, 2) // which takes the only place in memory
		time.Sleep(time.Second) // the writes have failed
		if n := quick.must(t, p.ctx, 1); n == 1 {
			t.Error("what is being forgotten came back from the store")
		}
		if err := <-forgotten; err != nil {
			t.Fatal(err)
		}
		if n := quick.must(t, p.ctx, 1); n == 1 {
			t.Error("what was forgotten came back")
		}
	})
}

// While what was put is on its way to the store, what the store still has must not take its place in memory.
func TestPutCountsWhileItIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		p, q := newProcess(t, m), newProcess(t, m)
		var c counter
		s := wrap(cacheimpl.Options{MemoryEntries: 1}, c.next)
		s.must(t, q.ctx, 1)
		flush(t, q.cache)
		p.store.Before(entries(func(_ context.Context, op string) error {
			if op == "Put" {
				time.Sleep(4 * time.Second)
			}
			return nil
		}))
		put := make(chan error)
		go func() { put <- s.cache.Put(p.ctx, number{1}, 100) }()
		time.Sleep(time.Second)
		s.must(t, p.ctx, 2) // which takes the only place in memory
		if n := s.must(t, p.ctx, 1); n != 100 {
			t.Errorf("got %d while 100 was put", n)
		}
		if err := <-put; err != nil {
			t.Fatal(err)
		}
		if n := s.must(t, p.ctx, 1); n != 100 {
			t.Errorf("got %d after 100 was put", n)
		}
	})
}

// A result is on its way to the store when another process puts one. Then the store hangs.
func TestUnansweredReadBringsBackNoWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		p, q := newProcess(t, m), newProcess(t, m)
		var c counter
		s := wrap(cacheimpl.Options{}, c.next)
		var hangs atomic.Bool
		p.store.Before(entries(func(ctx context.Context, op string) error {
			if op == "Put" || hangs.Load() {
				select {
				case <-ctx.Done():
				case <-time.After(4 * time.Second):
				}
			}
			return ctx.Err()
		}))
		s.must(t, p.ctx, 1)
		if err := s.cache.Put(q.ctx, number{1}, 100); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		hangs.Store(true)
		if n := s.must(t, p.ctx, 1); n == 1 {
			t.Error("what another process replaced came back")
		}
	})
}

// Memory has a result that could not be written, with a late stamp, and the store another one by now. Whoever used that does not go back.
func TestWhatTheStoreDeniedIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		p, q := newProcess(t, m), newProcess(t, m)
		var c counter
		s := wrap(cacheimpl.Options{}, c.next)
		fail := func(err error) {
			p.store.Before(entries(func(context.Context, string) error { return err }))
		}
		fail(errCut)
		s.must(t, cache.WithMode(p.ctx, cache.Refresh), 1)
		flush(t, p.cache)
		fail(nil)
		time.Sleep(time.Second) // nothing rests any more
		s.must(t, q.ctx, 1)
		flush(t, q.cache)
		time.Sleep(time.Second)
		if n := s.must(t, p.ctx, 1); n != 2 {
			t.Fatalf("got %d, want what the store has", n)
		}
		fail(errCut)
		if n := s.must(t, p.ctx, 1); n == 1 {
			t.Error("what the store denied came back when it failed")
		}
	})
}

// What memory has is unsure after an outage, and a call in haste has no time to ask the store, which is well.
func TestHasteDoesNotMakeSure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		p, q := newProcess(t, m), newProcess(t, m)
		var c counter
		s := wrap(cacheimpl.Options{}, c.next)
		s.must(t, p.ctx, 1)
		flush(t, p.cache)
		p.store.Before(entries(func(ctx context.Context, op string) error {
			if op == "Stamps" {
				return errCut // so p does not hear what was forgotten
			}
			time.Sleep(10 * time.Millisecond)
			return nil
		}))
		if err := s.cache.Forget(q.ctx, number{1}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		hasty, cancel := context.WithTimeout(p.ctx, 8*time.Millisecond)
		defer cancel()
		if n := s.must(t, hasty, 1); n == 1 {
			t.Error("what was forgotten came back, for the call had no time to ask")
		}
		time.Sleep(time.Second) // the store answers
	})
}

// A call finds something in memory and waits for another one, which is given up. What was removed meanwhile does not come back by the call that takes over.
func TestTakingOverBringsNothingBack(t *testing.T) {
	for name, test := range map[string]struct {
		options cacheimpl.Options
		store   func(ctx context.Context, op string) error // nil: memory alone
		age     time.Duration
	}{
		"what the store did not confirm": {store: func(ctx context.Context, op string) error {
			if op == "Get" {
				<-ctx.Done()
			}
			return ctx.Err()
		}},
		"what is too old, but would do": {options: cacheimpl.Options{MaxAge: time.Minute, StaleIfError: time.Hour}, age: 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const takes = 20 * time.Millisecond
				var p *process
				ctx, failing := context.Context(nil), atomic.Bool{}
				if test.store == nil {
					ctx, _ = over(t, nil)
				} else {
					p = newProcess(t, fakestore.New())
					ctx = p.ctx
					p.store.Before(entries(func(ctx context.Context, op string) error {
						if op == "Put" {
							return errCut
						}
						return test.store(ctx, op)
					}))
				}
				var c counter
				s := wrap(test.options, func(ctx context.Context, n int) (int, error) {
					select {
					case <-time.After(takes):
					case <-ctx.Done():
						return 0, ctx.Err()
					}
					if failing.Load() {
						return 0, errors.New("failed")
					}
					return c.next(ctx, n)
				})
				if n := s.must(t, ctx, 1); n != 1 {
					t.Fatalf("got %d at first", n)
				}
				time.Sleep(test.age + time.Second)
				if p != nil {
					p.store.Before(entries(test.store))
				}
				failing.Store(test.options.StaleIfError > 0)
				var calls sync.WaitGroup
				calls.Go(func() { // is given up
					hasty, cancel := context.WithTimeout(ctx, takes/2)
					defer cancel()
					_, _ = s.call(hasty, 1)
				})
				time.Sleep(takes / 16)
				calls.Go(func() { _, _ = s.call(ctx, 1) }) // takes over
				time.Sleep(takes / 16)
				if err := s.cache.Forget(ctx, number{1}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(takes)
				if n, err := s.call(ctx, 1); err == nil && n == 1 { // joins that, or finds what it left
					t.Error("what was forgotten came back")
				}
				calls.Wait()
				if n, err := s.call(ctx, 1); err == nil && n == 1 {
					t.Error("what was forgotten came back later on")
				}
			})
		})
	}
}
