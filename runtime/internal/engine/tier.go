package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/breaker"
	"github.com/cachegen/cachegen/runtime/internal/guard"
	"github.com/cachegen/cachegen/runtime/internal/lease"
	"github.com/cachegen/cachegen/runtime/internal/marks"
	"github.com/cachegen/cachegen/runtime/store"
)

// tier is a store as calls use it. Asking it is in ask.go, opening it here.
type tier struct {
	cache   *Cache
	name    string // "" is the cache's own store
	open    func(context.Context) (store.Store, error)
	timeout time.Duration

	mu      sync.Mutex
	store   store.Store
	opening chan struct{} // closed when opening has ended; nil while nobody opens
	failure error         // of the last attempt to open
	leases  *lease.Queue
	marks   atomic.Pointer[marks.Table]
	closed  bool

	// After a fault the store is left alone for a while, for each kind of operation by itself: a
	// full disk can still be read.
	breakers [operations]breaker.Breaker
	usage    [operations]usage
}

// get returns the store. The first call opens it, once for all who ask. Nobody waits longer than
// its own context allows.
func (t *tier) get(ctx context.Context) (store.Store, error) {
	s, opened, err := t.ready(ctx, true)
	if s != nil || err != nil {
		return s, err
	}
	select {
	case <-opened:
		s, again, err := t.ready(ctx, false)
		if again != nil {
			err = errResting // it failed, and somebody else tries once more
		}
		return s, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ready returns the store, or the reason why there is none, or a channel that is closed when
// opening is over. It opens the store, with the values of ctx, only if open is true.
func (t *tier) ready(ctx context.Context, open bool) (s store.Store, opened <-chan struct{}, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.closed:
		return nil, nil, store.ErrClosed
	case t.store != nil:
		return t.store, nil, nil
	case t.opening != nil:
		return nil, t.opening, nil
	case !open:
		return nil, nil, t.failure
	case !t.breakers[opening].Admit():
		return nil, nil, errResting
	}
	t.opening = make(chan struct{})
	go t.start(context.WithoutCancel(ctx))
	return nil, t.opening, nil
}

// start opens the store.
func (t *tier) start(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	began := time.Now()
	s, err := t.opens(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.opening)
	t.opening, t.failure = nil, err
	if err != nil {
		t.breakers[opening].Failed()
		return
	}
	t.breakers[opening].Succeeded(time.Since(began))
	switch {
	case t.closed:
		_ = s.Close()
		return
	}
	t.use(s)
	for _, s := range t.states() { // what was made without it nobody else can forget
		s.memory.RemoveAll(func(h Held) bool { return !s.follows(h.About()) })
	}
}

// opens calls open. A panic of it is an error.
func (t *tier) opens(ctx context.Context) (s store.Store, err error) {
	err = guard.Call("opening the store", func() (err error) {
		s, err = t.open(ctx)
		return err
	})
	return s, err
}

// use makes s the tier's store.
func (t *tier) use(s store.Store) {
	t.store = s
	bounded := &bounded{t, s}
	t.leases = lease.New(bounded, func(_ string, err error) { t.cache.faults.log("lease", err) })
	t.marks.Store(marks.New(marks.Config{
		Clock: t.cache.clock,
		Store: bounded, Changed: t.changed, Trust: trust,
		Report: t.unwatched,
	}))
}

// unwatched logs why the store can't be watched, unless the store was closed meanwhile.
func (t *tier) unwatched(err error) {
	if !t.cache.closed.Load() {
		t.cache.faults.log("watching", err)
	}
}

// trust is for how long what is known counts as current when the store does not confirm it.
const trust = 500 * time.Millisecond

// table returns the marks in the store: the cache's own before it is open.
func (t *tier) table() *marks.Table {
	if m := t.marks.Load(); m != nil {
		return m
	}
	return t.cache.marks
}

// follow returns the marks in the store, which is opened if it is not.
func (t *tier) follow(ctx context.Context) (*marks.Table, error) {
	if m := t.marks.Load(); m != nil {
		return m, nil
	}
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	if _, err := t.get(ctx); err != nil {
		return nil, err
	}
	return t.marks.Load(), nil
}

// queue returns the leases of the store.
func (t *tier) queue(ctx context.Context) (*lease.Queue, error) {
	if _, err := t.follow(ctx); err != nil {
		return nil, err
	}
	return t.leases, nil
}

// close closes the store.
func (t *tier) close() error {
	t.mu.Lock()
	was := t.closed
	t.closed = true
	t.mu.Unlock()
	if t.store == nil || was {
		return nil
	}
	t.marks.Load().Close()
	return guard.Call("closing the store", t.store.Close)
}
