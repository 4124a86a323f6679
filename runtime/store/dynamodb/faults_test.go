package dynamodb_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/storetest"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// TestKilledUnderLoad kills a server, and stops it, while many use it.
func TestKilledUnderLoad(t *testing.T) {
	victim := start(t)
	s := storetest.Opener(victim.url(victim.addr, prefix()))(t)
	defer s.Close()
	load := server.StartLoad(t, s, 8*time.Second) // The store's bound is 5 s, and the machine is busy.
	load.Works("before the kill")
	for range 2 {
		victim.Kill()
		load.Survives("the kill")
		victim.Restart()
		load.Works("after the restart")
	}
	victim.Stop()
	load.Survives("the stop")
	victim.Continue()
	load.Works("after it continued")
	load.Stop()
}

// TestAbsentAtStart opens a store whose server is not there yet.
func TestAbsentAtStart(t *testing.T) {
	late := start(t)
	late.Kill()
	s := storetest.Opener(late.url(late.addr, prefix()))(t)
	defer s.Close()
	if _, err := s.Get(t.Context(), "e/x"); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("Get without a server: %v, want an error that is not ErrNotFound", err)
	}
	late.Restart()
	if ok, err := s.Put(t.Context(), "e/x", store.Item{Value: []byte("late"), Stamp: 1}); !ok || err != nil {
		t.Errorf("Put = %v, %v", ok, err)
	}
}

// TestBounds has a server hang: calls end with the store's bound or the caller's, whichever is first.
func TestBounds(t *testing.T) {
	hangs := start(t)
	s := storetest.Opener(hangs.url(hangs.addr, prefix()) + "&timeout=300ms")(t)
	defer s.Close()
	hangs.Stop()
	defer hangs.Continue()
	_, err := s.Get(t.Context(), "e/x")
	if err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Get from a server that hangs: %v, want an error that is not the caller's", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Get(ctx, "e/x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Get whose caller has no time: %v, want the context's error", err)
	}
}
