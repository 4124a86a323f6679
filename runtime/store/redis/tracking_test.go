package redis_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
)

// TestForeignChanges has others than stores change what a watching store read: the server tells of
// them all.
func TestForeignChanges(t *testing.T) {
	n := startNode(t)
	c := client(t, n.addr)
	h, prefix := medium("redis://" + n.addr)
	s := h.Open(t)
	defer s.Close()
	w := startWatch(t, s)
	for name, change := range map[string]func(name string){
		"expired":     func(name string) { do(t, c, "PEXPIRE", name, "1") },
		"set":         func(name string) { do(t, c, "SET", name, "something else") },
		"renamed":     func(name string) { do(t, c, "RENAME", name, name+"-away") },
		"overwritten": func(name string) { do(t, c, "SETRANGE", name, "40", "x") },
	} {
		key := "e/" + name
		mustPut(t, s, key, "value", 1)
		w.reset()
		change(prefix + "i:" + key)
		w.waitFor(t, key)
	}
	mustPut(t, s, "e/flushed", "value", 1)
	w.reset()
	do(t, c, "FLUSHALL")
	w.waitFor(t, "")
}

// TestOwnChanges has a store change what it read: nobody tells it what it did.
func TestOwnChanges(t *testing.T) {
	n := startNode(t)
	h, _ := medium("redis://" + n.addr)
	s, other := h.Open(t), h.Open(t)
	defer s.Close()
	defer other.Close()
	w := startWatch(t, s)
	w.reset()
	for stamp := range int64(10) {
		mustPut(t, s, "e/own", "value", stamp)
		mustGet(t, s, "e/own", "value")
	}
	mustPut(t, s, "e/marker", "value", 1)
	mustPut(t, other, "e/marker", "value", 2)
	w.waitFor(t, "e/marker")
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.seen["e/own"] {
		t.Error("Watch reports the store's own puts")
	}
}

// TestForgetfulServer has a server remember fewer keys than a store reads: it reports what it
// forgets to track.
func TestForgetfulServer(t *testing.T) {
	n := startNode(t, "--tracking-table-max-keys", "10")
	h, _ := medium("redis://" + n.addr)
	s := h.Open(t)
	defer s.Close()
	w := startWatch(t, s)
	w.reset()
	const keys = 200
	for i := range keys {
		mustPut(t, s, fmt.Sprintf("e/%d", i), "value", 1)
	}
	waitFor(t, "most keys to be reported", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.seen) >= keys-20
	})
}

// TestSlowWatcher has more keys change than a watcher can be told of one by one.
func TestSlowWatcher(t *testing.T) {
	n := startNode(t)
	h, prefix := medium("redis://" + n.addr)
	s := h.Open(t)
	defer s.Close()
	c := client(t, n.addr)
	const keys = 12_000
	var names []string
	for i := range keys {
		names = append(names, fmt.Sprintf("e/%d", i))
	}
	block, blocked := make(chan struct{}), make(chan struct{})
	empty := make(chan struct{}, keys)
	first := true
	go func() {
		_ = s.(store.Watcher).Watch(t.Context(), func(key string) {
			if first {
				first = false
				close(blocked)
				<-block
			} else if key == "" {
				empty <- struct{}{}
			}
		})
	}()
	<-blocked
	if _, err := s.(store.Batcher).GetMany(t.Context(), names); err != nil {
		t.Fatal(err)
	}
	for chunk := range slices.Chunk(names, 1000) {
		var commands []rueidis.Completed
		for _, name := range chunk {
			commands = append(commands, c.B().Set().Key(prefix+"i:"+name).Value("x").Build())
		}
		for _, answer := range c.DoMulti(t.Context(), commands...) {
			if err := answer.Error(); err != nil {
				t.Fatal(err)
			}
		}
	}
	time.Sleep(100 * time.Millisecond)
	close(block)
	select {
	case <-empty:
	case <-time.After(time.Minute):
		t.Error("an overflow is not reported")
	}
}

// TestLostScripts has the server forget the store's scripts.
func TestLostScripts(t *testing.T) {
	n := startNode(t)
	h, _ := medium("redis://" + n.addr)
	s := h.Open(t)
	defer s.Close()
	mustPut(t, s, "e/x", "one", 1)
	do(t, client(t, n.addr), "SCRIPT", "FLUSH")
	mustPut(t, s, "e/x", "two", 2)
	mustGet(t, s, "e/x", "two")
}

