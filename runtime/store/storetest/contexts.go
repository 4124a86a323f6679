package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// calls are all the calls that a store can answer, each with what makes it an error in the call
// itself.
func calls(s store.Store) map[string]func(ctx context.Context) error {
	k := key("call", 0)
	m := map[string]func(ctx context.Context) error{
		"Get": func(ctx context.Context) error { _, err := s.Get(ctx, k); return err },
		"Put": func(ctx context.Context) error {
			_, err := s.Put(ctx, k, store.Item{Value: []byte("v"), Stamp: epoch})
			return err
		},
		"Delete": func(ctx context.Context) error { return s.Delete(ctx, k) },
	}
	if s, ok := store.As[store.Batcher](s); ok {
		m["GetMany"] = func(ctx context.Context) error { _, err := s.GetMany(ctx, []string{k, key("call", 1)}); return err }
	}
	if s, ok := store.As[store.Stamper](s); ok {
		m["Stamps"] = func(ctx context.Context) error { _, err := s.Stamps(ctx, []string{k, key("call", 1)}); return err }
	}
	if s, ok := store.As[store.Lister](s); ok {
		m["List"] = func(ctx context.Context) (last error) {
			for _, err := range s.List(ctx, "") {
				last = err
			}
			return last
		}
	}
	if s, ok := store.As[store.Leaser](s); ok {
		m["Acquire"] = func(ctx context.Context) error {
			lease, err := s.Acquire(ctx, k, time.Second)
			if err == nil {
				err = lease.Release(ctx)
			}
			return err
		}
		m["Await"] = func(ctx context.Context) error { return s.Await(ctx, k) }
	}
	if s, ok := store.As[store.Watcher](s); ok {
		m["Watch"] = func(ctx context.Context) error { return s.Watch(ctx, func(string) {}) }
	}
	if s, ok := store.As[store.Blobber](s); ok {
		m["ReadBlob"] = func(ctx context.Context) error { _, err := s.ReadBlob(ctx, "call.txt"); return err }
		m["WriteBlob"] = func(ctx context.Context) error {
			_, err := s.WriteBlob(ctx, "call.txt", []byte("v"), true)
			return err
		}
		m["DeleteBlob"] = func(ctx context.Context) error { return s.DeleteBlob(ctx, "call.txt") }
	}
	if s, ok := store.As[store.Pruner](s); ok {
		m["Prune"] = func(ctx context.Context) error { return s.Prune(ctx, 1<<40, nil) }
	}
	return m
}

func testContexts(t *testing.T, m *medium) {
	s := m.user(t)
	for name, call := range calls(s.Store) {
		t.Run(name+" with a cancelled context", func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			promptly(t, name+" with a cancelled context", func() {
				if err := call(ctx); !errors.Is(err, context.Canceled) {
					t.Errorf("%s with a cancelled context: %v, want context.Canceled", name, err)
				}
			})
		})
		t.Run(name+" past its deadline", func(t *testing.T) {
			ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
			defer cancel()
			promptly(t, name+" past its deadline", func() {
				if err := call(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s past its deadline: %v, want context.DeadlineExceeded", name, err)
				}
			})
		})
	}
	t.Run("calls work after contexts ended", func(t *testing.T) {
		s := s.in(t)
		s.put(key("after", 0), epoch, []byte("v"))
		s.wantItem(key("after", 0), epoch, []byte("v"))
	})
}

func testClosing(t *testing.T, m *medium) {
	closed := m.Open(t)
	others := m.user(t)
	if _, err := closed.Put(t.Context(), key("closing", 0), store.Item{Value: []byte("v"), Stamp: epoch}); err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if err := closed.Close(); err != nil {
		t.Errorf("second Close: %v, want nil", err)
	}
	for name, call := range calls(closed) {
		t.Run(name, func(t *testing.T) {
			promptly(t, name+" after Close", func() {
				if err := call(limited(t)); !errors.Is(err, store.ErrClosed) {
					t.Errorf("%s after Close: %v, want ErrClosed", name, err)
				}
			})
		})
	}
	others.wantItem(key("closing", 0), epoch, []byte("v"))

	t.Run("Close ends calls in flight", func(t *testing.T) {
		s := m.Open(t)
		w, ok := store.As[store.Watcher](s)
		if !ok {
			s.Close()
			return
		}
		started, ended := make(chan struct{}), make(chan error, 1)
		go func() {
			first := true
			ended <- w.Watch(t.Context(), func(string) {
				if first {
					close(started)
				}
				first = false
			})
		}()
		promptly(t, "Watch reports its start", func() { <-started })
		s.Close()
		promptly(t, "Watch after Close", func() {
			if err := <-ended; !errors.Is(err, store.ErrClosed) {
				t.Errorf("Watch ended by Close: %v, want ErrClosed", err)
			}
		})
	})
}
