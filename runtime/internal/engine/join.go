package engine

import "context"

// join returns the result of the flight for the call's key, which it leads if there is none.
func (v *visit) join() (Held, error) {
	for {
		v.entered = stamp()
		f, leads := v.state.flights.enter(v.hash, v.call, v.entered, v.asked, v.write, v.again)
		if leads {
			return v.lead(f)
		}
		if h := v.beside(f); h != nil {
			return h, nil
		}
		in, circle := f.wait(v.ctx)
		switch {
		case circle:
			return v.alone(v.ctx)
		case !in && v.fn.Options.Infallible:
			return v.alone(v.ctx)
		case !in:
			v.event.Outcome, v.event.Err = Joined, v.ctx.Err()
			return nil, v.ctx.Err()
		case f.landing == panicked:
			panic(f.panic)
		case f.unshared():
			return v.alone(v.ctx)
		case f.landing == landed && v.accepts(f):
			return v.joined(f)
		}
	}
}

// beside returns what is there while f makes it anew, for which nobody has to wait, or nil.
func (v *visit) beside(f *flight) Held {
	if !f.again || v.again {
		return nil
	}
	v.state.flights.begin(v.hash)
	defer v.state.flights.end(v.hash, nil)
	if h := v.found(); h != nil {
		return h
	}
	if v.late(v.fn.Options.StaleWhileRevalidate) {
		return v.use()
	}
	return nil
}

// unshared reports whether f executed to a result that nobody else can have.
func (f *flight) unshared() bool { return f.landing == landed && f.held == nil && f.err == nil }

// accepts reports whether the call can have what f came to. What f executed satisfies any age, and so does what is used in place of its
// failure; what f found satisfied its leader.
func (v *visit) accepts(f *flight) bool {
	switch {
	case f.held == nil:
		return true
	case f.made || f.err != nil:
		return f.held.About().Began >= v.asked && !v.forgotten(f.held.About())
	}
	return v.judge(f.held, MemoryTier) == NoReason
}

// joined returns what f came to.
func (v *visit) joined(f *flight) (Held, error) {
	v.fn.tally.calls[Joined].Add(1)
	v.event.Outcome, v.event.Err = Joined, f.err
	if f.held != nil {
		v.event.Cost = f.held.About().Cost
	}
	return f.held, f.err
}

// alone fills the call's key without letting others join.
func (v *visit) alone(ctx context.Context) (Held, error) {
	v.state.flights.begin(v.hash)
	defer v.state.flights.end(v.hash, nil)
	return v.fill(ctx, nil)
}

// lead fills the key for all who joined f.
func (v *visit) lead(f *flight) (Held, error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		// recover tells a panic from a Goexit; panicking again from here keeps the original frames in the trace.
		f.panic, f.landing = recover(), orphaned
		if f.panic != nil {
			f.landing = panicked
		}
		v.state.flights.end(v.hash, f)
		if f.panic != nil {
			panic(f.panic)
		}
	}()
	f.held, f.err = v.fill(&lead{Context: v.ctx, flight: f, up: leadOf(v.ctx)}, f)
	f.landing = landed
	if v.ended(v.ctx, f.err) {
		f.landing = orphaned
	}
	returned = true
	v.state.flights.end(v.hash, f)
	return f.held, f.err
}

// ended reports whether an execution came to err, or to a result that nobody can rely on, because its caller's context ended.
func (v *visit) ended(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (err != nil || v.fn.Options.Infallible)
}
