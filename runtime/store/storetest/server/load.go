//go:build unix

package server

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

// Load is goroutines that use a store while a test does things to its server. What they check holds
// all the time: no call takes longer than its bound, no answer is wrong, and what was acknowledged
// is there or replaced by something newer.
type Load struct {
	t     testing.TB
	s     store.Store
	bound time.Duration

	users        sync.WaitGroup
	stop         chan struct{}
	done, failed atomic.Int64
}

// StartLoad starts to use s. Bound is how long one call may take. The load ends with the test if
// [Load.Stop] does not end it before.
func StartLoad(t testing.TB, s store.Store, bound time.Duration) *Load {
	l := &Load{t: t, s: s, bound: bound, stop: make(chan struct{})}
	for u := range 8 {
		l.users.Go(func() { l.use(u) })
	}
	t.Cleanup(l.Stop)
	return l
}

// Stop ends the load.
func (l *Load) Stop() {
	select {
	case <-l.stop:
	default:
		close(l.stop)
	}
	l.users.Wait()
}

// Survives waits until calls fail, which they do when their server is gone, or until many were
// made.
func (l *Load) Survives(what string) {
	l.t.Helper()
	failed, done := l.failed.Load(), l.done.Load()
	l.wait(what, func() bool { return l.failed.Load() > failed+10 || l.done.Load() > done+10_000 })
}

// Works waits until calls work: many in a row.
func (l *Load) Works(what string) {
	l.t.Helper()
	l.wait(what, func() bool {
		failed, done := l.failed.Load(), l.done.Load()
		l.wait(what, func() bool { return l.done.Load() > done+50 })
		return l.failed.Load() == failed
	})
}

func (l *Load) wait(what string, ok func() bool) {
	l.t.Helper()
	for deadline := time.Now().Add(time.Minute); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			l.t.Fatalf("waited a minute: %s: %d calls, %d failed", what, l.done.Load(), l.failed.Load())
		}
	}
}

// use puts, gets and takes leases of keys that no other user of the load has.
func (l *Load) use(user int) {
	const keys = 5
	acknowledged := [keys]int64{}
	for i := int64(1); ; i++ {
		select {
		case <-l.stop:
			return
		default:
		}
		k := i % keys
		err := l.round(fmt.Sprintf("e/load/%d-%d", user, k), i, &acknowledged[k])
		if l.done.Add(1); err != nil {
			l.failed.Add(1)
			time.Sleep(time.Millisecond)
		}
	}
}

// round makes a few calls and returns the first error.
func (l *Load) round(key string, stamp int64, acknowledged *int64) error {
	ctx := context.Background()
	var item store.Item
	err := l.timed("Put", func() error {
		_, err := l.s.Put(ctx, key, store.Item{Value: loadValue(key, stamp), Stamp: stamp})
		return err
	})
	if err != nil {
		return err
	}
	*acknowledged = stamp
	err = l.timed("Get", func() (err error) {
		item, err = l.s.Get(ctx, key)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		l.t.Errorf("Get(%q) finds nothing, stamp %d was acknowledged", key, *acknowledged)
	case err != nil:
		return err
	case item.Stamp < *acknowledged || string(item.Value) != string(loadValue(key, item.Stamp)):
		l.t.Errorf("Get(%q) = %.40q… with stamp %d, %d was acknowledged", key, item.Value, item.Stamp, *acknowledged)
	}
	leaser, ok := l.s.(store.Leaser)
	if !ok {
		return nil
	}
	var lease store.Lease
	err = l.timed("Acquire", func() (err error) {
		lease, err = leaser.Acquire(ctx, key, time.Second)
		return err
	})
	if errors.Is(err, store.ErrHeld) {
		return nil // Our own, whose release was lost.
	}
	if err != nil {
		return err
	}
	return l.timed("Release", func() error { return lease.Release(ctx) })
}

func (l *Load) timed(what string, call func() error) error {
	began := time.Now()
	err := call()
	if took := time.Since(began); took > l.bound {
		l.t.Errorf("%s took %v, its bound is %v", what, took, l.bound)
	}
	return err
}

func loadValue(key string, stamp int64) []byte { return fmt.Appendf(nil, "%01000d of %s", stamp, key) }
