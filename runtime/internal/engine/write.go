package engine

import (
	"context"

	"github.com/cachegen/cachegen/runtime/internal/background"
	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/lease"
	"github.com/cachegen/cachegen/runtime/store"
)

// save writes a result to the store in the background, and ends the turn in which it was made.
func (v *visit) save(h Held) {
	w := &visit{ctx: v.ctx, call: v.call, fn: v.fn, state: v.state, settings: v.settings, mode: v.mode, name: v.key(), turn: v.turn}
	v.turn = nil
	inputs := v.call.Inputs(v.fn.Options.KeepInputs)
	ok := v.state.cache.pool.Go(v.ctx, "", func(ctx context.Context) error {
		defer w.endTurn(lease.Unstored)
		err := w.put(ctx, h, inputs)
		if err == nil && w.mode == Refresh {
			err = w.state.announce(ctx)
		}
		if err != nil {
			w.fault(StoreFailed, err)
			return nil
		}
		w.endTurn(lease.Stored)
		return nil
	})
	if !ok {
		w.endTurn(lease.Unstored)
		w.fault(StoreFailed, background.ErrFull)
	}
}

// put writes a result to the store. If the store has a newer one, the result leaves memory.
func (v *visit) put(ctx context.Context, h Held, inputs entry.Inputs) error {
	m := h.About()
	e := entry.Entry{
		Key: m.name, Namespace: v.fn.Namespace(), Version: v.fn.Version, Func: v.fn.Name, Run: v.run(),
		Began: m.Began, Completed: m.Completed.UnixNano(), Cost: m.Cost, Tags: m.Tags, Inputs: inputs,
	}
	if err := v.state.encode(&e, h); err != nil {
		return err
	}
	newest, err := v.state.putEntry(ctx, &e)
	if err != nil {
		return err
	}
	m.saved.Store(true)
	if !newest && v.state.memory.named(m.name) == h {
		v.state.memory.removeNamed(m.name)
	}
	return nil
}

// putEntry writes an entry to the store unless that has a newer one, and reports whether it did.
func (s *State) putEntry(ctx context.Context, e *entry.Entry) (newest bool, err error) {
	b, err := e.Encode()
	if err != nil {
		return false, err
	}
	err = s.tier.do(ctx, func(ctx context.Context, st store.Store) error {
		newest, err = st.Put(ctx, s.name(e.Key), store.Item{Value: b, Stamp: e.Began})
		return err
	})
	return newest, err
}
