package inspect

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cachegen/cachegen/runtime/internal/marks"
	"github.com/cachegen/cachegen/runtime/store"
)

const (
	// parallel is how many entries are removed at a time.
	parallel = 16
	// grace is for how long what says that a result was removed stays: it holds back executions that began before.
	grace = time.Hour
)

// Remove removes entries, as Entries yields them, and tells removed of each, unless that is nil. Calls to it do not overlap. Other
// processes drop them from memory within a second. An execution that is under way may write its result again. Forgotten entries that say
// that a result was removed in the last hour stay: they hold back such executions.
//
// After an error those that removed was told of are gone.
func (in *Inspector) Remove(ctx context.Context, entries iter.Seq2[Entry, error], removed func(*Entry)) error {
	r := remover{in: in, removed: removed}
	g, deleting := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	failure := r.each(deleting, entries, g)
	err := errors.Join(failure, g.Wait())
	if r.any {
		err = errors.Join(err, in.announce(context.WithoutCancel(ctx)))
	}
	return err
}

type remover struct {
	in      *Inspector
	removed func(*Entry)
	mu      sync.Mutex
	any     bool
}

func (r *remover) each(ctx context.Context, entries iter.Seq2[Entry, error], g *errgroup.Group) error {
	for e, err := range entries {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return nil // the group knows why
		}
		if e.Kept() {
			continue
		}
		g.Go(func() error { return r.remove(ctx, &e) })
	}
	return nil
}

func (r *remover) remove(ctx context.Context, e *Entry) error {
	if err := r.in.store.Delete(ctx, e.Name); err != nil {
		return fmt.Errorf("inspect: removing %s: %w", e.Name, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.any = true
	if r.removed != nil {
		r.removed(e)
	}
	return nil
}

// Kept reports whether [Inspector.Remove] leaves the entry, because it holds back executions that began before a result was removed.
func (e *Entry) Kept() bool { return e.tombstone && time.Since(e.Completed) < grace }

// Clear makes all results that the filter admits by Func, Project and Domain unusable, as Clear of the functions' controls does, those too
// that executions under way come to. Then it removes what the store has of them, and tells removed of each. A filter with other fields is an
// error.
func (in *Inspector) Clear(ctx context.Context, f Filter, removed func(*Entry)) error {
	if f.Version != "" || !f.Before.IsZero() || f.MinSize != 0 || len(f.States) > 0 || f.Stale != nil {
		return errors.New("inspect: a function is cleared as a whole")
	}
	return in.Remove(ctx, in.marked(ctx, f), removed)
}

// marked goes through the entries that f admits, after it has marked what they belong to.
func (in *Inspector) marked(ctx context.Context, f Filter) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		table := marks.New(marks.Config{Store: in.store})
		defer table.Close()
		done := map[string]bool{}
		for e, err := range in.Entries(ctx, f) {
			if name := marks.Namespace(e.Project, e.Domain, e.Namespace); err == nil && e.State != Damaged && !done[name] {
				done[name] = true
				err = table.Set(ctx, time.Now().UnixNano(), name)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// Prune removes least recently used items until those that are left have at most maxBytes, and tells removed of each. A store that can
// prune does so in its own way ([store.Pruner]); otherwise entries count by what they have, and those that were written or read least
// recently go, as far as the store knows.
func (in *Inspector) Prune(ctx context.Context, maxBytes int64, removed func(store.Info)) error {
	if removed == nil {
		removed = func(store.Info) {}
	}
	if p, ok := store.As[store.Pruner](in.store); ok {
		return p.Prune(ctx, maxBytes, removed)
	}
	for info, err := range in.LeastUsed(ctx, maxBytes) {
		if err == nil {
			err = in.store.Delete(ctx, info.Key)
		}
		if err != nil {
			return err
		}
		removed(info)
	}
	return nil
}
