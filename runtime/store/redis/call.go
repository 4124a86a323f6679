package redis

import (
	"context"
	"errors"
	"fmt"
	"os"

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
		if result, err = punctually(bounded, client, do); err == nil {
			return result, nil
		}
	}
	return none, s.failure(ctx, bounded.Err() != nil, err)
}

// failure returns what the error of a call comes to, nil for none. late says that the store's
// timeout was over.
func (s *Store) failure(ctx context.Context, late bool, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case s.isClosed():
		return store.ErrClosed
	case late:
		return fmt.Errorf("redis: no answer within %v: %w", s.timeout, os.ErrDeadlineExceeded)
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrHeld), errors.Is(err, store.ErrClosed):
		return err
	}
	return fmt.Errorf("redis: %w", err)
}

// punctually calls do, and returns at the latest when ctx ends. The client waits for a place in its
// pipeline without looking at the context, and a command keeps its place after its call has ended:
// a server that hangs fills the pipeline. So do has a goroutine of its own.
func punctually[T any](ctx context.Context, client rueidis.Client, do func(context.Context, rueidis.Client) (T, error)) (T, error) {
	type outcome struct {
		result   T
		err      error
		panicked any
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			o.panicked = recover()
			done <- o
		}()
		o.result, o.err = do(ctx, client)
	}()
	select {
	case o := <-done:
		if o.panicked != nil {
			panic(o.panicked) // where somebody expects it
		}
		return o.result, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
