package memory

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// lease is a lease that somebody holds or held.
type lease struct {
	medium  *medium
	key     string
	holder  *Store
	expires time.Time
	// freed is closed when the lease was released or taken over.
	freed chan struct{}
}

// Acquire implements [store.Leaser].
func (s *Store) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	if err := s.enter(ctx, key); err != nil {
		return nil, err
	}
	m, now := s.medium, time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	if l := m.leases[key]; l != nil {
		if now.Before(l.expires) {
			return nil, store.ErrHeld
		}
		m.free(l)
	}
	l := &lease{medium: m, key: key, holder: s, expires: now.Add(ttl), freed: make(chan struct{})}
	m.leases[key] = l
	return l, nil
}

// free makes l nobody's. The caller has the lock.
func (m *medium) free(l *lease) {
	delete(m.leases, l.key)
	close(l.freed)
}

// Await implements [store.Leaser]. A release wakes it at once.
func (s *Store) Await(ctx context.Context, key string) error {
	if err := s.enter(ctx, key); err != nil {
		return err
	}
	for {
		l, left := s.medium.lease(key)
		if l == nil || left <= 0 {
			return nil
		}
		select {
		case <-l.freed:
			return nil
		case <-time.After(left): // It may have been extended.
		case <-s.closed.Done():
			return store.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// lease returns who holds the lease called key, and for how long.
func (m *medium) lease(key string) (*lease, time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.leases[key]
	if l == nil {
		return nil, 0
	}
	return l, time.Until(l.expires)
}

// Extend implements [store.Lease].
func (l *lease) Extend(ctx context.Context, ttl time.Duration) error {
	if err := l.holder.err(ctx); err != nil {
		return err
	}
	l.medium.mu.Lock()
	defer l.medium.mu.Unlock()
	now := time.Now()
	if l.medium.leases[l.key] != l || !now.Before(l.expires) {
		return store.ErrHeld
	}
	l.expires = now.Add(ttl)
	return nil
}

// Release implements [store.Lease].
func (l *lease) Release(context.Context) error {
	l.medium.mu.Lock()
	defer l.medium.mu.Unlock()
	if l.medium.leases[l.key] == l {
		l.medium.free(l)
	}
	return nil
}
