package redis

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
)

// call does something with the client of a link, within the store's timeout.
func call[T any](ctx context.Context, s *Store, l *link, do func(context.Context, rueidis.Client) (T, error)) (T, error) {
	var none T
	if err := s.check(ctx); err != nil {
		return none, err
	}
	bounded, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	client, err := l.get(bounded)
	if err == nil {
		var result T
		if result, err = punctually(bounded, &s.traffic, client, do); err == nil {
			return result, nil
		}
	}
	switch {
	case ctx.Err() != nil:
		return none, ctx.Err()
	case s.isClosed():
		return none, store.ErrClosed
	case bounded.Err() != nil:
		return none, fmt.Errorf("redis: no answer within %v: %w", s.timeout, os.ErrDeadlineExceeded)
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrHeld), errors.Is(err, store.ErrClosed):
		return none, err
	}
	return none, fmt.Errorf("redis: %w", err)
}

// busy is the number of calls under way from which each further call gets a goroutine of its own.
// The client has room for 1,024.
const busy = 500

// traffic counts the calls under way. The client waits for a place in its pipeline without looking
// at the context, and a command keeps its place after its call has ended. So a server that hangs
// fills the pipeline.
type traffic struct {
	underway atomic.Int64
	stalled  atomic.Bool // The last call that ended did so without an answer.
}

// punctually calls do, and returns at the latest when ctx ends.
func punctually[T any](
	ctx context.Context, t *traffic, client rueidis.Client, do func(context.Context, rueidis.Client) (T, error),
) (T, error) {
	watched := func() (T, error) {
		defer t.underway.Add(-1)
		result, err := do(ctx, client)
		t.stalled.Store(ctx.Err() != nil)
		return result, err
	}
	if t.underway.Add(1) < busy && !t.stalled.Load() {
		return watched()
	}
	type outcome struct {
		result T
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		result, err := watched()
		done <- outcome{result, err}
	}()
	select {
	case o := <-done:
		return o.result, o.err
	case <-ctx.Done():
		t.stalled.Store(true)
		var none T
		return none, ctx.Err()
	}
}
