package storetest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// patience is how long the suite waits for what must happen at all. What must happen soon is said
// in the contract, but a test that measures it fails on a busy machine.
const patience = 20 * time.Second

// epoch is a stamp of the size that real ones have: above 2⁵³, where floating point can't tell
// neighbours apart.
const epoch = int64(1_760_000_000_000_000_001)

// medium is a topic's harness with its defaults and the checks that all topics use.
type medium struct{ Harness }

// user opens another user of the medium, closed at the end of the test.
func (m *medium) user(t testing.TB) user {
	t.Helper()
	s := m.Open(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return user{t, s}
}

func (m *medium) leaseTTL() time.Duration { return cmp.Or(m.LeaseTTL, defaultLeaseTTL) }

func (m *medium) maxValue() int { return cmp.Or(m.MaxValue, defaultMaxValue) }

// user is a store whose calls fail the test instead of returning unexpected errors.
type user struct {
	t testing.TB
	store.Store
}

// in returns the same user, failing t instead.
func (u user) in(t testing.TB) user { return user{t, u.Store} }

// Get is the store's. Half of the time it peeks first, as the runtime does where it can.
func (u user) Get(ctx context.Context, key string) (store.Item, error) {
	if p, ok := u.Store.(store.Peeker); ok && ctx.Err() == nil && rand.N(2) == 0 {
		if item, ok := p.Peek(key); ok {
			return item, nil
		}
	}
	return u.Store.Get(ctx, key)
}

func (u user) put(key string, stamp int64, value []byte) {
	u.t.Helper()
	if !u.tryPut(key, stamp, value) {
		u.t.Fatalf("Put(%q, stamp %d) = false, want true: nothing newer is there", key, stamp)
	}
}

func (u user) tryPut(key string, stamp int64, value []byte) bool {
	u.t.Helper()
	ok, err := u.Put(u.t.Context(), key, store.Item{Value: value, Stamp: stamp})
	if err != nil {
		u.t.Fatalf("Put(%q, stamp %d, %d bytes): %v", key, stamp, len(value), err)
	}
	return ok
}

func (u user) wantItem(key string, stamp int64, value []byte) {
	u.t.Helper()
	item, err := u.Get(u.t.Context(), key)
	if err != nil {
		u.t.Fatalf("Get(%q): %v, want the item of stamp %d", key, err, stamp)
	}
	if item.Stamp != stamp {
		u.t.Fatalf("Get(%q).Stamp = %d, want %d", key, item.Stamp, stamp)
	}
	if !bytes.Equal(item.Value, value) {
		u.t.Fatalf("Get(%q).Value = %s, want %s", key, abridged(item.Value), abridged(value))
	}
}

func (u user) wantNone(key string) {
	u.t.Helper()
	if item, err := u.Get(u.t.Context(), key); !errors.Is(err, store.ErrNotFound) {
		u.t.Fatalf("Get(%q) = %s, %v, want an error that is ErrNotFound", key, abridged(item.Value), err)
	}
}

func (u user) delete(key string) {
	u.t.Helper()
	if err := u.Delete(u.t.Context(), key); err != nil {
		u.t.Fatalf("Delete(%q): %v", key, err)
	}
}

// eventually waits until ok, and fails the test if that takes longer than the suite's patience.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// promptly runs f, which must return: one that hangs fails the test with what it was instead of
// stopping the suite.
func promptly(t testing.TB, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatalf("hangs: %s", what)
	}
}

// limited returns a context that ends before the suite's patience does.
func limited(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience/2)
	t.Cleanup(cancel)
	return ctx
}

// sealed returns a value of size bytes (at least 16) that says itself whether it is whole, and by
// whom and when it was written.
func sealed(stamp int64, size int) []byte {
	size = max(size, 16)
	v := make([]byte, size)
	r := rand.New(rand.NewPCG(uint64(stamp), uint64(size)))
	for i := range v {
		v[i] = byte(r.Uint32())
	}
	sum := fnv.New64a()
	fmt.Fprint(sum, stamp)
	sum.Write(v[8:])
	copy(v, sum.Sum(nil))
	return v
}

// checkSealed returns an error unless item has the whole value that [sealed] made for its stamp.
func checkSealed(item store.Item) error {
	if want := sealed(item.Stamp, len(item.Value)); !bytes.Equal(item.Value, want) {
		return fmt.Errorf("item of stamp %d has a torn or foreign value: %s, want %s", item.Stamp, abridged(item.Value), abridged(want))
	}
	return nil
}

func abridged(b []byte) string {
	if len(b) > 24 {
		return fmt.Sprintf("%q… (%d bytes)", b[:24], len(b))
	}
	return fmt.Sprintf("%q", b)
}

// key returns a key like those of the runtime.
func key(name string, i int) string {
	name = strings.ReplaceAll(strings.ToLower(name), " ", "-")
	return fmt.Sprintf("e/example.com_%s-0badc0de/%064x", name, i)
}
