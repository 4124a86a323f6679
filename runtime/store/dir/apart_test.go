package dir

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestApart has calls of the system that don't return: callers leave when their contexts end, no more than mostStuck are begun, and
// when they return everything works again.
func TestApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Store{distant: true, stuck: make(chan struct{}, mostStuck)}
		serverIsBack := make(chan struct{})
		var begun atomic.Int64
		hang := func() (int, error) {
			begun.Add(1)
			<-serverIsBack
			return 1, nil
		}
		for range mostStuck + 5 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			start := time.Now()
			if n, err := apart(ctx, s, hang); n != 0 || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
				t.Errorf("a call that hangs = %d, %v after %v, want its context's error after 1s", n, err, time.Since(start))
			}
			cancel()
		}
		if n := begun.Load(); n != mostStuck {
			t.Errorf("%d calls are stuck, want %d", n, mostStuck)
		}
		close(serverIsBack)
		synctest.Wait()
		if n, err := apart(t.Context(), s, hang); n != 1 || err != nil {
			t.Errorf("a call after all = %d, %v, want 1", n, err)
		}
	})
}

// TestDistantStore runs calls apart on a folder that answers.
func TestDistantStore(t *testing.T) {
	s := newQuietStore(t)
	s.distant = true
	s.mustPut(t, itemKey(0), 100)
	if item, err := s.Get(t.Context(), itemKey(0)); err != nil || len(item.Value) != 100 {
		t.Errorf("Get = %d bytes, %v", len(item.Value), err)
	}
	if !s.keys(t)[itemKey(0)] {
		t.Error("the item is not listed")
	}
	lease, err := s.Acquire(t.Context(), itemKey(0), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := lease.Extend(t.Context(), time.Minute); err != nil {
		t.Error(err)
	}
	if err := lease.Release(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Await(t.Context(), itemKey(0)); err != nil {
		t.Error(err)
	}
	if err := s.Delete(t.Context(), itemKey(0)); err != nil {
		t.Error(err)
	}
}
