package engine

import (
	"context"

	"github.com/cachegen/cachegen/runtime/internal/lease"
)

// serialized executes the call when it is this process's turn among all that share the store, or returns what another one made
// meanwhile.
func (v *visit) serialized(ctx context.Context, f *flight) (Held, error) {
	if !v.state.stored() {
		v.fault(NoReason, lease.ErrNoLeases)
		return v.execute(ctx, f)
	}
	queue, err := v.state.tier.queue(ctx)
	if err != nil {
		v.fault(StoreFailed, err)
		return v.execute(ctx, f)
	}
	var h Held
	found := func(context.Context) bool {
		h = v.found()
		return h != nil
	}
	turn, err := queue.Take(ctx, v.state.name(v.key()), v.fn.Options.Lease, found)
	switch {
	case err != nil && v.fn.Options.Infallible:
		return v.execute(ctx, f)
	case err != nil:
		return nil, err
	case turn == nil:
		return h, nil
	}
	v.turn = turn
	defer v.endTurn(lease.Failed) // also after a panic
	return v.execute(ctx, f)
}

// endTurn ends the call's turn, if it has one.
func (v *visit) endTurn(o lease.Outcome) {
	if v.turn != nil {
		v.turn.End(o)
		v.turn = nil
	}
}
