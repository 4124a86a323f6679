package lease_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/internal/lease"
	"github.com/cachegen/cachegen/runtime/store"
)

const (
	key = "e/ns/0123"
	ttl = 30 * time.Second
)

var begin = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // when a bubble begins

// fleet is what several processes do with one key, and how it went.
type fleet struct {
	t      *testing.T
	medium *fakestore.Medium

	mu  sync.Mutex
	log []string
	wg  sync.WaitGroup
}

func newFleet(t *testing.T) *fleet { return &fleet{t: t, medium: fakestore.New()} }

func (f *fleet) note(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log = append(f.log, fmt.Sprintf("%v ", time.Since(begin))+fmt.Sprintf(format, args...))
}

// start starts a process that executes for a while with an outcome when its turn comes.
func (f *fleet) start(name string, takes time.Duration, o lease.Outcome) *fakestore.Store {
	s := f.medium.Open()
	f.wg.Go(func() { f.run(f.t.Context(), name, s, takes, o) })
	synctest.Wait()
	return s
}

func (f *fleet) run(ctx context.Context, name string, s store.Store, takes time.Duration, o lease.Outcome) {
	q := lease.New(s, func(k string, err error) {
		if k != key {
			f.t.Errorf("reported for %q", k)
		}
		f.note("%s: %v", name, err)
	})
	turn, err := q.Take(ctx, key, ttl, func(ctx context.Context) bool {
		_, err := s.Get(ctx, key)
		return err == nil
	})
	switch {
	case err != nil:
		f.note("%s leaves: %v", name, err)
		return
	case turn == nil:
		f.note("%s finds", name)
		return
	}
	defer turn.End(lease.Failed)
	f.note("%s executes, alone %t", name, turn.Alone())
	time.Sleep(takes)
	if o == lease.Stored {
		if _, err := s.Put(ctx, key, store.Item{Stamp: 1}); err != nil {
			f.t.Error(err)
		}
	}
	if o != lease.Failed {
		turn.End(o)
	}
}

// expect waits for all processes and compares what they noted, at each moment in any order.
func (f *fleet) expect(want ...string) {
	f.t.Helper()
	f.wg.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.Equal(sorted(f.log), sorted(want)) {
		f.t.Errorf("got %q\nwant %q", f.log, want)
	}
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }

func TestOneExecutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		f.start("a", 10*ttl+5*time.Second, lease.Stored)
		f.start("b", 0, lease.Stored)
		time.Sleep(time.Second)
		f.start("c", 0, lease.Stored)
		f.expect("0s a executes, alone true", "5m5s b finds", "5m5s c finds")
	})
}

func TestResultBetweenLookAndLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		s := f.start("a", 0, lease.Stored)
		f.start("b", time.Second, lease.Stored)
		f.expect("0s a executes, alone true", "0s b finds")
		if s.Calls("Release") != 1 {
			t.Error("the lease is not released")
		}
	})
}

func TestFailureIsTakenOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		f.start("a", time.Second, lease.Failed)
		f.start("b", time.Second, lease.Stored)
		f.expect("0s a executes, alone true", "1s b executes, alone true")
	})
}

func TestNoConvoyOfFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		for range 5 {
			f.start("x", time.Second, lease.Failed)
		}
		f.expect("0s x executes, alone true", "1s x executes, alone true",
			"2s x: lease: executions by others left no result", "2s x executes, alone false",
			"2s x: lease: executions by others left no result", "2s x executes, alone false",
			"2s x: lease: executions by others left no result", "2s x executes, alone false")
	})
}

func TestUnstoredLetsOthersRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		for range 3 {
			f.start("x", time.Second, lease.Unstored)
		}
		f.expect("0s x executes, alone true",
			"1s x: lease: executions by others left no result", "1s x executes, alone false",
			"1s x: lease: executions by others left no result", "1s x executes, alone false")
	})
}

func TestAbandonedIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		for range 4 {
			f.start("x", time.Second, lease.Abandoned)
		}
		f.expect("0s x executes, alone true", "1s x executes, alone true", "2s x executes, alone true", "3s x executes, alone true")
	})
}

func TestOldNotesDoNotCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		f.start("a", 0, lease.Unstored)
		f.start("b", time.Second, lease.Stored)
		f.start("c", 0, lease.Stored)
		f.expect("0s a executes, alone true", "0s b executes, alone true", "1s c finds")
	})
}

func TestNotesOfSkewedClocksCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		ahead := time.Now().Add(time.Hour).UnixNano()
		f.medium.Edit("l/"+key, func(store.Item) store.Item { return store.Item{Stamp: ahead} })
		f.start("a", time.Second, lease.Unstored)
		f.start("b", 0, lease.Stored)
		f.expect("0s a executes, alone true", "1s b: lease: executions by others left no result", "1s b executes, alone false")
	})
}

func TestCrashIsTakenOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		if _, err := f.medium.Open().Acquire(t.Context(), key, ttl); err != nil { // and never extends it
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		const takes = time.Minute + 5*time.Second // ends between two looks of who waits: which of two things at one moment is first is open
		f.start("x", takes, lease.Stored)
		f.start("x", takes, lease.Stored)
		f.expect("30s x executes, alone true", "1m35s x finds")
	})
}

func TestWaitsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		f.start("a", time.Hour, lease.Stored)
		f.start("b", time.Second, lease.Stored)
		f.expect("0s a executes, alone true", "10m0s b: lease: waited too long", "10m0s b executes, alone false")
	})
}

func TestWaitersLeaveWithTheirContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		f.start("a", time.Hour, lease.Stored)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		f.run(ctx, "b", f.medium.Open(), 0, lease.Stored)
		f.expect("0s a executes, alone true", "1s b leaves: context deadline exceeded")
	})
}

func TestPanicReleases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		s := f.medium.Open()
		func() {
			defer func() { _ = recover() }()
			turn, err := lease.New(s, nil).Take(t.Context(), key, ttl, func(context.Context) bool { return false })
			if err != nil {
				t.Fatal(err)
			}
			defer turn.End(lease.Failed)
			panic("in the function")
		}()
		func() {
			defer func() { _ = recover() }()
			_, _ = lease.New(s, nil).Take(t.Context(), key, ttl, func(context.Context) bool { panic("in found") })
		}()
		f.start("b", 0, lease.Stored)
		f.expect("0s b executes, alone true")
	})
}

func TestFaults(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		name string
		op   string
		want []string
	}{
		{"acquiring", "Acquire", []string{"0s a: lease: broken", "0s a executes, alone false"}},
		{"waiting", "Await", []string{"0s a: broken", "0s a executes, alone false"}},
		{"extending", "Extend", []string{
			"3s a executes, alone true", "13s a: lease: extending: broken", "15.5s a: lease: extending: broken",
			"18s a: lease: extending: broken", "20.5s a: lease: extending: broken",
		}},
		{"releasing", "Release", []string{"3s a executes, alone true", "22s a: lease: ending: broken"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t)
				other, err := f.medium.Open().Acquire(t.Context(), key, ttl)
				if err != nil {
					t.Fatal(err)
				}
				time.AfterFunc(3*time.Second, func() { _ = other.Release(t.Context()) })
				s := f.medium.Open()
				s.Before(func(_ context.Context, op, _ string) error {
					if op == c.op {
						return broken
					}
					return nil
				})
				f.run(t.Context(), "a", s, 19*time.Second, lease.Stored)
				f.expect(c.want...)
			})
		})
	}
}

func TestStoreThatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		s := f.medium.Open()
		s.Before(func(ctx context.Context, _, _ string) error { <-ctx.Done(); return ctx.Err() })
		f.run(t.Context(), "a", s, 0, lease.Unstored)
		f.expect("5s a: lease: context deadline exceeded", "5s a executes, alone false")
	})
}

func TestExtensionsThatFailOnceDoNotLose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		s := f.start("a", 2*ttl+time.Second, lease.Stored)
		tries := 0
		s.Before(func(ctx context.Context, op, _ string) error {
			if op == "Extend" {
				if tries++; tries%2 == 1 {
					<-ctx.Done()
				}
			}
			return nil
		})
		f.start("b", 0, lease.Stored)
		defer time.Sleep(ttl) // for the last extension
		f.expect("0s a executes, alone true", "1m1s b finds",
			"20s a: lease: extending: context deadline exceeded", "42.5s a: lease: extending: context deadline exceeded")
	})
}

func TestLostLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		s := f.start("a", time.Minute, lease.Stored)
		s.Before(func(_ context.Context, op, _ string) error { // the machine sleeps
			if op == "Extend" && time.Since(begin) < 35*time.Second {
				time.Sleep(time.Until(begin.Add(35 * time.Second)))
			}
			return nil
		})
		f.start("b", time.Minute, lease.Stored)
		f.expect("0s a executes, alone true", "30s b executes, alone true",
			"35s a: lease: extending: context deadline exceeded", "37.5s a: lease: lost while executing")
	})
}

func TestStoreThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		s := f.medium.Open()
		s.Before(func(_ context.Context, op, _ string) error {
			if op == "Extend" {
				panic("driver")
			}
			return nil
		})
		f.run(t.Context(), "a", s, 11*time.Second, lease.Stored)
		f.expect("0s a executes, alone true", "10s a: lease: extending: cache: the store panicked: driver")
	})
}

// hasty is a leaser whose Await does not wait.
type hasty struct {
	*fakestore.Store
	awaited int
}

func (h *hasty) Await(context.Context, string) error { h.awaited++; return nil }

func TestHastyStoreIsNotAskedTooOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		f.start("a", time.Minute, lease.Stored)
		h := &hasty{Store: f.medium.Open()}
		f.run(t.Context(), "b", h, 0, lease.Stored)
		if h.awaited < 30 || h.awaited > 80 {
			t.Errorf("asked %d times in a minute", h.awaited)
		}
	})
}

type plain struct{ store.Store }

func TestStoreWithoutLeases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		f.run(t.Context(), "a", plain{f.medium.Open()}, 0, lease.Stored)
		f.expect("0s a: lease: the store has no leases", "0s a executes, alone false")
		turn, err := lease.New(nil, nil).Take(t.Context(), key, ttl, nil)
		if err != nil || turn.Alone() {
			t.Error("a lease of no store")
		}
		turn.End(lease.Stored)
	})
}
