package lease

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/guard"
	"github.com/cachegen/cachegen/runtime/store"
)

// Outcome is how a turn ended, as far as those who wait for it care.
type Outcome int

const (
	// Stored says that the result is in the store.
	Stored Outcome = iota
	// Failed says that the execution failed: one of the others tries once more.
	Failed
	// Unstored says that the execution succeeded but its result is not in the store, nor would
	// another one's be: the others need not wait for each other.
	Unstored
	// Abandoned says that the execution ended with its caller's context: one of the others takes
	// over.
	Abandoned
)

// Turn is a caller's right to execute now.
type Turn struct {
	queue *Queue
	key   string
	ttl   time.Duration
	ctx   context.Context // without end: for the calls to the store

	mu    sync.Mutex
	lease store.Lease // nil: beside others, lost, or ended
	timer *time.Timer // the next extension
}

// newTurn returns the turn of the holder of l, and extends l from now on. No goroutine waits for
// the next extension.
func newTurn(ctx context.Context, q *Queue, key string, ttl time.Duration, l store.Lease) *Turn {
	t := &Turn{queue: q, key: key, ttl: ttl, ctx: context.WithoutCancel(ctx), lease: l}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timer = time.AfterFunc(t.beat(), t.extend)
	return t
}

// beat is the time between two extensions. After a failed one the next comes sooner: two more fit
// in before the lease runs out.
func (t *Turn) beat() time.Duration { return t.ttl / 3 }

// Alone reports whether nobody else who shares the store executes, as far as is known.
func (t *Turn) Alone() bool { return t.current() != nil }

func (t *Turn) current() store.Lease {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.lease
}

// extend makes the lease run for its full time again, and does so again after a while unless the
// turn ended or lost it.
func (t *Turn) extend() {
	l := t.current()
	if l == nil {
		return
	}
	err := t.guarded(func(ctx context.Context) error { return l.Extend(ctx, t.ttl) })
	if fault := t.extended(err); fault != nil {
		t.queue.report(t.key, fault)
	}
}

// extended goes on after an extension that ended with err, and returns what there is to report.
func (t *Turn) extended(err error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lease == nil { // the turn ended meanwhile
		return nil
	}
	if err == nil {
		t.timer.Reset(t.beat())
		return nil
	}
	if errors.Is(err, store.ErrHeld) {
		t.lease = nil
		return ErrLost
	}
	t.timer.Reset(t.beat() / 4)
	return fmt.Errorf("lease: extending: %w", err)
}

// End ends the turn and lets the next one begin. Only the first call counts, so that
//
//	defer turn.End(lease.Failed)
//
// covers panics and Goexit too. Its calls to the store outlive the context of Take, but not for
// long.
func (t *Turn) End(o Outcome) {
	l := t.end()
	if l == nil {
		return
	}
	if o == Failed || o == Unstored {
		t.check(t.guarded(func(ctx context.Context) error { return t.queue.count(ctx, t.key, t.ttl, o) }))
	}
	t.check(t.guarded(l.Release))
}

// Drop ends the turn without telling the store: its lease runs out.
func (t *Turn) Drop() { t.end() }

func (t *Turn) end() store.Lease {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.lease
	t.lease = nil
	if l != nil {
		t.timer.Stop()
	}
	return l
}

func (t *Turn) check(err error) {
	if err != nil {
		t.queue.report(t.key, fmt.Errorf("lease: ending: %w", err))
	}
}

// guarded calls the store for no longer than until the next extension is due. A panic of the store
// is a fault like others: here it would end the process.
func (t *Turn) guarded(call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(t.ctx, t.beat())
	defer cancel()
	return guard.Call("the store", func() error { return call(ctx) })
}
