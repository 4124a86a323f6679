// Package lease lets one process at a time execute what all processes that share a store want.
//
// Flyte's catalog reservations are the model: one task holds the reservation and extends it while
// it works, the others wait and look for its artifact. Unlike them, a failure releases the lease,
// waiters are woken where the store can, and nobody waits behind a line of failures.
package lease

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/clock"
	"github.com/cachegen/cachegen/runtime/store"
)

// Why a turn is not alone, or no longer.
var (
	// ErrNoLeases says that the store has none.
	ErrNoLeases = errors.New("lease: the store has no leases")
	// ErrWaited says that others held the lease for longer than anybody should wait.
	ErrWaited = errors.New("lease: waited too long")
	// ErrFutile says that waiting for others gave no result.
	ErrFutile = errors.New("lease: executions by others left no result")
	// ErrLost says that the lease ran out while its holder executed, for example because the
	// machine slept.
	ErrLost = errors.New("lease: lost while executing")
)

// DefaultTTL is how long a lease lasts without being extended, unless told otherwise.
const DefaultTTL = 30 * time.Second

// Patience is for how many times the lease's ttl anybody waits at most.
const Patience = 20

// Queue hands out turns. It is safe for concurrent use.
type Queue struct {
	store  store.Store
	leaser store.Leaser // nil: every turn is not alone
	report func(key string, err error)
}

// New returns a queue over s, which may be nil. It tells report of the faults that let calls run
// beside each other, and of leases that were lost; report may be nil.
func New(s store.Store, report func(key string, err error)) *Queue {
	if report == nil {
		report = func(string, error) {}
	}
	q := &Queue{store: s, report: report}
	if s != nil {
		q.leaser, _ = store.As[store.Leaser](s)
	}
	return q
}

// Take waits for the caller's turn to execute what key stands for, an item's key. It returns nil
// without an error if there is nothing to execute, for found, which looks into the store, reports
// that somebody else's result is there. The turn is alone among all users of the store if that can
// be had: faults of the store, two failed executions by others or one that left its result out of
// the store, and a wait of [Patience] times ttl give a turn beside others, with a report. The error
// is ctx's. A ttl of 0 is [DefaultTTL].
//
// The caller must end the turn.
func (q *Queue) Take(ctx context.Context, key string, ttl time.Duration, found func(context.Context) bool) (*Turn, error) {
	if q.leaser == nil {
		return q.beside(key, ErrNoLeases), nil
	}
	if ttl <= 0 {
		ttl = DefaultTTL
	}
	w := waiter{queue: q, key: key, ttl: ttl, found: found}
	bounded, cancel := context.WithTimeout(ctx, Patience*ttl)
	defer cancel()
	turn, err := w.take(bounded)
	if err == nil {
		return turn, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if bounded.Err() != nil {
		err = ErrWaited
	}
	return q.beside(key, err), nil
}

// beside returns a turn that is not alone.
func (q *Queue) beside(key string, err error) *Turn {
	q.report(key, err)
	return &Turn{queue: q, key: key}
}

// waiter is one caller of Take.
type waiter struct {
	queue *Queue
	key   string
	ttl   time.Duration
	found func(context.Context) bool

	waited bool
	before note          // what was counted when the wait began
	pause  time.Duration // what the next wait must at least take
}

// take returns the turn, nil if there is a result, or why there is no turn alone.
func (w *waiter) take(ctx context.Context) (*Turn, error) {
	for {
		l, err := w.acquire(ctx)
		if err == nil {
			return w.alone(ctx, l), nil
		}
		if !errors.Is(err, store.ErrHeld) {
			return nil, fmt.Errorf("lease: %w", err)
		}
		if !w.waited {
			w.before, w.waited = w.queue.readNote(ctx, w.key), true
		}
		if err := w.await(ctx); err != nil {
			return nil, err
		}
		if w.found(ctx) {
			return nil, nil
		}
		if w.queue.readNote(ctx, w.key).after(w.before).futile() {
			return nil, ErrFutile
		}
	}
}

// acquire asks for the lease. A store that doesn't answer is a fault before long.
func (w *waiter) acquire(ctx context.Context) (store.Lease, error) {
	ctx, cancel := context.WithTimeout(ctx, min(w.ttl/3, 5*time.Second))
	defer cancel()
	return w.queue.leaser.Acquire(ctx, w.key, w.ttl)
}

// alone returns the turn of the lease's holder, or nil if there is a result already: it may have
// come between the caller's look into the store and now.
func (w *waiter) alone(ctx context.Context, l store.Lease) *Turn {
	turn := newTurn(ctx, w.queue, w.key, w.ttl, l)
	taken := false
	defer func() {
		if !taken { // also if found panicked
			turn.End(Abandoned)
		}
	}()
	if w.found(ctx) {
		return nil
	}
	taken = true
	return turn
}

// await waits until the lease may be free, or there may be news in the store: somebody else may
// have taken it since, which a store that polls doesn't tell. One whose Await returns at once,
// again and again, is not asked more than once a second in the long run.
func (w *waiter) await(ctx context.Context) error {
	start := time.Now()
	bounded, cancel := context.WithTimeout(ctx, w.ttl/3)
	defer cancel()
	if err := w.queue.leaser.Await(bounded, w.key); err != nil && bounded.Err() == nil {
		return err
	}
	missing := w.pause - time.Since(start)
	if missing <= 0 {
		w.pause = minPause
		return ctx.Err()
	}
	w.pause = min(2*w.pause, maxPause)
	return clock.Sleep(ctx, missing)
}

const (
	minPause = 5 * time.Millisecond
	maxPause = time.Second
)
