package simulator

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/store"
)

// medium is what all processes store in. Its methods are safe for concurrent use.
type medium struct {
	mu    sync.Mutex
	items map[string]store.Item
	links []*link

	trips *dice
}

func newMedium(seed uint64) *medium {
	return &medium{items: map[string]store.Item{}, trips: newDice(seed)}
}

// trip is how long a call takes on a sound link: another time for each, or calls that begin
// together would end together, and chance say which comes first.
func (m *medium) trip() time.Duration { return trip + time.Duration(m.trips.below(int64(trip/10))) }

// condition is the state of a process's link to the medium.
type condition uint8

const (
	sound condition = iota
	hanging
	slow
	failing
	failingReads
	failingWrites
	slowWrites
	conditions
)

// hears reports whether a process with such a link learns what others do.
func (c condition) hears() bool { return c == sound || c == failingWrites || c == slowWrites }

// errLink is what a broken link answers.
var errLink = errors.New("simulator: the store does not answer")

// trip is how long a call takes at least on a sound link, delay on a slow one.
const (
	trip  = 200 * time.Microsecond
	delay = 2 * time.Second
)

// link is one process's way to the medium: a store that can be watched.
type link struct {
	medium *medium

	mu      sync.Mutex
	state   condition
	changed chan struct{} // closed when state changes
	since   time.Time     // when it did last
	tries   int           // reads that wait though the link hangs for a while
	most    int           // of them at one time
	reads   int           // of results, in all
	watch   *watch
	closed  bool
}

// watch is a running call of Watch: what it is yet to tell.
type watch struct {
	keys  map[string]bool // "" stands for all
	wake  chan struct{}
	ended bool // the connection is lost
}

// most is how many changes are kept for a watcher that doesn't take them.
const most = 1000

func (m *medium) open() *link {
	l := &link{medium: m, changed: make(chan struct{})}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.links = append(m.links, l)
	return l
}

// lose drops all items, as a server does that restarts without a disk, and all connections.
func (m *medium) lose() {
	m.mu.Lock()
	clear(m.items)
	m.mu.Unlock()
	m.disconnect()
}

// group puts the mark of a group in the place of the group's marks, as a store does that needs
// their room. It is done with that after a while.
func (m *medium) group(group string, while time.Duration) {
	m.mu.Lock()
	noted := map[string]store.Item{}
	for key, item := range m.items {
		if store.MarkGroup(key) == group {
			noted[key] = item
		}
	}
	m.items[group] = store.Item{Stamp: max(time.Now().UnixNano(), m.items[group].Stamp+1)}
	m.tell(nil, group)
	m.mu.Unlock()
	time.Sleep(while)
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, item := range noted {
		if now := m.items[key]; now.Stamp == item.Stamp && string(now.Value) == string(item.Value) {
			delete(m.items, key)
		}
	}
	m.tell(nil, group)
}

// groups returns the groups whose marks are there, sorted.
func (m *medium) groups() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[string]bool{}
	for key := range m.items {
		if group := store.MarkGroup(key); group != "" {
			found[group] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// disconnect ends all watches: the server has forgotten who reads what.
func (m *medium) disconnect() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.links {
		l.mu.Lock()
		if l.watch != nil {
			l.watch.ended = true
			l.watch.signal()
		}
		l.mu.Unlock()
	}
}

// tell notes for all watchers but by that a key changed. The medium is locked.
func (m *medium) tell(by *link, key string) {
	for _, l := range m.links {
		if l == by {
			continue
		}
		l.mu.Lock()
		if w := l.watch; w != nil {
			if len(w.keys) >= most {
				w.keys = map[string]bool{"": true}
			} else {
				w.keys[key] = true
			}
			w.signal()
		}
		l.mu.Unlock()
	}
}

func (w *watch) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// set changes the state of the link.
func (l *link) set(c condition) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state != c {
		l.state, l.since = c, time.Now()
		close(l.changed)
		l.changed = make(chan struct{})
	}
}

// pass waits as long as a call takes, and returns how it fails.
func (l *link) pass(ctx context.Context, write bool) error {
	for {
		l.mu.Lock()
		state, changed, closed := l.state, l.changed, l.closed
		l.mu.Unlock()
		if closed {
			return store.ErrClosed
		}
		switch {
		case state == hanging:
			select {
			case <-changed:
				continue
			case <-ctx.Done():
				return ctx.Err()
			}
		case state == failing, state == failingReads && !write, state == failingWrites && write:
			return wait(ctx, l.medium.trip(), errLink)
		case state == slow, state == slowWrites && write:
			crossing, cancel := context.WithTimeout(ctx, delay)
			select {
			case <-changed: // what was on its way goes on as fast as the link is then
				cancel()
				continue
			case <-crossing.Done():
				cancel()
				return ctx.Err()
			}
		}
		return wait(ctx, l.medium.trip(), nil)
	}
}

