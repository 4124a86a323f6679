package leases_test

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/leases"
)

// medium is a map. lose makes the next write take place and fail, twice runs a write again after it
// took place.
type medium struct {
	mu      sync.Mutex
	records map[string]versioned
	n       int
	lose    bool
	twice   bool
}

type versioned struct {
	record  []byte
	version string
}

func (m *medium) Read(_ context.Context, key string) ([]byte, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.records[key]
	if !ok {
		return nil, "", store.ErrNotFound
	}
	return v.record, v.version, nil
}

func (m *medium) Write(_ context.Context, key string, record []byte, version string, _ time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records[key].version != version {
		return false, nil
	}
	m.n++
	m.records[key] = versioned{bytes.Clone(record), strconv.Itoa(m.n)}
	if m.lose {
		m.lose = false
		return false, errors.New("no answer")
	}
	if m.twice {
		m.twice = false
		return false, nil
	}
	return true, nil
}

func (m *medium) Remove(_ context.Context, key, version string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records[key].version == version {
		delete(m.records, key)
	}
	return nil
}

func (m *medium) has(key string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.records[key]
	return ok
}

func run(t *testing.T, test func(t *testing.T, m *medium, one, two *leases.Leaser)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := &medium{records: map[string]versioned{}}
		test(t, m, leases.New(m), leases.New(m))
	})
}

const key = "e/x"

func wantHeld(t *testing.T, l *leases.Leaser) {
	t.Helper()
	if _, err := l.Acquire(t.Context(), key, time.Minute); !errors.Is(err, store.ErrHeld) {
		t.Fatalf("Acquire of a lease that is held: %v, want ErrHeld", err)
	}
}

func acquire(t *testing.T, l *leases.Leaser, ttl time.Duration) store.Lease {
	t.Helper()
	lease, err := l.Acquire(t.Context(), key, ttl)
	if err != nil {
		t.Fatalf("Acquire of a free lease: %v", err)
	}
	return lease
}

func TestTakeover(t *testing.T) {
	run(t, func(t *testing.T, _ *medium, one, two *leases.Leaser) {
		lost := acquire(t, one, 10*time.Second)
		wantHeld(t, two)
		time.Sleep(9 * time.Second)
		wantHeld(t, two)
		time.Sleep(2 * time.Second)
		held := acquire(t, two, time.Minute)
		if err := lost.Extend(t.Context(), time.Minute); !errors.Is(err, store.ErrHeld) {
			t.Errorf("Extend of a lease that was taken over: %v, want ErrHeld", err)
		}
		if err := lost.Release(t.Context()); err != nil {
			t.Errorf("Release of a lease that was taken over: %v", err)
		}
		wantHeld(t, one)
		if err := held.Release(t.Context()); err != nil {
			t.Error(err)
		}
		acquire(t, one, time.Minute)
	})
}

// TestClocks has the record say that it ran out a moment ago, as a holder's clock that is behind
// does: it is not believed at once.
func TestClocks(t *testing.T) {
	run(t, func(t *testing.T, _ *medium, one, two *leases.Leaser) {
		acquire(t, one, 10*time.Second)
		time.Sleep(30 * time.Second)
		wantHeld(t, two) // First seen now.
		time.Sleep(10 * time.Second)
		acquire(t, two, time.Minute)
	})
	run(t, func(t *testing.T, _ *medium, one, two *leases.Leaser) {
		acquire(t, one, 10*time.Second)
		time.Sleep(2 * time.Minute)
		acquire(t, two, time.Minute) // No clock is that wrong.
	})
}

func TestExtended(t *testing.T) {
	run(t, func(t *testing.T, _ *medium, one, two *leases.Leaser) {
		lease := acquire(t, one, 10*time.Second)
		for range 50 {
			wantHeld(t, two)
			time.Sleep(8 * time.Second)
			if err := lease.Extend(t.Context(), 10*time.Second); err != nil {
				t.Fatal(err)
			}
		}
		wantHeld(t, two)
	})
}

func TestAwait(t *testing.T) {
	for name, free := range map[string]func(context.Context, store.Lease) time.Duration{
		"released": func(ctx context.Context, l store.Lease) time.Duration {
			time.Sleep(3 * time.Second)
			_ = l.Release(ctx)
			return 3 * time.Second
		},
		"crashed": func(context.Context, store.Lease) time.Duration { return 30 * time.Second },
		"extended once": func(ctx context.Context, l store.Lease) time.Duration {
			time.Sleep(20 * time.Second)
			_ = l.Extend(ctx, 30*time.Second)
			return 50 * time.Second
		},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, _ *medium, one, two *leases.Leaser) {
				lease, began := acquire(t, one, 30*time.Second), time.Now()
				woken := make(chan time.Duration)
				go func() {
					if err := two.Await(t.Context(), key); err != nil {
						t.Error(err)
					}
					woken <- time.Since(began)
				}()
				want := free(t.Context(), lease)
				if got := <-woken; got < want || got > want+2*time.Second {
					t.Errorf("Await returned after %v, want %v or a little more", got, want)
				}
				acquire(t, two, time.Minute)
			})
		})
	}
	run(t, func(t *testing.T, _ *medium, one, two *leases.Leaser) {
		acquire(t, one, time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := two.Await(ctx, key); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Await past its context: %v", err)
		}
	})
}

func TestLostAnswers(t *testing.T) {
	run(t, func(t *testing.T, m *medium, one, two *leases.Leaser) {
		m.lose = true
		if _, err := one.Acquire(t.Context(), key, time.Hour); err == nil {
			t.Fatal("Acquire without an answer succeeds")
		}
		synctest.Wait()
		acquire(t, two, time.Minute)
	})
	run(t, func(t *testing.T, m *medium, one, two *leases.Leaser) {
		m.twice = true
		acquire(t, one, time.Minute)
		wantHeld(t, two)
	})
}

func TestUnreadable(t *testing.T) {
	run(t, func(t *testing.T, m *medium, one, two *leases.Leaser) {
		m.records[key] = versioned{[]byte("garbage"), "0"}
		acquire(t, one, time.Minute)
		wantHeld(t, two)
	})
}

func TestClose(t *testing.T) {
	run(t, func(t *testing.T, m *medium, one, two *leases.Leaser) {
		acquire(t, one, time.Hour)
		one.Close()
		if m.has(key) {
			t.Error("a closed leaser's lease is held")
		}
		acquire(t, two, time.Hour)
	})
}
