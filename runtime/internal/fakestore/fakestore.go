// Package fakestore is a store for tests of what stands on stores: several users of one medium,
// whose calls can be slow or fail.
package fakestore

import (
	"bytes"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// Medium is what the users of a store share. All methods are safe for concurrent use.
type Medium struct {
	mu     sync.Mutex
	items  map[string]store.Item
	blobs  map[string][]byte
	leases map[string]*lease
	users  []*Store
}

// New returns an empty medium.
func New() *Medium {
	return &Medium{items: map[string]store.Item{}, blobs: map[string][]byte{}, leases: map[string]*lease{}}
}

// Open returns a further user of the medium, which can do all that stores may be able to.
func (m *Medium) Open() *Store {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := &Store{medium: m}
	m.users = append(m.users, s)
	return s
}

// Keys returns the keys of all items, sorted.
func (m *Medium) Keys() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.items))
}

// Edit lets change alter the value under key in place of whatever could happen to it.
func (m *Medium) Edit(key string, change func(store.Item) store.Item) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.items[key] = change(m.items[key])
}

// Group puts the mark of a group in the place of the group's marks, as stores do that need their
// room. It calls between when the mark is there, and the others are yet to go.
func (m *Medium) Group(group string, between func()) {
	m.mu.Lock()
	noted := map[string]store.Item{}
	for key, item := range m.items {
		if store.MarkGroup(key) == group {
			noted[key] = item
		}
	}
	m.items[group] = store.Item{Stamp: m.items[group].Stamp + 1}
	m.tell(nil, group)
	m.mu.Unlock()
	between()
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, item := range noted {
		if now := m.items[key]; now.Stamp == item.Stamp && bytes.Equal(now.Value, item.Value) {
			delete(m.items, key)
		}
	}
	m.tell(nil, group)
}

// Store is one user of a medium.
type Store struct {
	medium *Medium

	mu      sync.Mutex
	before  func(ctx context.Context, op, key string) error
	read    func(key string)
	calls   map[string]int
	watcher chan string
}

// Before makes hook run at the start of each call with the name of the method and the key. Its
// error is the call's.
func (s *Store) Before(hook func(ctx context.Context, op, key string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = hook
}

// AfterRead makes hook run when Get or GetMany has read what is under the key, or keys, and has not
// returned it yet.
func (s *Store) AfterRead(hook func(key string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read = hook
}

func (s *Store) hasRead(key string) {
	s.mu.Lock()
	read := s.read
	s.mu.Unlock()
	if read != nil {
		read(key)
	}
}

// Calls returns how often a method was called since the last time.
func (s *Store) Calls(op string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.calls[op]
	delete(s.calls, op)
	return n
}

func (s *Store) call(ctx context.Context, op, key string) error {
	s.mu.Lock()
	if s.calls == nil {
		s.calls = map[string]int{}
	}
	s.calls[op]++
	before := s.before
	s.mu.Unlock()
	if before != nil {
		if err := before(ctx, op, key); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Get is [store.Store]'s.
func (s *Store) Get(ctx context.Context, key string) (store.Item, error) {
	if err := s.call(ctx, "Get", key); err != nil {
		return store.Item{}, err
	}
	defer s.hasRead(key)
	s.medium.mu.Lock()
	defer s.medium.mu.Unlock()
	item, ok := s.medium.items[key]
	if !ok {
		return store.Item{}, store.ErrNotFound
	}
	return item, nil
}

// Put is [store.Store]'s.
func (s *Store) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	if err := s.call(ctx, "Put", key); err != nil {
		return false, err
	}
	s.medium.mu.Lock()
	defer s.medium.mu.Unlock()
	if old, ok := s.medium.items[key]; ok && !item.MayReplace(old.Stamp) {
		return false, nil
	}
	item.Replaces = 0
	s.medium.items[key] = item
	s.medium.tell(s, key)
	return true, nil
}

// Delete is [store.Store]'s.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := s.call(ctx, "Delete", key); err != nil {
		return err
	}
	s.medium.mu.Lock()
	defer s.medium.mu.Unlock()
	delete(s.medium.items, key)
	s.medium.tell(s, key)
	return nil
}

// Close is [store.Store]'s.
func (s *Store) Close() error { return s.call(context.Background(), "Close", "") }

// tell tells all users but by of a change. The medium is locked.
func (m *Medium) tell(by *Store, key string) {
	for _, u := range m.users {
		u.mu.Lock()
		if u != by && u.watcher != nil {
			u.watcher <- key
		}
		u.mu.Unlock()
	}
}

// Watch is [store.Watcher]'s.
func (s *Store) Watch(ctx context.Context, changed func(key string)) error {
	if err := s.call(ctx, "Watch", ""); err != nil {
		return err
	}
	c := make(chan string, 10_000)
	c <- ""
	s.watch(c)
	defer s.watch(nil)
	for {
		select {
		case key := <-c:
			changed(key)
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := s.call(ctx, "Watching", ""); err != nil {
			return err
		}
	}
}

func (s *Store) watch(c chan string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watcher = c
}

// GetMany is [store.Batcher]'s.
func (s *Store) GetMany(ctx context.Context, keys []string) (map[string]store.Item, error) {
	if err := s.call(ctx, "GetMany", strings.Join(keys, " ")); err != nil {
		return nil, err
	}
	defer s.hasRead(strings.Join(keys, " "))
	s.medium.mu.Lock()
	defer s.medium.mu.Unlock()
	found := map[string]store.Item{}
	for _, key := range keys {
		if item, ok := s.medium.items[key]; ok {
			found[key] = item
		}
	}
	return found, nil
}

// Stamps is [store.Stamper]'s.
func (s *Store) Stamps(ctx context.Context, keys []string) (map[string]int64, error) {
	if err := s.call(ctx, "Stamps", strings.Join(keys, " ")); err != nil {
		return nil, err
	}
	s.medium.mu.Lock()
	defer s.medium.mu.Unlock()
	found := map[string]int64{}
	for _, key := range keys {
		if item, ok := s.medium.items[key]; ok {
			found[key] = item.Stamp
		}
	}
	return found, nil
}

// Grouped is [store.Grouper]'s.
func (s *Store) Grouped(ctx context.Context, groups []string) (map[string]int64, error) {
	return s.Stamps(ctx, groups)
}

// List is [store.Lister]'s.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		if err := s.call(ctx, "List", prefix); err != nil {
			yield(store.Info{}, err)
			return
		}
		for _, key := range s.medium.Keys() {
			if strings.HasPrefix(key, prefix) && !yield(s.medium.info(key), nil) {
				return
			}
		}
	}
}

