// Package calls bounds what stores ask of servers through clients that follow contexts.
package calls

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// Calls are those of one store. Each ends with its context, with the store or when its time is up,
// whichever is first.
type Calls struct {
	store   string
	timeout time.Duration
	life    context.Context // Ends with the store.
	end     context.CancelFunc
}

// New returns the calls of a store, whose name its errors begin with. Each may take as long as
// timeout.
func New(store string, timeout time.Duration) *Calls {
	c := &Calls{store: store, timeout: timeout}
	c.life, c.end = context.WithCancel(context.Background())
	return c
}

// Check returns an error if a call is over before it began.
func (c *Calls) Check(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.life.Err() != nil {
		return store.ErrClosed
	}
	return nil
}

// Close ends calls that are under way, and all that follow, with [store.ErrClosed].
func (c *Calls) Close() { c.end() }

// Run makes a call without a result, as [Do] does.
func Run(ctx context.Context, c *Calls, do func(context.Context) error) error {
	_, err := Do(ctx, c, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) })
	return err
}

// Do makes a call. Its error is the context's if that ended, and no error of a context otherwise.
func Do[T any](ctx context.Context, c *Calls, do func(context.Context) (T, error)) (T, error) {
	var none T
	if err := c.Check(ctx); err != nil {
		return none, err
	}
	bounded, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	stop := context.AfterFunc(c.life, cancel)
	defer stop()
	result, err := do(bounded)
	switch {
	case err == nil:
		return result, nil
	case ctx.Err() != nil:
		return none, ctx.Err()
	case c.life.Err() != nil:
		return none, store.ErrClosed
	case errors.Is(bounded.Err(), context.DeadlineExceeded):
		return none, fmt.Errorf("%s: not done within %v: %w", c.store, c.timeout, os.ErrDeadlineExceeded)
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrTooLarge):
		return none, err
	}
	return none, fmt.Errorf("%s: %w", c.store, err)
}
