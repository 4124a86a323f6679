package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/lease"
	"github.com/cachegen/cachegen/runtime/internal/marks"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/layer"
)

// tier is a store as calls use it: no operation takes longer than its time, and one that keeps failing is left alone for a while.
type tier struct {
	cache   *Cache
	open    func(context.Context) (store.Store, error)
	timeout time.Duration

	mu      sync.Mutex
	store   store.Store
	opening chan struct{} // closed when opening has ended; nil while nobody opens
	failure error         // of the last attempt to open
	leases  *lease.Queue
	marks   atomic.Pointer[marks.Table]
	reads   breaker // of what does not write, opening included
	writes  breaker // a disk that is full fails these alone
	closed  bool
}

// do calls op, which does not write, with the store, within the tier's time. A panic of the store is an error.
func (t *tier) do(ctx context.Context, op func(context.Context, store.Store) error) (err error) {
	return t.within(ctx, &t.reads, op)
}

// write is do for what writes.
func (t *tier) write(ctx context.Context, op func(context.Context, store.Store) error) error {
	return t.within(ctx, &t.writes, op)
}

func (t *tier) within(ctx context.Context, b *breaker, op func(context.Context, store.Store) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	if t.rests(b) {
		return errResting
	}
	s, err := t.get(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("cache: the store panicked: %v", p)
		}
		t.learn(b, err)
	}()
	return op(ctx, s)
}

// get returns the store. On first use it is opened: once for all who ask, each of whom waits no longer than its context lets it.
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

// ready returns the store, or why there is none, or what is closed once it is open or could not be opened. It is opened, with the values of
// ctx, only if open.
func (t *tier) ready(ctx context.Context, open bool) (s store.Store, opened <-chan struct{}, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.closed:
		return nil, nil, store.ErrClosed
	case t.store != nil:
		return t.store, nil, nil
	case t.reads.rests():
		return nil, nil, errResting
	case t.opening != nil:
		return nil, t.opening, nil
	case !open:
		return nil, nil, t.failure
	}
	t.opening = make(chan struct{})
	go t.start(context.WithoutCancel(ctx))
	return nil, t.opening, nil
}

// start opens the store.
func (t *tier) start(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	s, err := t.opens(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.opening)
	t.opening, t.failure = nil, err
	switch {
	case err != nil:
		t.reads.fail()
		return
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
func (t *tier) opens(ctx context.Context) (_ store.Store, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("cache: opening the store panicked: %v", p)
		}
	}()
	return t.open(ctx)
}

// use makes s the tier's store.
func (t *tier) use(s store.Store) {
	t.store = s
	bounded := &bounded{t, s}
	t.leases = lease.New(bounded, func(_ string, err error) { t.cache.faults.log("lease", err) })
	t.marks.Store(marks.New(marks.Config{
		Clock: t.cache.clock,
		Store: bounded, Changed: t.changed, Trust: -1,
		Report: func(err error) { t.cache.faults.log("watching", err) },
	}))
}

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

// bounded is the store of a tier with the tier's bounds, for what asks it by itself.
type bounded struct {
	tier *tier
	store.Store
}

// Unwrap returns the store without bounds.
func (b *bounded) Unwrap() store.Store { return b.Store }

// Get is the store's.
func (b *bounded) Get(ctx context.Context, name string) (item store.Item, err error) {
	err = b.tier.do(ctx, func(ctx context.Context, s store.Store) error {
		item, err = s.Get(ctx, name)
		return err
	})
	return item, err
}

// Put is the store's.
func (b *bounded) Put(ctx context.Context, name string, item store.Item) (ok bool, err error) {
	err = b.tier.write(ctx, func(ctx context.Context, s store.Store) error {
		ok, err = s.Put(ctx, name, item)
		return err
	})
	return ok, err
}

// rests reports whether the store is left alone.
func (t *tier) rests(b *breaker) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return b.rests()
}

// learn takes note of how an operation ended.
func (t *tier) learn(b *breaker, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	b.learn(err)
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
	return t.store.Close()
}

// tiers are the stores of a cache.
type tiers struct {
	standard *tier // nil: memory only
	named    map[string]*tier
}

func (ts *tiers) open(c *Cache) {
	ts.named = map[string]*tier{}
	for name, s := range c.config.Stores {
		ts.named[name] = newTier(c, s)
	}
	switch {
	case c.config.Store != nil:
		ts.standard = newTier(c, c.config.Store)
	case c.config.URL != NoStore:
		ts.standard = newTier(c, nil)
		ts.standard.open = func(ctx context.Context) (store.Store, error) { return layer.Open(ctx, c.config.URL) }
	}
}

// of returns where the results of f are stored, nil if nowhere.
func (ts *tiers) of(f *Function) *tier {
	if f.Options.Store == "" {
		return ts.standard
	}
	return ts.named[f.Options.Store]
}

func newTier(c *Cache, s store.Store) *tier {
	t := &tier{cache: c, timeout: c.config.StoreTimeout}
	if s != nil {
		t.use(s)
	}
	return t
}

func (ts *tiers) all() []*tier {
	l := slices.Collect(maps.Values(ts.named))
	if ts.standard != nil {
		l = append(l, ts.standard)
	}
	return l
}

func (ts *tiers) close() error {
	var errs []error
	for _, t := range ts.all() {
		errs = append(errs, t.close())
	}
	return errors.Join(errs...)
}