func (m *Medium) info(key string) store.Info {
	m.mu.Lock()
	defer m.mu.Unlock()
	item := m.items[key]
	return store.Info{Key: key, Size: int64(len(item.Value)), Stamp: item.Stamp, Hits: -1}
}

// ReadBlob is [store.Blobber]'s.
func (s *Store) ReadBlob(ctx context.Context, path string) ([]byte, error) {
	if err := s.call(ctx, "ReadBlob", path); err != nil {
		return nil, err
	}
	s.medium.mu.Lock()
	defer s.medium.mu.Unlock()
	if value, ok := s.medium.blobs[path]; ok {
		return value, nil
	}
	return nil, store.ErrNotFound
}

// WriteBlob is [store.Blobber]'s.
func (s *Store) WriteBlob(ctx context.Context, path string, value []byte, replace bool) (bool, error) {
	if err := s.call(ctx, "WriteBlob", path); err != nil {
		return false, err
	}
	s.medium.mu.Lock()
	defer s.medium.mu.Unlock()
	if _, ok := s.medium.blobs[path]; ok && !replace {
		return false, nil
	}
	s.medium.blobs[path] = value
	return true, nil
}

// DeleteBlob is [store.Blobber]'s.
func (s *Store) DeleteBlob(ctx context.Context, path string) error {
	if err := s.call(ctx, "DeleteBlob", path); err != nil {
		return err
	}
	s.medium.mu.Lock()
	defer s.medium.mu.Unlock()
	delete(s.medium.blobs, path)
	return nil
}

// lease is a lease that somebody held last.
type lease struct {
	holder *hold
	until  time.Time
	freed  chan struct{}
}

func (l *lease) free(now time.Time) bool { return l == nil || l.holder == nil || !now.Before(l.until) }

// hold is one holder's view of a lease.
type hold struct {
	store *Store
	key   string
}

// Acquire is [store.Leaser]'s.
func (s *Store) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	if err := s.call(ctx, "Acquire", key); err != nil {
		return nil, err
	}
	s.medium.mu.Lock()
	defer s.medium.mu.Unlock()
	now := time.Now()
	if !s.medium.leases[key].free(now) {
		return nil, store.ErrHeld
	}
	h := &hold{s, key}
	s.medium.leases[key] = &lease{holder: h, until: now.Add(ttl), freed: make(chan struct{})}
	return h, nil
}

// Await is [store.Leaser]'s.
func (s *Store) Await(ctx context.Context, key string) error {
	for {
		if err := s.call(ctx, "Await", key); err != nil {
			return err
		}
		s.medium.mu.Lock()
		l := s.medium.leases[key]
		if l.free(time.Now()) {
			s.medium.mu.Unlock()
			return nil
		}
		left := time.Until(l.until)
		s.medium.mu.Unlock()
		select {
		case <-l.freed:
		case <-time.After(left):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Extend is [store.Lease]'s.
func (h *hold) Extend(ctx context.Context, ttl time.Duration) error {
	if err := h.store.call(ctx, "Extend", h.key); err != nil {
		return err
	}
	m := h.store.medium
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.leases[h.key]
	if l.holder != h || l.free(time.Now()) {
		return store.ErrHeld
	}
	l.until = time.Now().Add(ttl)
	return nil
}

// Release is [store.Lease]'s.
func (h *hold) Release(ctx context.Context) error {
	if err := h.store.call(ctx, "Release", h.key); err != nil {
		return err
	}
	m := h.store.medium
	m.mu.Lock()
	defer m.mu.Unlock()
	if l := m.leases[h.key]; l.holder == h {
		l.holder = nil
		close(l.freed)
	}
	return nil
}