// TestExpires looks at the time to live that Redis has, and waits for it.
func TestExpires(t *testing.T) {
	n := startNode(t)
	c := client(t, n.addr)
	h, prefix := medium("redis://" + n.addr)
	s := h.Open(t)
	defer s.Close()
	put := func(key string, expires time.Time) int64 {
		t.Helper()
		if ok, err := s.Put(t.Context(), key, store.Item{Value: []byte("v"), Stamp: 1, Expires: expires}); !ok || err != nil {
			t.Fatalf("Put = %v, %v", ok, err)
		}
		m := do(t, c, "PTTL", prefix+"i:"+key)
		ms, _ := m.AsInt64()
		return ms
	}
	if got := put("e/hour", time.Now().Add(time.Hour)); got < 3_500_000 || got > 3_600_000 {
		t.Errorf("an item that expires in an hour lives %d ms", got)
	}
	if got := put("e/never", time.Time{}); got != -1 {
		t.Errorf("an item that never expires lives %d ms, want -1: for ever", got)
	}
	if got := put("e/hour", time.Time{}); got != -1 {
		t.Errorf("an item replaced by one that never expires lives %d ms, want -1: for ever", got)
	}
	kept, err := store.Open(t.Context(), "redis://"+n.addr+"?keep=1h&prefix="+prefix)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	for key, want := range map[string]int64{"e/kept": 3_600_000, "i/kept": 3_600_000, store.MarkPrefix + "kept": -1} {
		mustPut(t, kept, key, "v", 1)
		m := do(t, c, "PTTL", prefix+"i:"+key)
		if got, _ := m.AsInt64(); got > want || got < want-60_000 {
			t.Errorf("with keep=1h %s lives %d ms, want about %d", key, got, want)
		}
	}
	put("e/soon", time.Now().Add(50*time.Millisecond))
	waitFor(t, "the item to go", func() bool {
		_, err := s.Get(t.Context(), "e/soon")
		return err != nil
	})
}

// TestNothingStale has a store and others put the same keys all the time. A memory in front of the
// store, kept as the watcher says, has nothing stale in the end.
func TestNothingStale(t *testing.T) {
	n := startNode(t)
	h, _ := medium("redis://" + n.addr)
	s, other := h.Open(t), h.Open(t)
	defer s.Close()
	defer other.Close()
	memory := newMemory()
	go func() { _ = s.(store.Watcher).Watch(t.Context(), memory.drop) }()

	const keys, rounds = 3, 2000
	stamps := func(i, who int) int64 { return int64(2*i + who) }
	var users sync.WaitGroup
	for who, u := range []store.Store{s, s, other} {
		users.Go(func() {
			for i := range rounds {
				key := fmt.Sprintf("e/%d", i%keys)
				before := memory.changes(key)
				stamp, found := stamps(i, who%2), true
				if i%7 < 5 {
					ok, err := u.Put(t.Context(), key, store.Item{Stamp: stamp})
					if err != nil {
						t.Error(err)
					}
					found = ok
				} else if item, err := u.Get(t.Context(), key); err == nil {
					stamp = item.Stamp
				} else {
					found = false
				}
				if found && u == s {
					memory.keep(key, stamp, before)
				}
			}
		})
	}
	users.Wait()
	waitFor(t, "the memory to have nothing stale", func() bool {
		for key, stamp := range memory.all() {
			if item, err := other.Get(t.Context(), key); err != nil || item.Stamp != stamp {
				return false
			}
		}
		return true
	})
}

// memory is a memory in front of a store.
type memory struct {
	mu      sync.Mutex
	stamps  map[string]int64
	changed map[string]int
	epoch   int
}

func newMemory() *memory { return &memory{stamps: map[string]int64{}, changed: map[string]int{}} }

// drop is told by a watcher.
func (m *memory) drop(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if key == "" {
		m.epoch++
		clear(m.stamps)
		return
	}
	m.changed[key]++
	delete(m.stamps, key)
}

// changes counts what was told of a key.
func (m *memory) changes(key string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.epoch + m.changed[key]
}

// keep keeps a stamp unless something was told of its key since.
func (m *memory) keep(key string, stamp int64, since int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.epoch+m.changed[key] == since {
		m.stamps[key] = max(stamp, m.stamps[key])
	}
}

func (m *memory) all() map[string]int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.stamps)
}
