package inspect

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/marks"
	"github.com/cachegen/cachegen/runtime/store"
)

// grace is for how long what says that a result was removed stays: it holds back executions that began before.
const grace = time.Hour

// Remove removes entries, as Entries yields them, and tells removed of each, unless that is nil. Calls to it do not overlap. Other
// processes drop them from memory within a second. An execution that is under way may write its result again. Forgotten entries that say
// that a result was removed in the last hour stay: they hold back such executions.
//
// After an error those that removed was told of are gone.
func (in *Inspector) Remove(ctx context.Context, entries iter.Seq2[Entry, error], removed func(*Entry)) error {
	gone := false
	err := deleteAll(ctx, in.store, removable(entries), func(e *Entry) string { return e.Name }, func(e *Entry) {
		gone = true
		if removed != nil {
			removed(e)
		}
	})
	if gone {
		err = errors.Join(err, in.announce(context.WithoutCancel(ctx)))
	}
	return err
}

// removable yields those of the entries that are not kept.
func removable(entries iter.Seq2[Entry, error]) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for e, err := range entries {
			if err == nil && e.Kept() {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
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
				err = table.Set(ctx, name)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// Prune removes least recently used items until those that are left have at most maxBytes, and tells removed of each, unless that is nil;
// calls to it do not overlap. A store that can prune does so in its own way ([store.Pruner]); otherwise entries count by what they have, and
// those that were written or read least recently go, as far as the store knows. Marks stay: what was cleared or forgotten by its tag or run
// does not come back. What says that one result was forgotten goes in its turn.
func (in *Inspector) Prune(ctx context.Context, maxBytes int64, removed func(store.Info)) error {
	if p, ok := store.As[store.Pruner](in.store); ok {
		return p.Prune(ctx, maxBytes, removed)
	}
	return deleteAll(ctx, in.store, in.LeastUsed(ctx, maxBytes), func(info *store.Info) string { return info.Key }, func(info *store.Info) {
		if removed != nil {
			removed(*info)
		}
	})
}
