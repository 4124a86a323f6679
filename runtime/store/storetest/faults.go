package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// testDamage spoils items on the medium: what comes back is what was put, or nothing, and the next
// put repairs it.
func testDamage(t *testing.T, m *medium) {
	for name, damage := range m.Damage {
		t.Run(name, func(t *testing.T) {
			s := m.user(t)
			k, neighbour := key("damage "+name, 0), key("damage "+name, 1)
			s.put(k, epoch, sealed(epoch, 3000))
			s.put(neighbour, epoch, sealed(epoch, 3000))
			damage(t, k)

			s.wantItem(neighbour, epoch, sealed(epoch, 3000))
			item, err := s.Get(limited(t), k)
			if err == nil && (item.Stamp != epoch || checkSealed(item) != nil) {
				t.Fatalf("Get of a damaged item = stamp %d, %s, want an error", item.Stamp, abridged(item.Value))
			}
			if l, ok := store.As[store.Lister](s.Store); ok {
				listed(t, l, "")
			}
			if b, ok := store.As[store.Batcher](s.Store); ok {
				got, err := b.GetMany(t.Context(), []string{k, neighbour})
				if _, ok := got[neighbour]; err != nil || !ok {
					t.Errorf("GetMany of a damaged item and a good one: %v, good one found: %v", err, ok)
				}
			}
			s.put(k, epoch+1, sealed(epoch+1, 2000))
			s.wantItem(k, epoch+1, sealed(epoch+1, 2000))
		})
	}
}

// testFaults breaks what is between the store and its medium. While it is broken, calls end in
// time, with an error or the right answer. When it is healed the same user of the store works
// again.
func testFaults(t *testing.T, m *medium) {
	for name, fault := range m.Faults {
		t.Run(name, func(t *testing.T) {
			s := m.user(t)
			k := key("fault "+name, 0)
			s.put(k, epoch, sealed(epoch, 3000))
			heal := fault(t)
			healed := false
			defer func() {
				if !healed {
					heal()
				}
			}()

			for range 2 {
				for call, f := range calls(s.Store) {
					promptly(t, call+" while broken", func() {
						ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
						defer cancel()
						_ = f(ctx) // It may fail or not; that it returns is what counts.
					})
				}
				promptly(t, "Get while broken", func() {
					ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
					defer cancel()
					if item, err := s.Get(ctx, k); err == nil && (item.Stamp != epoch || checkSealed(item) != nil) {
						t.Errorf("Get while broken = stamp %d, %s, want what was put or an error", item.Stamp, abridged(item.Value))
					}
				})
			}
			heal()
			healed = true
			eventually(t, "the store works after healing", func() bool {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				ok, err := s.Put(ctx, k, store.Item{Value: sealed(epoch+1, 2000), Stamp: epoch + 1})
				if err != nil {
					return false
				}
				item, err := s.Get(ctx, k)
				if errors.Is(err, store.ErrNotFound) || err != nil {
					return false
				}
				if !ok || item.Stamp != epoch+1 || checkSealed(item) != nil {
					t.Fatalf("after healing: Put = %v, Get = stamp %d, %s", ok, item.Stamp, abridged(item.Value))
				}
				return true
			})
		})
	}
}
