package engine

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/flight"
)

// join returns the result of the flight for the call's key, which it leads if there is none.
func (v *visit) join() (Held, error) {
	for waits := (time.Time{}); ; {
		v.entered = v.state.cache.clock.Stamp()
		f, leads := v.state.flights.Enter(v.hash, v.request(v.again))
		if leads {
			return v.lead(f)
		}
		if h := v.beside(f); h != nil {
			return h, nil
		}
		if waits.IsZero() {
			waits = time.Now()
		}
		o, in, circle := f.Wait(v.ctx)
		v.until = v.takingOver(waits)
		switch {
		case circle:
			return v.alone(v.ctx)
		case !in && v.fn.Options.Infallible:
			return v.alone(v.ctx)
		case !in:
			v.event.Outcome, v.event.Err = Joined, v.ctx.Err()
			return nil, v.ctx.Err()
		case o.Landing == flight.Panicked:
			panic(o.Panic)
		case unshared(o):
			return v.alone(v.ctx)
		case o.Landing == flight.Landed && v.accepts(o):
			return v.joined(o)
		}
	}
}

// request is what the call asks of flights.
func (v *visit) request(again bool) flight.Request[Call] {
	return flight.Request[Call]{Call: v.call, Now: v.entered, Asked: v.asked, Keep: v.write, Again: again, Anew: v.mode == Refresh}
}

// beside returns what is there while f makes it anew, for which nobody has to wait, or nil.
func (v *visit) beside(f *sharedRun) Held {
	if !f.Again() || v.again {
		return nil
	}
	v.state.flights.Begin(v.hash)
	defer v.state.flights.End(v.hash)
	if h := v.found(); h != nil {
		return h
	}
	if v.late(v.fn.Options.StaleWhileRevalidate) {
		return v.use()
	}
	return nil
}

// accepts reports whether the call can have what a flight came to. What it executed satisfies any
// age, and so does what is used in place of its failure; what it found satisfied its leader.
func (v *visit) accepts(o landed) bool {
	switch {
	case o.Result == nil:
		return true
	case o.Made || o.Err != nil:
		return !v.predates(o.Result.About()) && !v.forgotten(o.Result.About())
	}
	return v.judge(o.Result, MemoryTier) == NoReason
}

// joined returns what a flight came to.
func (v *visit) joined(o landed) (Held, error) {
	v.event.Outcome, v.event.Err = Joined, o.Err
	if o.Result != nil {
		v.event.Cost = o.Result.About().Cost
	}
	return o.Result, o.Err
}

// alone fills the call's key without letting others join.
func (v *visit) alone(ctx context.Context) (Held, error) {
	v.state.flights.Begin(v.hash)
	defer v.state.flights.End(v.hash)
	h, _, err := v.fill(ctx, nil)
	return h, err
}

// lead fills the key for all who joined f.
func (v *visit) lead(f *sharedRun) (Held, error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		// recover tells a panic from a Goexit; panicking again from here keeps the original frames
		// in the trace.
		p := recover()
		v.state.flights.Land(v.hash, f, crashed(p))
		if p != nil {
			panic(p)
		}
	}()
	h, made, err := v.fill(f.Context(v.ctx), f)
	returned = true
	v.state.flights.Land(v.hash, f, v.over(h, made, err))
	return h, err
}

// ended reports whether an execution ended because its caller's context did: with err, or with a
// result on which nobody can rely.
func (v *visit) ended(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (err != nil || v.fn.Options.Infallible)
}
