package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

type leaseUser struct {
	user
	store.Leaser
}

func (m *medium) leaser(t testing.TB) leaseUser {
	t.Helper()
	s := m.user(t)
	return leaseUser{s, as[store.Leaser](s.Store)}
}

func (u leaseUser) acquire(key string, ttl time.Duration) store.Lease {
	u.t.Helper()
	lease, err := u.Acquire(u.t.Context(), key, ttl)
	if err != nil {
		u.t.Fatalf("Acquire(%q): %v, want the lease: it is free", key, err)
	}
	return lease
}

func (u leaseUser) wantHeld(key string, ttl time.Duration) {
	u.t.Helper()
	if _, err := u.Acquire(u.t.Context(), key, ttl); !errors.Is(err, store.ErrHeld) {
		u.t.Fatalf("Acquire(%q): %v, want ErrHeld: another has it", key, err)
	}
}

// eventuallyAcquire waits as the runtime does: acquire, await, again.
func (u leaseUser) eventuallyAcquire(key string, ttl time.Duration) store.Lease {
	u.t.Helper()
	ctx, cancel := context.WithTimeout(u.t.Context(), ttl+patience)
	defer cancel()
	for {
		lease, err := u.Acquire(ctx, key, ttl)
		if err == nil {
			return lease
		}
		if !errors.Is(err, store.ErrHeld) {
			u.t.Fatalf("Acquire(%q): %v, want the lease or ErrHeld", key, err)
		}
		if err := u.Await(ctx, key); err != nil {
			u.t.Fatalf("Await(%q): %v: the lease was to be free by now", key, err)
		}
	}
}

func release(t testing.TB, lease store.Lease) {
	t.Helper()
	if err := lease.Release(context.WithoutCancel(t.Context())); err != nil {
		t.Fatalf("Release: %v", err)
	}
}

