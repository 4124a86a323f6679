package redis

import (
	"context"
	"sync"
	"time"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
)

// heartbeat is the time between two pings of a watching store.
const heartbeat = time.Second

// Watch reports keys that this store got or put, and that others changed or the server dropped
// since. The empty key comes at the start, when a connection breaks, and again when the server is
// back, because there were no reports in between.
func (s *Store) Watch(ctx context.Context, changed func(key string)) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	w, end := s.news.watch()
	defer end()
	ctx, cancel := context.WithCancel(ctx)
	var beating sync.WaitGroup
	defer beating.Wait()
	defer cancel()
	beating.Go(func() { s.beat(ctx, w) })

	w.lose(false)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.closed:
			return store.ErrClosed
		case <-w.bell:
		}
		keys, anything := w.take()
		if anything {
			changed("")
		}
		for key := range keys {
			changed(key)
		}
	}
}

// beat pings the servers until ctx ends, and notes when one goes or comes back. A ping also renews
// a lost connection.
func (s *Store) beat(ctx context.Context, w *watcher) {
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	away := map[string]bool{}
	for {
		changed, alive := false, false
		for addr, err := range s.pingAll(ctx) {
			changed = changed || away[addr] != (err != nil)
			away[addr] = err != nil
			alive = alive || err == nil
		}
		if ctx.Err() == nil && (changed || alive && w.isCut()) {
			w.lose(false)
		}
		select {
		case <-ctx.Done():
			return
		case <-s.closed:
			return
		case <-tick.C:
		}
	}
}

// pingAll pings all nodes at once and returns their errors by address; "" is all of them.
func (s *Store) pingAll(ctx context.Context) map[string]error {
	errs, err := call(ctx, s, &s.tracked, func(ctx context.Context, c rueidis.Client) (map[string]error, error) {
		var mu sync.Mutex
		errs := map[string]error{"": nil}
		var pings sync.WaitGroup
		for addr, node := range c.Nodes() {
			pings.Go(func() {
				_, err := ping(ctx, node)
				mu.Lock()
				defer mu.Unlock()
				errs[addr] = err
			})
		}
		pings.Wait()
		return errs, nil
	})
	if err != nil {
		return map[string]error{"": err}
	}
	return errs
}
