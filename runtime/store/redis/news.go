package redis

import (
	"strings"
	"sync"

	"github.com/redis/rueidis"
)

// maxPending is how many changed keys a watcher may lag behind before it is told that anything may
// have changed.
const maxPending = 10_000

// news passes on the server's reports of names that this process touched.
type news struct {
	mu       sync.Mutex
	watchers map[*watcher]struct{}
	waiters  map[string]map[waiter]struct{}
	puts     map[string]*puts
}

// puts are this store's puts of one key that are under way. The server reports them too. With
// NOLOOP Redis would leave them out. But then it would also stay silent when it drops a key from
// its table because of this client's reads.
type puts struct {
	open   int  // How many have no answer yet.
	done   int  // How many wrote.
	told   int  // How often the server told that the key changed.
	unsure bool // One has failed: it may have written.
}

func newNews() news {
	return news{watchers: map[*watcher]struct{}{}, waiters: map[string]map[waiter]struct{}{}, puts: map[string]*puts{}}
}

// waiter waits for the lease of one name; it has room for one message.
type waiter chan struct{}

// watcher is a call of Watch.
type watcher struct {
	mu      sync.Mutex
	changed map[string]struct{}
	// anything says that anything may have changed.
	anything bool
	// cut says that a connection broke since the last sign of life.
	cut bool
	// bell has room for one message: there is something to take.
	bell chan struct{}
}

// invalidated is called by the client, one call at a time: with names that others changed, or with
// nothing when a connection broke or a database was emptied.
func (s *Store) invalidated(names []rueidis.RedisMessage) {
	if names == nil {
		s.news.lost()
		return
	}
	for _, m := range names {
		name, err := m.ToString()
		if err != nil {
			continue
		}
		name = strings.TrimPrefix(name, s.prefix)
		if key, ok := strings.CutPrefix(name, itemSpace); ok {
			s.news.changed(key)
		} else if key, ok := strings.CutPrefix(name, leaseSpace); ok {
			s.news.wake(key)
		}
	}
}

func (n *news) changed(key string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if p := n.puts[key]; p != nil {
		p.told++
		return
	}
	n.report(key)
}

func (n *news) report(key string) {
	for w := range n.watchers {
		w.note(key)
	}
}

// beginPut says that the store is about to put an item.
func (n *news) beginPut(key string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	p := n.puts[key]
	if p == nil {
		p = new(puts)
		n.puts[key] = p
	}
	p.open++
}

// endPut says how it went. After the last of several, the key is reported if the server told of
// more changes than were ours.
func (n *news) endPut(key string, done bool, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	p := n.puts[key]
	p.unsure = p.unsure || err != nil
	if done {
		p.done++
	}
	if p.open--; p.open > 0 {
		return
	}
	delete(n.puts, key)
	if p.unsure || p.told > p.done {
		n.report(key)
	}
}

func (n *news) wake(lease string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for w := range n.waiters[lease] {
		ring(w)
	}
}

func (n *news) lost() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for w := range n.watchers {
		w.lose(true)
	}
	for _, waiters := range n.waiters {
		for w := range waiters {
			ring(w)
		}
	}
}

// watch returns a new watcher, and what ends it.
func (n *news) watch() (*watcher, func()) {
	w := &watcher{bell: make(chan struct{}, 1), changed: map[string]struct{}{}}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.watchers[w] = struct{}{}
	return w, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.watchers, w)
	}
}

// await returns a new waiter for a lease, and what ends it.
func (n *news) await(lease string) (waiter, func()) {
	w := make(waiter, 1)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.waiters[lease] == nil {
		n.waiters[lease] = map[waiter]struct{}{}
	}
	n.waiters[lease][w] = struct{}{}
	return w, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		if delete(n.waiters[lease], w); len(n.waiters[lease]) == 0 {
			delete(n.waiters, lease)
		}
	}
}

func (w *watcher) note(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.anything {
		return
	}
	if w.changed[key] = struct{}{}; len(w.changed) > maxPending {
		w.anything = true
		clear(w.changed)
	}
	ring(w.bell)
}

// lose notes that anything may have changed, and whether a connection is cut.
func (w *watcher) lose(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.anything, w.cut = true, cut
	clear(w.changed)
	ring(w.bell)
}

// take returns what changed since the last call.
func (w *watcher) take() (changed map[string]struct{}, anything bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	changed, anything = w.changed, w.anything
	w.changed, w.anything = map[string]struct{}{}, false
	return changed, anything
}

func (w *watcher) isCut() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.cut
}

func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}
