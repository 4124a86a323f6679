// Package memory is a store in this process, bounded by entries and by bytes. It is for tests, and
// for programs that want nothing on disk. It registers the scheme memory:.
//
//	memory:                      the process' own, shared by all who open it
//	memory:name                  another one, shared by all who open that name
//	memory:name?entries=1000&bytes=1000000
//
// A medium is gone when its last user closes it.
package memory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// Default bounds of a medium.
const (
	DefaultEntries = 100_000
	DefaultBytes   = 256 << 20
)

// overhead is the approximate size of an item besides its key and value, in bytes.
const overhead = 200

// Options bound a medium. The least recently used items go first.
type Options struct {
	Entries int   // default: DefaultEntries
	Bytes   int64 // keys, values and their overhead; default: DefaultBytes
}

// Store is a user of a medium in memory. It implements all of package store.
type Store struct {
	medium *medium
	// closed ends with Close. Its cause is store.ErrClosed.
	closed context.Context
	close  context.CancelCauseFunc
	// leave is called by Close.
	leave func()

	mu       sync.Mutex
	watchers map[*watcher]bool
}

var (
	_ store.Store   = (*Store)(nil)
	_ store.Lister  = (*Store)(nil)
	_ store.Leaser  = (*Store)(nil)
	_ store.Watcher = (*Store)(nil)
	_ store.Batcher = (*Store)(nil)
	_ store.Blobber = (*Store)(nil)
	_ store.Pruner  = (*Store)(nil)
	_ store.Grouper = (*Store)(nil)
)

func init() { store.RegisterChecked("memory", open, check) }

// New returns the first user of a new medium. [Store.Join] returns further ones.
func New(o Options) *Store { return newUser(newMedium(o), func() {}) }

// Join returns another user of the medium of s.
func (s *Store) Join() *Store { return newUser(s.medium, func() {}) }

func newUser(m *medium, leave func()) *Store {
	s := &Store{medium: m, leave: sync.OnceFunc(leave), watchers: map[*watcher]bool{}}
	s.closed, s.close = context.WithCancelCause(context.Background())
	m.join(s)
	return s
}

// named has the media that URLs name, with the number of their users.
var named struct {
	sync.Mutex
	media map[string]*medium
	users map[string]int
}

// check returns an error if a URL can't be right.
func check(u *url.URL) error {
	_, err := parseOptions(u.Query())
	return err
}

func open(_ context.Context, u *url.URL) (store.Store, error) {
	o, err := parseOptions(u.Query())
	if err != nil {
		return nil, err
	}
	name := cmp.Or(u.Opaque, u.Host+u.Path)
	named.Lock()
	defer named.Unlock()
	if named.media == nil {
		named.media, named.users = map[string]*medium{}, map[string]int{}
	}
	m := named.media[name]
	if m == nil {
		m = newMedium(o)
		named.media[name] = m
	}
	named.users[name]++
	return newUser(m, func() { leave(name) }), nil
}

func leave(name string) {
	named.Lock()
	defer named.Unlock()
	if named.users[name]--; named.users[name] == 0 {
		delete(named.users, name)
		delete(named.media, name)
	}
}

func parseOptions(q url.Values) (o Options, err error) {
	for name, values := range q {
		if name != "entries" && name != "bytes" {
			return o, fmt.Errorf("store: memory: %w", store.UnknownOption(name, "entries", "bytes"))
		}
		n, err := strconv.ParseInt(values[0], 10, 64)
		if err != nil || n <= 0 {
			return o, fmt.Errorf("store: memory: %s=%q is no positive number", name, values[0])
		}
		if name == "entries" {
			o.Entries = int(n)
		} else {
			o.Bytes = n
		}
	}
	return o, nil
}

// enter begins every call. It returns an error if the call can't be answered.
func (s *Store) enter(ctx context.Context, key string) error {
	if err := s.err(ctx); err != nil {
		return err
	}
	return store.CheckKey(key)
}

func (s *Store) err(ctx context.Context) error {
	if s.closed.Err() != nil {
		return store.ErrClosed
	}
	return ctx.Err()
}

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key string) (store.Item, error) {
	if err := s.enter(ctx, key); err != nil {
		return store.Item{}, err
	}
	return s.medium.get(key, time.Now())
}

// Put implements [store.Store].
func (s *Store) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	if err := s.enter(ctx, key); err != nil {
		return false, err
	}
	return s.medium.put(s, key, item, time.Now())
}

// Delete implements [store.Store].
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := s.enter(ctx, key); err != nil {
		return err
	}
	s.medium.delete(s, key)
	return nil
}

// GetMany implements [store.Batcher].
func (s *Store) GetMany(ctx context.Context, keys []string) (map[string]store.Item, error) {
	items := make(map[string]store.Item, len(keys))
	for _, key := range keys {
		item, err := s.Get(ctx, key)
		switch {
		case err == nil:
			items[key] = item
		case !errors.Is(err, store.ErrNotFound):
			return items, err
		}
	}
	return items, s.err(ctx)
}

// Stamps implements [store.Stamper]. It does not count as use of the items.
func (s *Store) Stamps(ctx context.Context, keys []string) (map[string]int64, error) {
	stamps := make(map[string]int64, len(keys))
	for _, key := range keys {
		if err := s.enter(ctx, key); err != nil {
			return stamps, err
		}
		if stamp, ok := s.medium.stamp(key); ok {
			stamps[key] = stamp
		}
	}
	return stamps, s.err(ctx)
}

// Close implements [store.Store]. It frees the leases of this user.
func (s *Store) Close() error {
	s.close(store.ErrClosed)
	s.medium.part(s)
	s.leave()
	return nil
}
