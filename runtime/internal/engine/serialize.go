package engine

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/lease"
)

// serialized waits until it is this process's turn among all that share the store, and executes the
// call. If another process made the result meanwhile, it returns that.
func (v *visit) serialized(ctx context.Context, f *sharedRun) (h Held, made bool, err error) {
	if !v.state.stored() {
		v.faultOf("lease", NoReason, lease.ErrNoLeases)
		return v.unserialized(ctx, f)
	}
	look, cancel := v.looks()
	queue, err := v.state.tier.queue(look)
	cancel()
	if err != nil {
		v.fault(StoreFailed, err)
		return v.unserialized(ctx, f)
	}
	found := func(context.Context) bool {
		v.until = time.Time{} // it waited
		h = v.found()
		return h != nil
	}
	turn, err := queue.Take(ctx, v.state.name(v.key()), v.fn.Options.Lease, found)
	switch {
	case err != nil && v.fn.Options.Infallible:
		return v.unserialized(ctx, f)
	case err != nil:
		return nil, false, err
	case turn == nil:
		return h, false, nil
	}
	v.turn = turn
	defer v.endTurn(lease.Failed) // also after a panic
	return v.unserialized(ctx, f)
}

// unserialized executes the call, alone or beside others.
func (v *visit) unserialized(ctx context.Context, f *sharedRun) (h Held, made bool, err error) {
	h, err = v.execute(ctx, f)
	return h, true, err
}

// endTurn ends the call's turn, if it has one, in the background: the store may hang.
func (v *visit) endTurn(o lease.Outcome) {
	turn := v.turn
	if turn == nil {
		return
	}
	v.turn = nil
	ok := v.state.cache.looks.Go(v.ctx, "", func(context.Context) error {
		turn.End(o)
		return nil
	})
	if !ok {
		turn.Drop()
	}
}
