package layer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// GuardOptions say how [Guard] works. The zero value has the defaults.
type GuardOptions struct {
	// Timeout bounds each read, and each step of a lease; 0: 1 s.
	Timeout time.Duration
	// WriteTimeout bounds each write; 0: ten times Timeout.
	WriteTimeout time.Duration
	// Failures in a row have the store left alone; 0: 5.
	Failures int
	// Pause is for how long it is left alone at first, LongestPause at last; 0: 1 s, and 1 min.
	Pause, LongestPause time.Duration
	// Report is told when the store begins to be left alone ([ErrResting], with the last failure) and when it answers again
	// ([ErrRecovered]); nil: nobody is.
	Report func(error)
}

// Guard returns a store whose calls cost little while s is broken or slow. Each returns within its time, even if s neither answers nor
// follows contexts; panics of s are errors; and after some failures in a row calls fail at once with [ErrResting] until s answers a
// try. What takes its time by its nature is not bounded: waiting for leases, watching, listing, pruning.
func Guard(s store.Store, o GuardOptions) store.Store {
	g := &guard{Store: s, read: cmp.Or(o.Timeout, time.Second)}
	g.write = cmp.Or(o.WriteTimeout, 10*g.read)
	g.breaker = breaker{
		failures: cmp.Or(o.Failures, 5),
		pause:    cmp.Or(o.Pause, time.Second), longest: cmp.Or(o.LongestPause, time.Minute),
		report: o.Report,
	}
	if o.Report == nil {
		g.breaker.report = func(error) {}
	}
	return g
}

type guard struct {
	store.Store
	read, write time.Duration
	breaker     breaker
}

// Unwrap returns the store behind.
func (g *guard) Unwrap() store.Store { return g.Store }

// answer is what a call returned.
type answer[T any] struct {
	value T
	err   error
}

// guarded makes a call that returns in time. The call runs on its own goroutine, which outlives a store that doesn't follow contexts.
func guarded[T any](ctx context.Context, g *guard, limit time.Duration, call func(context.Context) (T, error)) (T, error) {
	var none T
	if err := g.breaker.admit(); err != nil {
		return none, err
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	answers := make(chan answer[T], 1)
	go func() {
		var a answer[T]
		defer func() {
			if v := recover(); v != nil {
				a = answer[T]{err: fmt.Errorf("layer: store panicked: %v", v)}
			}
			answers <- a
		}()
		a.err = errors.New("layer: store called Goexit")
		a.value, a.err = call(bounded)
	}()
	var a answer[T]
	select {
	case a = <-answers:
	case <-bounded.Done():
		a.err = fmt.Errorf("layer: store gave no answer: %w", bounded.Err())
	}
	switch {
	case a.err == nil || isAnswer(a.err):
		g.breaker.learn(nil)
	case ctx.Err() != nil: // the caller's end, not the store's
		g.breaker.forfeit()
	default:
		g.breaker.learn(a.err)
	}
	return a.value, a.err
}

// isAnswer reports whether err comes from a store that works.
func isAnswer(err error) bool {
	for _, answer := range []error{store.ErrNotFound, store.ErrHeld, store.ErrTooLarge, store.ErrClosed, ErrPlain, errors.ErrUnsupported} {
		if errors.Is(err, answer) {
			return true
		}
	}
	return false
}

// done makes a call without a result fit for guarded.
func done(call func(context.Context) error) func(context.Context) (struct{}, error) {
	return func(ctx context.Context) (struct{}, error) { return struct{}{}, call(ctx) }
}

func (g *guard) Get(ctx context.Context, key string) (store.Item, error) {
	return guarded(ctx, g, g.read, func(ctx context.Context) (store.Item, error) { return g.Store.Get(ctx, key) })
}

func (g *guard) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	return guarded(ctx, g, g.write, func(ctx context.Context) (bool, error) { return g.Store.Put(ctx, key, item) })
}

func (g *guard) Delete(ctx context.Context, key string) error {
	_, err := guarded(ctx, g, g.write, done(func(ctx context.Context) error { return g.Store.Delete(ctx, key) }))
	return err
}

// GetMany is [store.Batcher]'s.
func (g *guard) GetMany(ctx context.Context, keys []string) (map[string]store.Item, error) {
	b, err := behind[store.Batcher](g.Store)
	if err != nil {
		return nil, err
	}
	return guarded(ctx, g, g.read, func(ctx context.Context) (map[string]store.Item, error) { return b.GetMany(ctx, keys) })
}

// Stamps is [store.Stamper]'s.
func (g *guard) Stamps(ctx context.Context, keys []string) (map[string]int64, error) {
	s, err := behind[store.Stamper](g.Store)
	if err != nil {
		return nil, err
	}
	return guarded(ctx, g, g.read, func(ctx context.Context) (map[string]int64, error) { return s.Stamps(ctx, keys) })
}

// ReadBlob is [store.Blobber]'s.
func (g *guard) ReadBlob(ctx context.Context, path string) ([]byte, error) {
	b, err := behind[store.Blobber](g.Store)
	if err != nil {
		return nil, err
	}
	return guarded(ctx, g, g.read, func(ctx context.Context) ([]byte, error) { return b.ReadBlob(ctx, path) })
}

// WriteBlob is [store.Blobber]'s.
func (g *guard) WriteBlob(ctx context.Context, path string, value []byte, replace bool) (bool, error) {
	b, err := behind[store.Blobber](g.Store)
	if err != nil {
		return false, err
	}
	return guarded(ctx, g, g.write, func(ctx context.Context) (bool, error) { return b.WriteBlob(ctx, path, value, replace) })
}

// DeleteBlob is [store.Blobber]'s.
func (g *guard) DeleteBlob(ctx context.Context, path string) error {
	b, err := behind[store.Blobber](g.Store)
	if err != nil {
		return err
	}
	_, err = guarded(ctx, g, g.write, done(func(ctx context.Context) error { return b.DeleteBlob(ctx, path) }))
	return err
}

// Acquire is [store.Leaser]'s.
func (g *guard) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	l, err := behind[store.Leaser](g.Store)
	if err != nil {
		return nil, err
	}
	held, err := guarded(ctx, g, g.read, func(ctx context.Context) (store.Lease, error) { return l.Acquire(ctx, key, ttl) })
	if err != nil {
		return nil, err
	}
	return &guardedLease{g, held}, nil
}

// Await is [store.Leaser]'s.
func (g *guard) Await(ctx context.Context, key string) error {
	l, err := behind[store.Leaser](g.Store)
	if err != nil {
		return err
	}
	return l.Await(ctx, key)
}

// guardedLease is a lease whose steps are guarded.
type guardedLease struct {
	guard *guard
	store.Lease
}

func (l *guardedLease) Extend(ctx context.Context, ttl time.Duration) error {
	_, err := guarded(ctx, l.guard, l.guard.read, done(func(ctx context.Context) error { return l.Lease.Extend(ctx, ttl) }))
	return err
}

func (l *guardedLease) Release(ctx context.Context) error {
	_, err := guarded(ctx, l.guard, l.guard.read, done(l.Lease.Release))
	return err
}
