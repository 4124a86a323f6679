package dir

import (
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// lease is a lease that this process holds or held: an open, locked file. The system frees the lock
// when the process ends. The time in the file ends the lease of a living holder that does not
// extend it. The file is made, read, written and removed under its shard's lock.
type lease struct {
	store *Store
	key   string
	file  *os.File
}

func leaseName(key string) string { return leaseMark + nameOf(key) }

// Acquire implements [store.Leaser].
func (s *Store) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	if err := s.enter(ctx, key); err != nil {
		return nil, err
	}
	return apart(ctx, s, func() (store.Lease, error) { return s.acquire(ctx, key, ttl) })
}

func (s *Store) acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	var f *os.File
	err := s.withShard(ctx, shardOf(key), true, func(sh *shard) (err error) {
		if err := sh.lock(ctx); err != nil {
			return err
		}
		f, err = sh.takeLease(leaseName(key), time.Now().Add(ttl))
		return err
	})
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil { // Nobody waits for it any more.
		f.Close()
		return nil, ctx.Err()
	}
	return s.keep(&lease{store: s, key: key, file: f})
}

// keep adds a lease to those that Close releases.
func (s *Store) keep(l *lease) (store.Lease, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Err() != nil {
		l.file.Close()
		return nil, store.ErrClosed
	}
	s.leases[l] = true
	return l, nil
}

// takeLease returns the locked file of a lease that is free, or [store.ErrHeld]. The caller has the
// shard's lock.
func (sh *shard) takeLease(name string, expires time.Time) (*os.File, error) {
	f, err := sh.openLease(name)
	if err != nil {
		return nil, err
	}
	if err := writeExpiry(f, expires); err != nil {
		_ = sh.root.Remove(name)
		f.Close()
		return nil, err
	}
	return f, nil
}

// openLease opens and locks the file of a lease. If the time of a living holder ran out, another
// file replaces its file, and so the holder sees that it lost the lease.
func (sh *shard) openLease(name string) (*os.File, error) {
	for {
		f, err := openOwn(sh.root, name, os.O_RDWR|os.O_CREATE)
		if err != nil {
			return nil, err
		}
		free, err := tryLock(f)
		if free && err == nil {
			return f, nil
		}
		if err == nil && time.Now().Before(readExpiry(f)) {
			err = store.ErrHeld
		}
		f.Close()
		if err == nil {
			err = sh.root.Remove(name)
		}
		if err != nil {
			return nil, err
		}
	}
}

func writeExpiry(f *os.File, expires time.Time) error {
	_, err := f.WriteAt(binary.BigEndian.AppendUint64(nil, uint64(expires.UnixNano())), 0)
	return err
}

// readExpiry returns when the lease of a file runs out. A file without a time has run out.
func readExpiry(f *os.File) time.Time {
	var b [8]byte
	if _, err := f.ReadAt(b[:], 0); err != nil {
		return time.Time{}
	}
	return time.Unix(0, int64(binary.BigEndian.Uint64(b[:])))
}

// Extend implements [store.Lease].
func (l *lease) Extend(ctx context.Context, ttl time.Duration) error {
	return l.locked(ctx, func(sh *shard) error {
		now := time.Now()
		if !isAt(sh.root, l.file, leaseName(l.key)) || !now.Before(readExpiry(l.file)) {
			return store.ErrHeld
		}
		return writeExpiry(l.file, now.Add(ttl))
	})
}

// Release implements [store.Lease]. Whatever happens to the file, closing it frees the lease.
func (l *lease) Release(ctx context.Context) error {
	defer l.drop()
	err := l.locked(ctx, func(sh *shard) error {
		if !isAt(sh.root, l.file, leaseName(l.key)) {
			return nil
		}
		return sh.root.Remove(leaseName(l.key))
	})
	for _, gone := range []error{store.ErrHeld, store.ErrClosed, fs.ErrNotExist} {
		err = ignore(err, gone)
	}
	return err
}

// locked calls f with the shard of the lease locked. If the file was closed, or its folder is gone,
// the lease is lost.
func (l *lease) locked(ctx context.Context, f func(*shard) error) error {
	_, err := apart(ctx, l.store, func() (struct{}, error) {
		return struct{}{}, l.store.withShard(ctx, shardOf(l.key), false, func(sh *shard) error {
			if err := sh.lock(ctx); err != nil {
				return err
			}
			return f(sh)
		})
	})
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrClosed) {
		return store.ErrHeld
	}
	return err
}

func (l *lease) drop() {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	delete(l.store.leases, l)
	l.file.Close()
}

// Pauses between two looks at an awaited lease. The system could wake a waiter, but not a waiter
// that may also give up. So waiters look. Each look takes some microseconds, and the more leases a
// process awaits, the longer it pauses.
const (
	firstPause = time.Millisecond
	lastPause  = 25 * time.Millisecond
	// crowd is the number of awaited leases that makes the longest pause longer.
	crowd = 16
)

// awaiting is the number of leases that this process awaits.
var awaiting atomic.Int64

// Await implements [store.Leaser]. It notices a release, or the holder's end, within 25 ms, unless
// the process awaits many leases.
func (s *Store) Await(ctx context.Context, key string) error {
	if err := s.enter(ctx, key); err != nil {
		return err
	}
	others := awaiting.Add(1)
	defer awaiting.Add(-1)
	longest := lastPause * time.Duration(1+others/crowd)
	for pause := firstPause; ; pause = min(pause*3/2, longest) {
		free, err := apart(ctx, s, func() (bool, error) { return s.isFree(ctx, key) })
		if free || err != nil {
			return err
		}
		select {
		case <-time.After(pause):
		case <-s.closed.Done():
			return store.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// isFree reports whether a lease may be free. It returns true if nothing is known.
func (s *Store) isFree(ctx context.Context, key string) (free bool, err error) {
	err = s.withShard(ctx, shardOf(key), false, func(sh *shard) error {
		if err := sh.lock(ctx); err != nil { // Only under the lock does a look not keep others from locking.
			return err
		}
		f, err := openOwn(sh.root, leaseName(key), os.O_RDWR)
		if err != nil {
			free = true
			return ignore(err, fs.ErrNotExist)
		}
		defer f.Close()
		free, err = tryLock(f)
		free = free || !time.Now().Before(readExpiry(f))
		return err
	})
	if err != nil {
		return true, s.err(ctx)
	}
	return free, nil
}
