package engine

import (
	"context"
	"errors"
	"hash/maphash"
	"reflect"
	"sync"

	"github.com/cachegen/cachegen/runtime/internal/target"
	"github.com/cachegen/cachegen/runtime/store"
)

// A result with a target lives at a path of the store and nowhere else. What is there is valid.
// Memory has the result only until it is written.

// ErrTarget says that what was asked for can't be had of results that live at a path.
var ErrTarget = errors.New("cache: results have a target")

func parseTarget(text string) func() (*target.Template, error) {
	return sync.OnceValues(func() (*target.Template, error) { return target.Parse(text) })
}

// targeted reports whether the call's result lives at a path.
func (v *visit) targeted() bool { return v.place != nil }

// place is where a result lives.
type place struct {
	path   string
	format target.Format
	err    error // why it lives nowhere
}

// locate finds out where the call's result lives. A call can have results at several paths, because
// of dates. They are apart in memory too.
func (v *visit) locate() {
	v.place = v.find()
	v.hash ^= maphash.String(pathSeed, v.place.path)
}

var pathSeed = maphash.MakeSeed()

func (v *visit) find() *place {
	t, err := v.fn.target()
	if err != nil {
		return &place{err: err}
	}
	if !v.state.stored() {
		return &place{err: errors.New("cache: a target needs a store")}
	}
	path, err := t.Path(target.Values{
		Input: func(name string) (string, bool) { return v.fn.Hooks.TargetField(v.ctx, v.call, name) },
		Start: v.began, Func: v.fn.Name, Project: v.state.scope.project, Domain: v.state.scope.domain,
	})
	return &place{path, t.Format, err}
}

// atTarget returns the result at the call's path, or nil.
func (v *visit) atTarget() Held {
	pending := v.state.memory.Get(v.hash)
	ours := pending != nil && v.call.Holds(pending)
	switch {
	case v.place.err != nil:
		v.fault(StoreFailed, v.place.err)
		return nil
	case v.asked > 0 && (!ours || v.predates(pending.About())):
		v.event.Reason = TooOld
		return nil
	case ours && !pending.About().stored():
		v.hit(pending, MemoryTier)
		return pending
	}
	h := v.call.Blank()
	ctx, cancel := v.looks()
	defer cancel()
	err := v.state.blobs(ctx, reading, func(ctx context.Context, b store.Blobber) error {
		return target.Load(ctx, b, v.place.path, v.place.format, reflect.ValueOf(h.Value()))
	})
	switch {
	case err == nil:
		v.hit(h, TargetTier)
		return h
	case errors.Is(err, store.ErrNotFound):
	case errors.Is(err, target.ErrUnreadable):
		v.event.Reason = Corrupt
		v.fault(Corrupt, err)
	case v.ctx.Err() == nil:
		v.event.Reason = StoreFailed
		v.fault(StoreFailed, err)
	}
	return nil
}

// deliver writes a result to its path, in the background.
func (v *visit) deliver(h Held) {
	if v.place.err != nil || !v.state.settle(v.hash, h, true) {
		return
	}
	w := v.writer()
	w.place = v.place
	written := make(chan struct{})
	v.written = written
	ok := v.state.cache.writes.GoHolding(v.ctx, "", h.About().Size(), func(ctx context.Context) error {
		defer close(written)
		if err := w.leave(ctx, h, w.mode == Refresh); err != nil {
			w.fault(StoreFailed, err)
		}
		return nil
	})
	if !ok {
		v.written = nil
		w.dropped()
	}
}

// leave writes a result to its path, unless there is one and replace is false.
func (v *visit) leave(ctx context.Context, h Held, replace bool) error {
	if v.place.err != nil {
		return v.place.err
	}
	err := v.state.blobs(ctx, writing, func(ctx context.Context, b store.Blobber) error {
		_, err := target.Save(ctx, b, v.place.path, v.place.format, reflect.ValueOf(h.Value()), replace)
		return err
	})
	if err == nil {
		h.About().keptInStore()
	}
	return err
}

// vacate removes the result at the call's path.
func (v *visit) vacate(ctx context.Context) error {
	if v.place.err != nil {
		return v.place.err
	}
	return v.state.blobs(ctx, writing, func(ctx context.Context, b store.Blobber) error { return b.DeleteBlob(ctx, v.place.path) })
}

// blobs calls op with the part of the store that has values at paths.
func (s *State) blobs(ctx context.Context, kind operation, op func(context.Context, store.Blobber) error) error {
	return s.tier.do(ctx, kind, func(ctx context.Context, st store.Store) error {
		b, ok := store.As[store.Blobber](st)
		if !ok {
			return errors.New("cache: the store has no paths for targets")
		}
		return op(ctx, b)
	})
}
