package redis

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
)

// lookAgain is the time after which a waiter looks by itself.
const lookAgain = 10 * time.Second

// leases are the leases that this store holds.
type leases struct {
	mu   sync.Mutex
	held map[*lease]struct{}
}

func (l *leases) add(held *lease) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[*lease]struct{}{}
	}
	l.held[held] = struct{}{}
}

func (l *leases) remove(held *lease) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.held, held)
}

// lease is a name in Redis. Its value is the holder's token, and its time to live is the rest of
// the lease.
type lease struct {
	s          *Store
	key, token string
}

// Acquire takes the lease called key for ttl.
func (s *Store) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	if err := store.CheckKey(key); err != nil {
		return nil, err
	}
	if err := s.check(ctx); err != nil {
		return nil, err
	}
	l := &lease{s: s, key: key, token: rand.Text()}
	_, err := call(ctx, s, &s.tracked, func(ctx context.Context, c rueidis.Client) (struct{}, error) {
		set := c.B().Set().Key(l.name()).Value(l.token).Nx().PxMilliseconds(milliseconds(ttl)).Build()
		err := c.Do(ctx, set).Error()
		if rueidis.IsRedisNil(err) {
			err = store.ErrHeld
		}
		return struct{}{}, err
	})
	if err != nil {
		if !errors.Is(err, store.ErrHeld) {
			go l.free(context.WithoutCancel(ctx)) // It may be ours: the answer is what got lost.
		}
		return nil, err
	}
	s.leases.add(l)
	return l, nil
}

func milliseconds(d time.Duration) int64 { return max(d.Milliseconds(), 1) }

func (l *lease) name() string { return l.s.name(leaseSpace, l.key) }

var extend = newScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`)

// Extend makes the lease run ttl from now.
func (l *lease) Extend(ctx context.Context, ttl time.Duration) error {
	_, err := call(ctx, l.s, &l.s.tracked, func(ctx context.Context, c rueidis.Client) (struct{}, error) {
		ours, err := extend.exec(ctx, c, l.name(), l.token, strconv.FormatInt(milliseconds(ttl), 10)).AsBool()
		if err == nil && !ours {
			err = store.ErrHeld
		}
		return struct{}{}, err
	})
	return err
}

var release = newScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`)

// Release frees the lease if it is still this holder's.
func (l *lease) Release(ctx context.Context) error {
	err := l.free(ctx)
	if err == nil {
		l.s.leases.remove(l)
	}
	return err
}

func (l *lease) free(ctx context.Context) error {
	_, err := call(ctx, l.s, &l.s.tracked, func(ctx context.Context, c rueidis.Client) (struct{}, error) {
		return struct{}{}, release.exec(ctx, c, l.name(), l.token).Error()
	})
	return err
}

// releaseAll frees what is held.
func (s *Store) releaseAll() {
	s.leases.mu.Lock()
	held := slices.Collect(maps.Keys(s.leases.held))
	s.leases.mu.Unlock()
	var freeing sync.WaitGroup
	for _, l := range held {
		freeing.Go(func() { _ = l.free(context.Background()) })
	}
	freeing.Wait()
}

// Await returns when the lease called key was released, ran out or changed hands. It reads the
// holder, so that the server reports the change.
func (s *Store) Await(ctx context.Context, key string) error {
	if err := store.CheckKey(key); err != nil {
		return err
	}
	if err := s.check(ctx); err != nil {
		return err
	}
	woken, end := s.news.await(key)
	defer end()
	for first := ""; ; {
		holder, err := s.holder(ctx, key)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, store.ErrClosed):
			return err
		case err != nil, holder.token == "", first != "" && holder.token != first:
			return nil
		}
		first = holder.token
		out := time.NewTimer(min(holder.left+time.Millisecond, lookAgain))
		select {
		case <-woken:
		case <-out.C:
		case <-ctx.Done():
		case <-s.closed:
		}
		out.Stop()
	}
}

// holding is the holder's token and the rest of its time. Without a token the lease is free.
type holding struct {
	token string
	left  time.Duration
}

func (s *Store) holder(ctx context.Context, key string) (holding, error) {
	name := s.name(leaseSpace, key)
	return call(ctx, s, &s.tracked, func(ctx context.Context, c rueidis.Client) (holding, error) {
		answers := c.DoMulti(ctx, c.B().Get().Key(name).Build(), c.B().Pttl().Key(name).Build())
		token, err := answers[0].ToString()
		if rueidis.IsRedisNil(err) {
			return holding{}, nil
		}
		if err != nil {
			return holding{}, err
		}
		ms, err := answers[1].AsInt64()
		return holding{token, time.Duration(max(ms, 0)) * time.Millisecond}, err
	})
}
