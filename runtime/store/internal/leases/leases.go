// Package leases makes leases out of conditional writes, for stores whose medium has neither locks
// nor a way to tell that something changed.
//
// A lease is a record with the holder's token, that names how long it runs. Who finds it held takes
// it over when it has not changed for that long by the finder's own clock, as Amazon's DynamoDB
// lock client does: clocks of different machines are not compared, but for records that ran out so
// long ago that no clock is that wrong.
package leases

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// Medium keeps records under keys, each with a version that every write changes.
type Medium interface {
	// Read returns the record under key and its version, or an error that is [store.ErrNotFound].
	Read(ctx context.Context, key string) (record []byte, version string, err error)
	// Write writes a record if the one under key has the version still; none: if there is none. It
	// reports whether it did. The medium may drop the record by itself some time after expires.
	Write(ctx context.Context, key string, record []byte, version string, expires time.Time) (bool, error)
	// Remove removes the record under key if it has the version still.
	Remove(ctx context.Context, key, version string) error
}

const (
	// skew is how far clocks of machines may be apart. A record that ran out longer ago is free at
	// first sight.
	skew = time.Minute
	// keep is how long a medium keeps a record that ran out.
	keep = time.Hour
	// attempts is how often a write that met another is tried again.
	attempts = 4
	// cleanup bounds what is done after a call failed, or when the store closes.
	cleanup = 5 * time.Second
	// maxSeen bounds the number of other users' leases that are kept.
	maxSeen = 10_000
	// firstPause and lastPause are the bounds of the pauses between two looks of [Leaser.Await].
	firstPause = 20 * time.Millisecond
	lastPause  = time.Second
)

// record is what is kept of a lease.
type record struct {
	Token   string        `json:"token"`
	TTL     time.Duration `json:"ttl"`     // Nanoseconds.
	Expires time.Time     `json:"expires"` // By the holder's clock.
}

// Leaser gives leases on a medium. Its methods are safe for concurrent use.
type Leaser struct {
	medium Medium

	mu   sync.Mutex
	held map[*lease]struct{}
	// seen has what others hold, and since when it is unchanged.
	seen map[string]sighting
}

type sighting struct {
	version string
	since   time.Time
}

// New returns a Leaser on a medium.
func New(m Medium) *Leaser {
	return &Leaser{medium: m, held: map[*lease]struct{}{}, seen: map[string]sighting{}}
}

// lease is a lease that is or was held.
type lease struct {
	l          *Leaser
	key, token string
}

// Acquire is [store.Leaser]'s.
func (l *Leaser) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	if err := store.CheckKey(key); err != nil {
		return nil, err
	}
	mine := &lease{l: l, key: key, token: rand.Text()}
	if err := l.take(ctx, mine, ttl); err != nil {
		if !errors.Is(err, store.ErrHeld) && !errors.Is(err, store.ErrClosed) {
			go mine.abandon(context.WithoutCancel(ctx)) // The record may be there: the answer is what got lost.
		}
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held[mine] = struct{}{}
	return mine, nil
}

func (l *Leaser) take(ctx context.Context, mine *lease, ttl time.Duration) error {
	version := "" // Most leases are free: try that first.
	for range attempts {
		ok, err := l.write(ctx, mine, ttl, version)
		if ok || err != nil {
			return err
		}
		var r record
		r, version, err = l.read(ctx, mine.key)
		switch {
		case errors.Is(err, store.ErrNotFound):
			version = ""
		case err != nil:
			return err
		case r.Token == mine.token:
			return nil // The write was done, and done again by a client that did not hear so.
		case !l.lapsed(mine.key, r, version):
			return store.ErrHeld
		}
	}
	return store.ErrHeld
}

func (l *Leaser) write(ctx context.Context, mine *lease, ttl time.Duration, version string) (bool, error) {
	r := record{Token: mine.token, TTL: ttl, Expires: time.Now().Add(ttl).UTC().Truncate(0)}
	b, err := json.Marshal(r)
	if err != nil {
		return false, fmt.Errorf("lease: %w", err)
	}
	return l.medium.Write(ctx, mine.key, b, version, r.Expires.Add(skew+keep))
}

// read returns the record under key. One that can't be read has run out.
func (l *Leaser) read(ctx context.Context, key string) (record, string, error) {
	b, version, err := l.medium.Read(ctx, key)
	if err != nil {
		if errors.Is(err, store.ErrNotFound) {
			l.forget(key)
		}
		return record{}, "", err
	}
	var r record
	if json.Unmarshal(b, &r) != nil {
		r = record{}
	}
	return r, version, nil
}

// lapsed says that a lease that another holds has run out.
func (l *Leaser) lapsed(key string, r record, version string) bool {
	return l.left(key, r, version) <= 0
}

// left returns how long a lease that another holds runs at most.
func (l *Leaser) left(key string, r record, version string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, ok := l.seen[key]
	if !ok || s.version != version {
		if len(l.seen) >= maxSeen {
			clear(l.seen)
		}
		s = sighting{version, time.Now()}
		l.seen[key] = s
	}
	return min(r.TTL-time.Since(s.since), time.Until(r.Expires.Add(skew)))
}

func (l *Leaser) forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.seen, key)
}

// Await is [store.Leaser]'s. It looks again and again, ever less often.
func (l *Leaser) Await(ctx context.Context, key string) error {
	if err := store.CheckKey(key); err != nil {
		return err
	}
	holder := ""
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		r, version, err := l.read(ctx, key)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, store.ErrClosed):
			return err
		case err != nil, holder != "" && r.Token != holder:
			return nil
		}
		holder = r.Token
		left := l.left(key, r, version)
		if left <= 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(pause, left)):
		}
	}
}

// Close frees the leases that are held.
func (l *Leaser) Close() {
	l.mu.Lock()
	held := l.held
	l.held = map[*lease]struct{}{}
	l.mu.Unlock()
	var freeing sync.WaitGroup
	for mine := range held {
		freeing.Go(func() { mine.abandon(context.Background()) })
	}
	freeing.Wait()
}

func (mine *lease) abandon(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, cleanup)
	defer cancel()
	_ = mine.Release(ctx)
}

// Extend is [store.Lease]'s.
func (mine *lease) Extend(ctx context.Context, ttl time.Duration) error {
	for range attempts {
		r, version, err := mine.l.read(ctx, mine.key)
		if errors.Is(err, store.ErrNotFound) || err == nil && r.Token != mine.token {
			return store.ErrHeld
		}
		if err != nil {
			return err
		}
		if ok, err := mine.l.write(ctx, mine, ttl, version); ok || err != nil {
			return err
		}
	}
	return store.ErrHeld
}

// Release is [store.Lease]'s.
func (mine *lease) Release(ctx context.Context) error {
	r, version, err := mine.l.read(ctx, mine.key)
	if err == nil && r.Token == mine.token {
		err = mine.l.medium.Remove(ctx, mine.key, version)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	mine.l.mu.Lock()
	defer mine.l.mu.Unlock()
	delete(mine.l.held, mine)
	return nil
}
