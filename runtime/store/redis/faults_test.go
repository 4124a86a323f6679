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
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// TestKilledUnderLoad kills, or stops, a server, and a node of a cluster, while many use it;
// watchers are told that anything may have changed.
func TestKilledUnderLoad(t *testing.T) {
	for name, start := range map[string]func() (url string, victim node){
		"standalone": func() (string, node) {
			n := startNode(t)
			return "redis://" + n.addr, n
		},
		"cluster": func() (string, node) {
			c := startCluster(t)
			return c.url, c.nodes[1]
		},
	} {
		t.Run(name, func(t *testing.T) {
			url, victim := start()
			h, _ := medium(url)
			s := h.Open(t)
			defer s.Close()
			watching := startWatch(t, s)
			watching.reset()
			load := server.StartLoad(t, s, 2*bound) // Twice: the machine is busy.
			load.Works("before the kill")
			for range 3 {
				victim.Kill()
				load.Survives("the kill")
				watching.waitFor(t, "")
				watching.reset()
				victim.Restart()
				load.Works("after the restart")
				watching.waitFor(t, "")
				watching.reset()
			}
			victim.Stop()
			load.Survives("the stop")
			watching.waitFor(t, "")
			watching.reset()
			victim.Continue()
			load.Works("after it continued")
			watching.waitFor(t, "")
			load.Stop()
		})
	}
}

// bound is the store's default timeout.
const bound = 2 * time.Second

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
	waitFor(t, "the store to try again", func() bool { // What failed a moment ago is not tried again at once.
		ok, err := s.Put(t.Context(), "e/x", store.Item{Value: []byte("late"), Stamp: 1})
		return ok && err == nil
	})
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

// TestFullPipeline has more calls meet a server that hangs than the client has room for: each ends
// with its context.
func TestFullPipeline(t *testing.T) {
	n := startNode(t)
	h, _ := medium("redis://" + n.addr + "?timeout=1m") // The client won't help.
	s := h.Open(t)
	defer s.Close()
	mustPut(t, s, "e/x", "value", 1)
	n.Stop()
	defer n.Continue()
	var calls sync.WaitGroup
	var longest atomic.Int64
	for range 5000 {
		calls.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			began := time.Now()
			if _, err := s.Get(ctx, "e/x"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Get whose caller has no time: %v, want the context's error", err)
			}
			longest.Store(max(longest.Load(), int64(time.Since(began))))
		})
	}
	calls.Wait()
	if got := time.Duration(longest.Load()); got > 20*time.Second {
		t.Errorf("a call with 100ms took %v", got)
	}
}
