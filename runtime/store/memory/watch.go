package memory

import (
	"context"

	"github.com/cachegen/cachegen/runtime/store"
)

// backlog bounds the changes that wait for a watcher. Beyond it the watcher hears only that
// anything may have changed.
const backlog = 1024

// watcher is a call of Watch.
type watcher struct {
	changes chan string
	// lost has a value if there was no room for a change.
	lost chan struct{}
}

// Watch implements [store.Watcher]. It does not report items that the medium dropped to keep its
// bounds.
func (s *Store) Watch(ctx context.Context, changed func(key string)) error {
	if err := s.err(ctx); err != nil {
		return err
	}
	w := &watcher{changes: make(chan string, backlog), lost: make(chan struct{}, 1)}
	s.watch(w, true)
	defer s.watch(w, false)
	changed("")
	for {
		select {
		case key := <-w.changes:
			changed(key)
		case <-w.lost:
			changed("")
		case <-s.closed.Done():
			return store.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *Store) watch(w *watcher, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if on {
		s.watchers[w] = true
	} else {
		delete(s.watchers, w)
	}
}

// tell tells all watchers except by that key changed. The caller has the medium's lock. tell does
// not wait.
func (m *medium) tell(by *Store, key string) {
	for s := range m.users {
		if s != by {
			s.hear(key)
		}
	}
}

func (s *Store) hear(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for w := range s.watchers {
		select {
		case w.changes <- key:
		default:
			select {
			case w.lost <- struct{}{}:
			default:
			}
		}
	}
}
