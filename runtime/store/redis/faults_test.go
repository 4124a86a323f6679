package redis_test

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

// TestKilledUnderLoad kills a server, and a node of a cluster, while many use it: no call takes longer than its bound, no answer
// is wrong, what was acknowledged before the server was idle is there after it is back, and watchers are told that anything may have changed.
func TestKilledUnderLoad(t *testing.T) {
	t.Run("standalone", func(t *testing.T) {
		n := startNode(t)
		testKilledUnderLoad(t, "redis://"+n.addr, n)
	})
	t.Run("cluster", func(t *testing.T) {
		c := startCluster(t)
		testKilledUnderLoad(t, c.url, c.nodes[1])
	})
}

const bound = 2 * time.Second

func testKilledUnderLoad(t *testing.T, url string, victim node) {
	h, _ := medium(url)
	s := h.Open(t)
	defer s.Close()
	watching := startWatch(t, s)
	watching.waitFor(t, "")
	watching.reset()

	var users sync.WaitGroup
	var done, failed atomic.Int64
	stop := make(chan struct{})
	for u := range 8 {
		users.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				began := time.Now()
				err := use(t, s, fmt.Sprintf("e/load/%d-%d", u, i%20), int64(i))
				if took := time.Since(began); took > 4*bound {
					t.Errorf("four calls took %v, the bound of each is %v", took, bound)
				}
				if done.Add(1); err != nil {
					failed.Add(1)
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	progress := func(what string, n *atomic.Int64) {
		t.Helper()
		before := n.Load()
		waitFor(t, what, func() bool { return n.Load() > before+100 })
	}
	progress("calls before the kill", &done)
	for range 3 {
		victim.Kill()
		progress("calls to fail", &failed)
		watching.waitFor(t, "")
		watching.reset()
		victim.Restart()
		watching.waitFor(t, "")
		watching.reset()
		waitFor(t, "calls to work again", func() bool {
			before := failed.Load()
			progress("calls after the restart", &done)
			return failed.Load() == before
		})
	}
	close(stop)
	users.Wait()
}

// use puts, gets, and takes a lease. It returns the first error; a wrong answer fails the test.
func use(t *testing.T, s store.Store, key string, stamp int64) error {
	value := fmt.Sprintf("%s at %d", key, stamp)
	_, err := s.Put(t.Context(), key, store.Item{Value: []byte(value), Stamp: stamp})
	if err != nil {
		return err
	}
	item, err := s.Get(t.Context(), key)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil && string(item.Value) != fmt.Sprintf("%s at %d", key, item.Stamp) {
		t.Errorf("Get(%q) = %q with stamp %d", key, item.Value, item.Stamp)
	}
	lease, err := s.(store.Leaser).Acquire(t.Context(), key, time.Second)
	if errors.Is(err, store.ErrHeld) {
		return nil // Ours, lost in the crash or not, from the round before.
	}
	if err != nil {
		return err
	}
	return lease.Release(t.Context())
}

// TestAbsentAtStart opens a store whose server is not there yet.
func TestAbsentAtStart(t *testing.T) {
	n := startNode(t)
	n.Kill()
	h, _ := medium("redis://" + n.addr)
	s := h.Open(t)
	defer s.Close()
	began := time.Now()
	if _, err := s.Get(t.Context(), "e/x"); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("Get without a server: %v, want an error that is not ErrNotFound", err)
	}
	if took := time.Since(began); took > 2*bound {
		t.Errorf("Get without a server took %v", took)
	}
	w := startWatch(t, s)
	w.waitFor(t, "")
	w.reset()
	n.Restart()
	w.waitFor(t, "")
	mustPut(t, s, "e/x", "late", 1)
	mustGet(t, s, "e/x", "late")
}

// TestHangingServer opens a store whose server accepts and says nothing.
func TestHangingServer(t *testing.T) {
	n := startNode(t)
	n.Stop()
	defer n.Continue()
	began := time.Now()
	h, _ := medium("redis://" + n.addr + "?timeout=200ms")
	s := h.Open(t)
	for range 3 {
		if _, err := s.Get(t.Context(), "e/x"); err == nil || errors.Is(err, store.ErrNotFound) {
			t.Errorf("Get from a server that hangs: %v, want an error that is not ErrNotFound", err)
		}
	}
	s.Close()
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("opening, three reads and closing took %v, each has 200ms", took)
	}
}

// TestWaiterOfLostServer has the server die under a waiter: it wakes, and can go on without.
func TestWaiterOfLostServer(t *testing.T) {
	n := startNode(t)
	h, _ := medium("redis://" + n.addr)
	holder, waiter := h.Open(t), h.Open(t)
	defer holder.Close()
	defer waiter.Close()
	if _, err := holder.(store.Leaser).Acquire(t.Context(), "e/x", time.Hour); err != nil {
		t.Fatal(err)
	}
	woken := make(chan error, 1)
	go func() { woken <- waiter.(store.Leaser).Await(t.Context(), "e/x") }()
	select {
	case err := <-woken:
		t.Fatalf("Await of a held lease returned %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	n.Kill()
	select {
	case err := <-woken:
		if err != nil {
			t.Errorf("Await whose server died: %v, want nil: it can't tell", err)
		}
	case <-time.After(time.Minute):
		t.Error("Await does not notice that its server died")
	}
}

// TestLeaseWithoutAnswer loses the answer to a lease that was granted: it does not stay held.
func TestLeaseWithoutAnswer(t *testing.T) {
	n := startNode(t)
	h, _ := medium("redis://" + n.addr + "?timeout=300ms")
	one, two := h.Open(t), h.Open(t)
	defer one.Close()
	defer two.Close()
	mustPut(t, one, "e/warm", "up", 1)
	n.Stop()
	if _, err := one.(store.Leaser).Acquire(t.Context(), "e/x", time.Hour); err == nil {
		t.Fatal("a stopped server gave a lease")
	}
	n.Continue()
	waitFor(t, "the lease to be free", func() bool {
		l, err := two.(store.Leaser).Acquire(t.Context(), "e/x", time.Hour)
		if err == nil {
			err = l.Release(t.Context())
		}
		return err == nil
	})
}

func mustPut(t testing.TB, s store.Store, key, value string, stamp int64) {
	t.Helper()
	if ok, err := s.Put(t.Context(), key, store.Item{Value: []byte(value), Stamp: stamp}); !ok || err != nil {
		t.Fatalf("Put(%q, %q, %d) = %v, %v", key, value, stamp, ok, err)
	}
}

func mustGet(t testing.TB, s store.Store, key, want string) {
	t.Helper()
	if item, err := s.Get(t.Context(), key); err != nil || string(item.Value) != want {
		t.Fatalf("Get(%q) = %q, %v, want %q", key, item.Value, err, want)
	}
}

// watch collects what a watcher reports.
type watch struct {
	mu   sync.Mutex
	seen map[string]bool
}

func startWatch(t *testing.T, s store.Store) *watch {
	t.Helper()
	w := &watch{seen: map[string]bool{}}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		_ = s.(store.Watcher).Watch(ctx, func(key string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.seen[key] = true
		})
	})
	t.Cleanup(func() { cancel(); running.Wait() })
	w.waitFor(t, "")
	return w
}

func (w *watch) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.seen)
}

// waitFor waits until exactly key was reported: the empty key stands for itself alone.
func (w *watch) waitFor(t *testing.T, key string) {
	t.Helper()
	waitFor(t, fmt.Sprintf("a report of %q", key), func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.seen[key]
	})
}
