package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

// watched collects what a watcher reports.
type watched struct {
	mu   sync.Mutex
	seen map[string]int
}

// watch starts to watch s, and returns after its first report.
func watch(t *testing.T, s store.Store) *watched {
	t.Helper()
	w := &watched{seen: map[string]int{}}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	var inside atomic.Bool
	go func() {
		ended <- as[store.Watcher](s).Watch(ctx, func(key string) {
			if !inside.CompareAndSwap(false, true) {
				t.Error("calls to changed overlap")
			}
			defer inside.Store(false)
			w.mu.Lock()
			defer w.mu.Unlock()
			w.seen[key]++
		})
	}()
	t.Cleanup(func() {
		cancel()
		promptly(t, "Watch after its context ended", func() {
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("Watch ended with %v, want its context's error", err)
			}
		})
	})
	eventually(t, `Watch reports "" when it starts`, func() bool { return w.count("") > 0 })
	return w
}

func (w *watched) count(key string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen[key]
}

// reset forgets what was reported.
func (w *watched) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.seen)
}

// wants waits until key was reported, or anything may have changed.
func (w *watched) wants(t testing.TB, key, after string) {
	t.Helper()
	eventually(t, fmt.Sprintf("Watch reports %q after %s", key, after), func() bool { return w.count(key) > 0 || w.count("") > 0 })
}

func testWatching(t *testing.T, m *medium) {
	t.Run("replaced, deleted and forgotten keys are reported", func(t *testing.T) {
		me, other := m.user(t), m.user(t)
		k := func(i int) string { return key("watch", i) }
		other.put(k(0), epoch, []byte("theirs"))
		other.put(k(1), epoch, []byte("theirs"))
		w := watch(t, me.Store)
		me.wantItem(k(0), epoch, []byte("theirs"))
		me.wantItem(k(1), epoch, []byte("theirs"))
		me.put(k(2), epoch, []byte("mine"))
		me.put(k(3), epoch, []byte("mine"))
		me.wantNone(k(4))
		w.reset()

		other.put(k(0), epoch+1, []byte("replaced"))
		w.wants(t, k(0), "another user's put over what was got")
		other.delete(k(1))
		w.wants(t, k(1), "another user's delete of what was got")
		other.put(k(2), epoch+1, []byte("replaced"))
		w.wants(t, k(2), "another user's put over what was put")
		other.delete(k(3))
		w.wants(t, k(3), "another user's delete of what was put")
		other.put(k(4), epoch, []byte("new"))
		w.wants(t, k(4), "another user's put of what was got and not found")
	})
	t.Run("a key is reported each time", func(t *testing.T) {
		me, other := m.user(t), m.user(t)
		w := watch(t, me.Store)
		for i := range int64(5) {
			other.put(key("again", 0), epoch+2*i, []byte("value"))
			me.wantItem(key("again", 0), epoch+2*i, []byte("value"))
			w.reset()
			other.put(key("again", 0), epoch+2*i+1, []byte("newer"))
			w.wants(t, key("again", 0), fmt.Sprintf("put %d", i))
		}
	})
	if implements[store.Stamper](m.user(t).Store, m.Harness) {
		t.Run("what was asked for its stamp is reported", func(t *testing.T) {
			me, other := m.user(t), m.user(t)
			other.put(key("stamped", 0), epoch, []byte("theirs"))
			w := watch(t, me.Store)
			if _, err := as[store.Stamper](me.Store).Stamps(t.Context(), []string{key("stamped", 0)}); err != nil {
				t.Fatalf("Stamps: %v", err)
			}
			w.reset()
			other.put(key("stamped", 0), epoch+1, []byte("newer"))
			w.wants(t, key("stamped", 0), "a put of a key that Stamps was asked for")
		})
	}
	t.Run("a put that lost need not be reported, what follows is", func(t *testing.T) {
		me, other := m.user(t), m.user(t)
		w := watch(t, me.Store)
		me.put(key("lost", 0), epoch+5, []byte("mine"))
		if other.tryPut(key("lost", 0), epoch, []byte("older")) {
			t.Fatal("an older put replaced a newer item")
		}
		w.reset()
		other.put(key("lost", 0), epoch+6, []byte("newer"))
		w.wants(t, key("lost", 0), "the newer put")
	})
	t.Run("several watchers, many keys", func(t *testing.T) {
		const n = 300
		users := []user{m.user(t), m.user(t), m.user(t)}
		var watchers []*watched
		for _, u := range users {
			watchers = append(watchers, watch(t, u.Store))
		}
		for i := range n {
			for _, u := range users {
				u.wantNone(key("many", i))
			}
			users[i%3].put(key("many", i), epoch, []byte("first"))
		}
		for i := range n {
			for _, u := range users {
				u.wantItem(key("many", i), epoch, []byte("first"))
			}
		}
		for _, w := range watchers {
			w.reset()
		}
		for i := range n {
			users[i%3].put(key("many", i), epoch+1, []byte("second"))
		}
		for i := range n {
			for j, w := range watchers {
				if j != i%3 {
					w.wants(t, key("many", i), fmt.Sprintf("a put by user %d of many, to user %d", i%3, j))
				}
			}
		}
	})
	t.Run("a watcher may call its store", func(t *testing.T) {
		me, other := m.user(t), m.user(t)
		k := key("call", 0)
		me.put(k, epoch, []byte("mine"))
		ctx, cancel := context.WithCancel(t.Context())
		var calls atomic.Int64
		var wg sync.WaitGroup
		wg.Go(func() {
			_ = as[store.Watcher](me.Store).Watch(ctx, func(string) {
				_, _ = me.Get(ctx, k)
				calls.Add(1)
			})
		})
		eventually(t, "Watch starts", func() bool { return calls.Load() > 0 })
		me.wantItem(k, epoch, []byte("mine"))
		before := calls.Load()
		other.put(k, epoch+1, []byte("theirs"))
		eventually(t, "Watch reports while its function calls the store", func() bool { return calls.Load() > before })
		cancel()
		promptly(t, "Watch after its context ended", wg.Wait)
	})
}
