//go:build unix

package server

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// An Opener opens a store that is a user of the server.
type Opener func(t testing.TB) store.Store

// KilledUnderLoad kills and restarts a server, then stops and continues it, while many use the
// store: calls may fail meanwhile, but none takes longer than bound, no answer is wrong, and then
// all work again.
func (s *Server) KilledUnderLoad(t *testing.T, open Opener, bound time.Duration) {
	t.Helper()
	used := open(t)
	defer used.Close()
	load := StartLoad(t, used, bound)
	load.Works("before the kill")
	for range 2 {
		s.Kill()
		load.Survives("the kill")
		s.Restart()
		load.Works("after the restart")
	}
	s.Stop()
	load.Survives("the stop")
	s.Continue()
	load.Works("after it continued")
	load.Stop()
}

// AbsentAtStart opens the store while the server is away, and has it work when the server is there.
func (s *Server) AbsentAtStart(t *testing.T, open Opener) {
	t.Helper()
	s.Kill()
	early := open(t)
	defer early.Close()
	if _, err := early.Get(t.Context(), "e/x"); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("Get without a server: %v, want an error that is not ErrNotFound", err)
	}
	s.Restart()
	if ok, err := early.Put(t.Context(), "e/x", store.Item{Value: []byte("late"), Stamp: 1}); !ok || err != nil {
		t.Errorf("Put = %v, %v", ok, err)
	}
}

// Hangs stops a server under a store whose timeout is short: calls end with the store's bound or
// the caller's, whichever is first.
func (s *Server) Hangs(t *testing.T, open Opener) {
	t.Helper()
	user := open(t)
	defer user.Close()
	s.Stop()
	defer s.Continue()
	_, err := user.Get(t.Context(), "e/x")
	if err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Get from a server that hangs: %v, want an error that is not the caller's", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := user.Get(ctx, "e/x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Get whose caller has no time: %v, want the context's error", err)
	}
}
