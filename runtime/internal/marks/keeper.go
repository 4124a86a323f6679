package marks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/clock"
	"github.com/cachegen/cachegen/runtime/internal/guard"
	"github.com/cachegen/cachegen/runtime/store"
)

// keeper follows the store for a table: it watches it, or looks at its epoch, until nobody asks any
// more.
type keeper struct {
	table   *Table
	watcher store.Watcher // nil: the epoch is looked at
	seen    *store.Item   // the last epoch, nil before the first look; an empty item if there was none
	faulty  bool          // the last attempt failed

	doubts *time.Timer // ends the belief in what is known; guarded by the table's mutex
}

// keep has a keeper follow the store from now on.
func (t *Table) keep() {
	if !t.needed.Load() {
		t.needed.Store(true)
	}
	if t.current.Load() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.keeping || t.closed {
		return
	}
	t.keeping = true
	ctx, stop := context.WithCancel(context.Background())
	t.stop = stop
	t.done.Go(func() {
		defer t.rest(stop)
		if t.keeper.watcher != nil {
			t.keeper.watch(ctx)
		} else {
			t.keeper.poll(ctx)
		}
	})
	t.done.Go(func() {
		defer stop()
		for clock.Sleep(ctx, t.config.Idle) == nil && t.needed.Swap(false) {
		}
	})
}

// rest ends what keep began.
func (t *Table) rest(stop context.CancelFunc) {
	stop()
	t.keeper.believe(0)
	t.session.Add(1)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keeping = false
}

// Close stops following the store. From then on [Table.Allows] knows nothing, and [Table.Check]
// asks the store each time.
func (t *Table) Close() {
	t.mu.Lock()
	t.closed = true
	stop := t.stop
	t.mu.Unlock()
	if stop != nil {
		stop()
	}
	t.done.Wait()
}

// believe has what is known count as current for a while from now on, without a limit if d is
// negative.
func (k *keeper) believe(d time.Duration) {
	t := k.table
	t.mu.Lock()
	defer t.mu.Unlock()
	if k.doubts != nil {
		k.doubts.Stop()
		k.doubts = nil
	}
	t.current.Store(d != 0)
	if d <= 0 {
		return
	}
	var doubts *time.Timer
	doubts = time.AfterFunc(d, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if k.doubts == doubts {
			t.current.Store(false)
		}
	})
	k.doubts = doubts
}

// watch follows the changes that the store tells of.
func (k *keeper) watch(ctx context.Context) {
	t := k.table
	for {
		err := guard.Call("the store", func() error { return k.watcher.Watch(ctx, k.changed) })
		if ctx.Err() != nil {
			return
		}
		if !k.faulty && t.current.Load() {
			k.believe(t.config.Trust)
		}
		k.fault(fmt.Errorf("marks: watching: %w", err))
		if clock.Sleep(ctx, t.config.Interval) != nil {
			return
		}
	}
}

// changed takes notice of what the store says has changed.
func (k *keeper) changed(key string) {
	switch {
	case key == "":
		k.anything()
		k.faulty = false
		k.believe(-1)
	case isMark(key):
		k.table.forget(key)
	default:
		k.table.config.Changed(key)
	}
}

// anything takes notice that anything may have changed.
func (k *keeper) anything() {
	k.table.session.Add(1)
	k.table.forgetAll()
	k.table.config.Changed("")
}

// poll looks at the epoch again and again.
func (k *keeper) poll(ctx context.Context) {
	for err := error(nil); err == nil; err = clock.Sleep(ctx, k.table.config.Interval) {
		k.look(ctx)
	}
}

// look confirms what is known unless the epoch has changed: then nothing is.
func (k *keeper) look(ctx context.Context) {
	t := k.table
	start := time.Now()
	var epoch store.Item
	err := guard.Call("the store", func() (err error) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		epoch, err = t.store.Get(ctx, epochKey)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		if ctx.Err() == nil {
			k.fault(fmt.Errorf("marks: looking at the epoch: %w", err))
		}
		return
	}
	if k.seen == nil || !same(*k.seen, epoch) {
		k.seen = &epoch
		k.anything()
	}
	k.faulty = false
	if trust := t.config.Trust; trust < 0 {
		k.believe(trust)
	} else {
		k.believe(max(0, trust-time.Since(start)))
	}
}

// fault reports the first fault of several in a row.
func (k *keeper) fault(err error) {
	if !k.faulty {
		k.table.config.Report(err)
	}
	k.faulty = true
}