func testLeases(t *testing.T, m *medium) {
	ttl := m.leaseTTL()
	const long = time.Hour

	t.Run("one holder at a time", func(t *testing.T) {
		one, two := m.leaser(t), m.leaser(t)
		lease := one.acquire(key("one", 0), long)
		two.wantHeld(key("one", 0), long)
		one.wantHeld(key("one", 0), long)
		release(t, two.acquire(key("one", 1), long))
		release(t, lease)
		release(t, two.acquire(key("one", 0), long))
		release(t, one.acquire(key("one", 0), long))
	})
	t.Run("leases and items do not meet", func(t *testing.T) {
		s := m.leaser(t)
		s.put(key("meet", 0), epoch, []byte("item"))
		lease := s.acquire(key("meet", 0), long)
		s.wantItem(key("meet", 0), epoch, []byte("item"))
		s.wantNone(key("meet", 1))
		if l, ok := store.As[store.Lister](s.Store); ok {
			if got := listed(t, l, "e/example.com_meet"); len(got) != 1 {
				t.Errorf("List = %q, want the item alone", got)
			}
		}
		s.delete(key("meet", 0))
		s.wantHeld(key("meet", 0), long)
		release(t, lease)
	})
	t.Run("awkward keys are apart", func(t *testing.T) {
		one, two := m.leaser(t), m.leaser(t)
		var leases []store.Lease
		for _, k := range awkwardKeys {
			leases = append(leases, one.acquire(k, long))
		}
		for i, k := range awkwardKeys {
			two.wantHeld(k, long)
			release(t, leases[i])
			release(t, two.acquire(k, long))
		}
	})
	t.Run("releasing twice is no error", func(t *testing.T) {
		one, two := m.leaser(t), m.leaser(t)
		lease := one.acquire(key("twice", 0), long)
		release(t, lease)
		held := two.acquire(key("twice", 0), long)
		release(t, lease)
		one.wantHeld(key("twice", 0), long)
		release(t, held)
	})
	t.Run("a released lease can't be extended", func(t *testing.T) {
		s := m.leaser(t)
		lease := s.acquire(key("extend", 0), long)
		release(t, lease)
		if err := lease.Extend(t.Context(), long); !errors.Is(err, store.ErrHeld) {
			t.Errorf("Extend after Release: %v, want ErrHeld", err)
		}
		release(t, s.acquire(key("extend", 0), long))
	})
	t.Run("a lease that runs out is free", func(t *testing.T) {
		one, two := m.leaser(t), m.leaser(t)
		lost := one.acquire(key("out", 0), ttl)
		held := two.eventuallyAcquire(key("out", 0), long)
		if err := lost.Extend(t.Context(), long); !errors.Is(err, store.ErrHeld) {
			t.Errorf("Extend of a lease that ran out and was taken: %v, want ErrHeld", err)
		}
		release(t, lost)
		one.wantHeld(key("out", 0), long)
		release(t, held)
	})
	t.Run("an extended lease stays", func(t *testing.T) {
		one, two := m.leaser(t), m.leaser(t)
		lease := one.acquire(key("stays", 0), ttl)
		if err := lease.Extend(t.Context(), long); err != nil {
			t.Fatalf("Extend: %v", err)
		}
		time.Sleep(ttl + ttl/4)
		two.wantHeld(key("stays", 0), long)
		release(t, lease)
		release(t, two.acquire(key("stays", 0), long))
	})
	t.Run("an extension can shorten", func(t *testing.T) {
		one, two := m.leaser(t), m.leaser(t)
		lease := one.acquire(key("shorten", 0), long)
		if err := lease.Extend(t.Context(), ttl/2); err != nil {
			t.Fatalf("Extend: %v", err)
		}
		release(t, two.eventuallyAcquire(key("shorten", 0), ttl))
		release(t, lease)
	})
	t.Run("awaiting a free lease returns", func(t *testing.T) {
		s := m.leaser(t)
		if err := s.Await(limited(t), key("free", 0)); err != nil {
			t.Errorf("Await of a lease that nobody holds: %v", err)
		}
	})
	t.Run("a release wakes who awaits", func(t *testing.T) {
		one, two := m.leaser(t), m.leaser(t)
		lease := one.acquire(key("wake", 0), long)
		woken := make(chan error, 3)
		for range 2 {
			go func() { woken <- two.Await(limited(t), key("wake", 0)) }()
		}
		go func() { woken <- one.Await(limited(t), key("wake", 0)) }()
		time.Sleep(100 * time.Millisecond)
		release(t, lease)
		for range 3 {
			if err := <-woken; err != nil {
				t.Errorf("Await of a lease that was released: %v", err)
			}
		}
	})
	t.Run("awaiting ends with its context", func(t *testing.T) {
		one, two := m.leaser(t), m.leaser(t)
		lease := one.acquire(key("await", 0), long)
		ctx, cancel := context.WithCancel(t.Context())
		woken := make(chan error, 1)
		go func() {
			for { // It may wake when it can't tell.
				if err := two.Await(ctx, key("await", 0)); err != nil {
					woken <- err
					return
				}
			}
		}()
		time.Sleep(50 * time.Millisecond)
		cancel()
		promptly(t, "Await after its context ended", func() {
			if err := <-woken; !errors.Is(err, context.Canceled) {
				t.Errorf("Await whose context was cancelled: %v, want context.Canceled", err)
			}
		})
		release(t, lease)
	})
	t.Run("the lease of a closed user is free", func(t *testing.T) {
		gone, two := m.Open(t), m.leaser(t)
		if _, err := as[store.Leaser](gone).Acquire(t.Context(), key("closed", 0), ttl); err != nil {
			t.Fatal(err)
		}
		if err := gone.Close(); err != nil {
			t.Fatal(err)
		}
		release(t, two.eventuallyAcquire(key("closed", 0), ttl))
	})
	t.Run("holders exclude each other", func(t *testing.T) {
		const users, rounds = 4, 5
		var holding, total atomic.Int64
		var wg sync.WaitGroup
		for range users {
			s := m.leaser(t)
			wg.Go(func() {
				for range rounds {
					lease, err := acquireOrAwait(limitedTo(t, 3*patience), s, key("exclude", 0), long)
					if err != nil {
						t.Error(err)
						return
					}
					if n := holding.Add(1); n != 1 {
						t.Errorf("%d users hold one lease", n)
					}
					time.Sleep(time.Millisecond)
					total.Add(1)
					holding.Add(-1)
					if err := lease.Release(t.Context()); err != nil {
						t.Errorf("Release: %v", err)
					}
				}
			})
		}
		wg.Wait()
		if got := total.Load(); got != users*rounds {
			t.Errorf("the lease was held %d times, want %d", got, users*rounds)
		}
	})
}

func limitedTo(t testing.TB, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// acquireOrAwait takes the lease called key, awaiting its holders.
func acquireOrAwait(ctx context.Context, s store.Leaser, key string, ttl time.Duration) (store.Lease, error) {
	for {
		lease, err := s.Acquire(ctx, key, ttl)
		if !errors.Is(err, store.ErrHeld) {
			return lease, err
		}
		if err := s.Await(ctx, key); err != nil {
			return nil, fmt.Errorf("await %q: %w", key, err)
		}
	}
}