// wait returns err after d, or the context's error if that ends before.
func wait(ctx context.Context, d time.Duration, err error) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// while is how long a link hangs until everybody knows.
const while = 2 * time.Second

// readable returns how many reads of results there were, and whether the link failed for nothing but
// writes for a while.
func (l *link) readable() (reads int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reads, l.state == failingWrites && time.Since(l.since) >= while
}

// try notes a read of a result, and if the link hangs for a while that it waits, until end is called.
func (l *link) try(name string) (end func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !strings.HasPrefix(name, key.Entries) {
		return func() {}
	}
	l.reads++
	if l.state != hanging || time.Since(l.since) < while {
		return func() {}
	}
	l.tries++
	l.most = max(l.most, l.tries)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.tries--
	}
}

// Get is [store.Store]'s.
func (l *link) Get(ctx context.Context, key string) (store.Item, error) {
	defer l.try(key)()
	if err := l.pass(ctx, false); err != nil {
		return store.Item{}, err
	}
	l.medium.mu.Lock()
	defer l.medium.mu.Unlock()
	item, ok := l.medium.items[key]
	if !ok {
		return store.Item{}, store.ErrNotFound
	}
	return item, nil
}

// Put is [store.Store]'s.
func (l *link) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	if err := l.pass(ctx, true); err != nil {
		return false, err
	}
	l.medium.mu.Lock()
	defer l.medium.mu.Unlock()
	if old, ok := l.medium.items[key]; ok && !item.MayReplace(old.Stamp) {
		return false, nil
	}
	item.Replaces = 0
	l.medium.items[key] = item
	l.medium.tell(l, key)
	return true, nil
}

// Delete is [store.Store]'s.
func (l *link) Delete(ctx context.Context, key string) error {
	if err := l.pass(ctx, true); err != nil {
		return err
	}
	l.medium.mu.Lock()
	defer l.medium.mu.Unlock()
	delete(l.medium.items, key)
	l.medium.tell(l, key)
	return nil
}

// Stamps is [store.Stamper]'s.
func (l *link) Stamps(ctx context.Context, keys []string) (map[string]int64, error) {
	if err := l.pass(ctx, false); err != nil {
		return nil, err
	}
	l.medium.mu.Lock()
	defer l.medium.mu.Unlock()
	stamps := map[string]int64{}
	for _, key := range keys {
		if item, ok := l.medium.items[key]; ok {
			stamps[key] = item.Stamp
		}
	}
	return stamps, nil
}

// Grouped is [store.Grouper]'s.
func (l *link) Grouped(ctx context.Context, groups []string) (map[string]int64, error) {
	return l.Stamps(ctx, groups)
}

// List is [store.Lister]'s.
func (l *link) List(ctx context.Context, prefix string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		if err := l.pass(ctx, false); err != nil {
			yield(store.Info{}, err)
			return
		}
		l.medium.mu.Lock()
		items := maps.Clone(l.medium.items)
		l.medium.mu.Unlock()
		for _, key := range slices.Sorted(maps.Keys(items)) {
			item := items[key]
			if strings.HasPrefix(key, prefix) && !yield(store.Info{Key: key, Size: int64(len(item.Value)), Stamp: item.Stamp, Hits: -1}, nil) {
				return
			}
		}
	}
}

// Watch is [store.Watcher]'s. It tells nothing while the link does not hear.
func (l *link) Watch(ctx context.Context, changed func(key string)) error {
	if err := l.pass(ctx, false); err != nil {
		return err
	}
	w := &watch{keys: map[string]bool{"": true}, wake: make(chan struct{}, 1)}
	w.signal()
	l.watched(w)
	defer l.watched(nil)
	for {
		select {
		case <-w.wake:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := l.pass(ctx, false); err != nil {
			return err
		}
		keys, ended := l.take(w)
		if ended {
			return errLink
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			changed(key)
		}
	}
}

func (l *link) watched(w *watch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watch = w
}

// take returns what the watcher is to be told, and whether its connection is lost.
func (l *link) take(w *watch) (map[string]bool, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	keys := w.keys
	w.keys = map[string]bool{}
	return keys, w.ended
}

// Close is [store.Store]'s.
func (l *link) Close() error {
	l.mu.Lock()
	l.closed = true
	close(l.changed)
	l.changed = make(chan struct{})
	l.mu.Unlock()
	l.medium.mu.Lock()
	defer l.medium.mu.Unlock()
	l.medium.links = slices.DeleteFunc(l.medium.links, func(other *link) bool { return other == l })
	return nil
}
