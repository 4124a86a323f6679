package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

func testProcesses(t *testing.T, m *medium) {
	t.Run("processes see each other's items", func(t *testing.T) {
		s := m.user(t)
		s.put(key("see", 0), epoch, []byte("parent's"))
		c := m.start(t, "copy", key("see", 0), key("see", 1))
		c.wantLine("copied")
		s.wantItem(key("see", 1), epoch, []byte("parent's"))
	})
	t.Run("the greatest stamp of all processes stays", func(t *testing.T) { testWriters(t, m, false) })
	t.Run("killed writers leave whole items", func(t *testing.T) { testWriters(t, m, true) })
	if implements[store.Leaser](m.user(t).Store, m.Harness) {
		t.Run("the lease of a killed holder is free", func(t *testing.T) { testKilledHolder(t, m) })
		t.Run("leases exclude among processes", func(t *testing.T) { testExclusion(t, m) })
	}
	if implements[store.Watcher](m.user(t).Store, m.Harness) {
		t.Run("a watcher hears of other processes", func(t *testing.T) {
			s := m.user(t)
			s.put(key("hear", 0), epoch, []byte("old"))
			s.put(key("hear", 1), epoch-1, []byte("old"))
			w := watch(t, s.Store)
			s.wantItem(key("hear", 1), epoch-1, []byte("old"))
			w.reset()
			m.start(t, "copy", key("hear", 0), key("hear", 1)).wantLine("copied")
			w.wants(t, key("hear", 1), "another process' put")
		})
	}
}

// testWriters has processes put the same keys with growing stamps, killing them in the middle or
// letting them end. No put that was acknowledged may be undone by an older one.
func testWriters(t *testing.T, m *medium, kill bool) {
	const writers, keys, lines = 3, 3, 60
	name := fmt.Sprintf("writers-%v", kill)
	var children []*child
	for w := range writers {
		children = append(children, m.start(t, "write", name, fmt.Sprint(w), fmt.Sprint(writers), fmt.Sprint(keys), fmt.Sprint(lines)))
	}
	acknowledged := map[string]int64{}
	note := func(line string) {
		var k string
		var stamp int64
		if _, err := fmt.Sscanf(line, "wrote %s %d", &k, &stamp); err == nil {
			acknowledged[k] = max(acknowledged[k], stamp)
		}
	}
	for _, c := range children {
		n := 0
		for line := range c.lines {
			note(line)
			if n++; kill && n == lines/2 {
				c.kill()
			}
		}
		if !kill {
			c.wantSuccess()
		}
	}

	s := m.user(t)
	if len(acknowledged) != keys {
		t.Fatalf("children wrote %d keys, want %d", len(acknowledged), keys)
	}
	for k, stamp := range acknowledged {
		item, err := s.Get(t.Context(), k)
		if err != nil {
			t.Errorf("Get(%q): %v, want the item of stamp %d or newer", k, err, stamp)
			continue
		}
		if item.Stamp < stamp {
			t.Errorf("Get(%q): stamp %d, older than the acknowledged %d", k, item.Stamp, stamp)
		}
		if err := checkSealed(item); err != nil {
			t.Errorf("Get(%q): %v", k, err)
		}
		if ok, err := s.Put(limited(t), k, store.Item{Value: []byte("after"), Stamp: item.Stamp + 1}); !ok || err != nil {
			t.Errorf("Put(%q) after the writers = %v, %v, want true", k, ok, err)
		}
	}
}

func testKilledHolder(t *testing.T, m *medium) {
	s := m.leaser(t)
	k := key("killed", 0)
	c := m.start(t, "hold", k, m.leaseTTL().String())
	c.wantLine("held")
	s.wantHeld(k, time.Hour)
	c.kill()
	lease := s.eventuallyAcquire(k, time.Hour)

	other := m.start(t, "hold", k, m.leaseTTL().String())
	other.wantLine("refused")
	release(t, lease)
}

// testExclusion has processes count in an item, each under a lease: no count may be lost.
func testExclusion(t *testing.T, m *medium) {
	const counters, rounds = 3, 10
	var children []*child
	for range counters {
		children = append(children, m.start(t, "count", key("count", 0), fmt.Sprint(rounds)))
	}
	for _, c := range children {
		c.wantSuccess()
	}
	item, err := m.user(t).Get(t.Context(), key("count", 0))
	if err != nil || string(item.Value) != fmt.Sprint(counters*rounds) {
		t.Errorf("counted to %s, %v, want %d: leases let two processes in", abridged(item.Value), err, counters*rounds)
	}
}
