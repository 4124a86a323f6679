package blob

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/calls"
)

// leaseObjects keeps the records of leases as objects.
type leaseObjects struct{ s *Store }

func (l leaseObjects) name(key string) string { return l.s.folder + leaseSpace + key + leaf }

// Read returns a record and its version.
func (l leaseObjects) Read(ctx context.Context, key string) ([]byte, string, error) {
	type object struct {
		content []byte
		version string
	}
	o, err := calls.Do(ctx, l.s.calls, func(ctx context.Context) (object, error) {
		content, version, err := l.s.read(ctx, l.name(key), -1)
		return object{content, version}, err
	})
	return o.content, o.version, err
}

// Write writes a record over a version. Objects do not expire.
func (l leaseObjects) Write(ctx context.Context, key string, record []byte, version string, _ time.Time) (bool, error) {
	return calls.Do(ctx, l.s.calls, func(ctx context.Context) (bool, error) {
		return l.s.write(ctx, l.name(key), record, "application/json", condition{absent: version == "", version: version})
	})
}

// Remove removes a version of a record.
func (l leaseObjects) Remove(ctx context.Context, key, version string) error {
	return calls.Run(ctx, l.s.calls, func(ctx context.Context) error { return l.s.remove(ctx, l.name(key), version) })
}

// Acquire takes the lease called key for ttl.
func (s *Store) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	return s.leases.Acquire(ctx, key, ttl)
}

// Await returns when the lease called key may be free. It looks at growing intervals.
func (s *Store) Await(ctx context.Context, key string) error {
	return s.leases.Await(ctx, key)
}

// jitter returns a time between half of d and d, so that two writers that met do not meet again.
func jitter(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }
