package engine

import (
	"context"
	"errors"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/background"
	"github.com/cachegen/cachegen/runtime/internal/build"
	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/lease"
	"github.com/cachegen/cachegen/runtime/store"
)

// save writes a result to the store in the background, calls done, and ends the turn in which the
// result was made.
func (v *visit) save(h Held, done func()) {
	w := v.writer()
	written := make(chan struct{})
	v.written = written
	w.turn, v.turn = v.turn, nil
	inputs := v.call.Inputs(v.fn.Options.KeepInputs)
	held := h.About().Size() + int64(len(inputs.Full))
	ok := v.state.cache.writes.GoHolding(v.ctx, "", held, func(ctx context.Context) error {
		defer w.endTurn(lease.Unstored)
		defer close(written)
		defer done()
		err := w.put(ctx, h, inputs)
		if err == nil && w.mode == Refresh {
			err = w.state.announce(ctx)
		}
		if err != nil {
			w.fault(StoreFailed, err)
			return nil
		}
		w.endTurn(lease.Stored)
		w.state.note(ctx)
		if w.fn.Options.KeepFailed {
			w.discard(ctx, w.state.failedName(w.name))
		}
		return nil
	})
	if !ok {
		v.written = nil
		done()
		w.endTurn(lease.Unstored)
		w.dropped()
	}
}

// share is the part of what an execution cost that its caller waits at most for the result to be
// stored: what was expensive is not lost when a program just ends.
const share = 50

// await waits a moment for the write of what the call executed.
func (v *visit) await() {
	if v.written == nil {
		return
	}
	limit := time.NewTimer(v.event.Cost / share)
	defer limit.Stop()
	select {
	case <-v.written:
	case <-limit.C:
	case <-v.ctx.Done():
	}
}

// writer returns a visit that writes for v after v has ended.
func (v *visit) writer() *visit {
	return &visit{ctx: v.ctx, call: v.call, hash: v.hash, fn: v.fn, state: v.state, settings: v.settings, mode: v.mode, name: v.key()}
}

// dropped tells that there was no room for a write in the background.
func (v *visit) dropped() {
	if !v.state.cache.closed.Load() {
		v.fault(StoreFailed, background.ErrFull)
	}
}

// saveFailed writes the inputs of a failed call to the store, in the background.
func (v *visit) saveFailed(stamp int64, failure error) {
	w := v.writer()
	e := w.envelope()
	e.Began, e.Completed, e.Error, e.Inputs = stamp, w.state.cache.nanos(), failure.Error(), v.call.Inputs(true)
	held := overhead + int64(len(e.Inputs.Full)+len(e.Error))
	ok := v.state.cache.writes.GoHolding(v.ctx, "", held, func(ctx context.Context) error {
		if _, err := w.state.putEntry(ctx, w.state.failedName(e.Key), &e, stamp, stamp); err != nil {
			w.fault(StoreFailed, err)
		}
		return nil
	})
	if !ok {
		w.dropped()
	}
}

// put writes a result to the store over what its execution found there. If there is something else
// by then the result leaves memory.
func (v *visit) put(ctx context.Context, h Held, inputs entry.Inputs) error {
	e, err := v.enveloped(h, inputs)
	if err != nil {
		return err
	}
	session := v.state.tier.table().Session()
	v.state.cache.own.add(h.About().Stamp, h.About().Began())
	written, err := v.replace(ctx, h, &e)
	if err != nil {
		return err
	}
	h.About().keptInStore()
	h.About().follow(session)
	if !written {
		v.state.yield(h)
	}
	return nil
}

// replace writes the entry of a result over what its execution found in the store, or over what
// began before it in this process, and reports whether it did. What others wrote meanwhile stays,
// for no clock says whether that is older. A result that was made anew on demand must have it gone,
// though.
func (v *visit) replace(ctx context.Context, h Held, e *entry.Entry) (written bool, err error) {
	name, began, stamp := v.state.name(e.Key), h.About().Began(), h.About().Stamp
	for over := h.About().detail().base; ; {
		written, err := v.state.putEntry(ctx, name, e, stamp, max(over, nothing))
		if written || err != nil {
			return written, err
		}
		there, err := v.state.read(ctx, name)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return false, err
		}
		older, own := v.state.cache.own.of(there.Stamp)
		switch {
		case own && older < began:
			over = there.Stamp
			if stamp <= over {
				stamp = over + 1
				v.state.cache.own.add(stamp, began)
			}
		case own, err != nil, v.mode != Refresh:
			return false, nil
		default:
			return false, v.remove(ctx, there)
		}
	}
}

// nothing is the stamp of what a result replaces whose execution found nothing in the store, or
// could not ask: no item has it.
const nothing = 1

// remove puts a removal in the place of a result in the store.
func (v *visit) remove(ctx context.Context, there store.Item) error {
	if e, err := entry.Decode(there.Value); err == nil && e.Tombstone {
		return nil
	}
	_, err := v.bury(ctx)
	return err
}

// bury puts a removal under the call's key into the store, and returns its stamp.
func (v *visit) bury(ctx context.Context) (int64, error) {
	e, cache := v.envelope(), v.state.cache
	e.Began, e.Completed, e.Tombstone = cache.nanos(), cache.nanos(), true
	return v.impose(ctx, &e, cache.clock.Over())
}

// enveloped returns the entry of a result.
func (v *visit) enveloped(h Held, inputs entry.Inputs) (entry.Entry, error) {
	m := h.About()
	e := v.envelope()
	e.Began, e.Completed, e.Cost, e.Tags, e.Inputs = m.detail().belonging.began, v.state.cache.clock.MomentNanos(m.completed), m.Cost, m.detail().tags, inputs
	e.Marks = m.detail().editions()
	err := v.state.encode(&e, v.within(), h)
	return e, err
}

// envelope returns an entry that says what the call's key was made of.
func (v *visit) envelope() entry.Entry {
	in := v.state.scope
	return entry.Entry{
		Key: v.key(), Project: in.project, Domain: in.domain, Namespace: v.fn.Namespace(), Version: v.fn.Version, Func: v.fn.Name,
		Build: v.state.identity().Build, Revision: build.Revision(), Run: v.run(),
	}
}

// putEntry writes an entry under a name to the store over nothing, or what has a stamp of at most
// over, and reports whether it did.
func (s *State) putEntry(ctx context.Context, name string, e *entry.Entry, stamp, over int64) (written bool, err error) {
	b, err := e.Encode()
	if err != nil {
		return false, err
	}
	return ask(ctx, s.tier, writing, func(ctx context.Context, st store.Store) (bool, error) {
		return st.Put(ctx, name, store.Item{Value: b, Stamp: stamp, Replaces: over})
	})
}
