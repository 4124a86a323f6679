package engine

import (
	"context"
	"time"
)

// visit is a call on its way through the tiers.
type visit struct {
	ctx   context.Context
	call  Call
	hash  uint64
	fn    *Function
	state *State
	began time.Time
	asked int64 // what began before is not read
	write bool
}

// Do returns the result for the call: from memory, shared with a call in flight, or executed, in this goroutine. A nil result
// without an error says that the caller has it from its own execution.
func (f *Function) Do(ctx context.Context, hash uint64, c Call) (Held, error) {
	v := &visit{ctx: ctx, call: c, hash: hash, fn: f, began: time.Now()}
	mode, write := Use, true
	cache := f.private
	var project, domain string
	if s := settingsOf(ctx); s != nil {
		if s.Mode != 0 {
			mode, write = s.Mode.under(0)
			if mode == Refresh {
				v.asked = s.Asked
			}
		}
		if s.Cache != nil {
			cache = s.Cache
		}
		project, domain = s.Project, s.Domain
	}
	if f.Options.Disabled || mode == Bypass {
		f.counts.bypassed.Add(1)
		return c.Execute(ctx)
	}
	if cache == nil {
		cache = standard()
	}
	v.write = write
	v.state = cache.state(f, project, domain)
	if cache == standard() && project == "" && domain == "" {
		f.memory.CompareAndSwap(nil, v.state.memory)
	}
	if h := v.recall(); h != nil {
		return h, nil
	}
	if f.Options.NoJoin {
		v.state.flights.begin(hash)
		defer v.state.flights.end(hash, nil)
		return v.execute(ctx)
	}
	return v.join()
}

// recall returns the usable result in memory, or nil.
func (v *visit) recall() Held {
	h := v.state.memory.get(v.hash)
	if h == nil || !v.call.Holds(h) {
		return nil
	}
	m := h.About()
	if m.Began < v.asked {
		return nil
	}
	// What was in flight when the call began satisfies any age.
	if m.Limit != 0 && m.Age(v.began) > m.Limit && m.Completed.Before(v.began) {
		return nil
	}
	v.fn.hits.add(m.Cost)
	return h
}

// join returns the result of the flight for the call's key, which it leads if there is none.
func (v *visit) join() (Held, error) {
	fs := &v.state.flights
	for {
		f, leads := fs.enter(v.hash, v.call, time.Now().UnixNano(), v.asked, v.write)
		if leads {
			return v.lead(f)
		}
		l := leadOf(v.ctx)
		if l != nil && !f.await(l) {
			return v.alone()
		}
		in := f.wait(v.ctx)
		if l != nil {
			f.leave(l)
		}
		switch {
		case !in && v.fn.Options.Infallible:
			return v.alone()
		case !in:
			return nil, v.ctx.Err()
		case f.landing == panicked:
			panic(f.panic)
		case f.landing == landed:
			v.fn.counts.joined.Add(1)
			return f.held, f.err
		}
	}
}

// alone executes the call without letting others join.
func (v *visit) alone() (Held, error) {
	v.state.flights.begin(v.hash)
	defer v.state.flights.end(v.hash, nil)
	return v.execute(v.ctx)
}

// lead executes the call for all who joined f.
func (v *visit) lead(f *flight) (h Held, err error) {
	fs := &v.state.flights
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
		fs.end(v.hash, f)
		if f.panic != nil {
			panic(f.panic)
		}
	}()
	f.held = v.recall() // somebody may have landed between our look and our turn
	if f.held == nil {
		f.held, f.err = v.execute(&lead{Context: v.ctx, flight: f, up: leadOf(v.ctx)})
	}
	f.landing = landed
	if v.ctx.Err() != nil && (f.err != nil || v.fn.Options.Infallible) {
		f.landing = orphaned
	}
	returned = true
	fs.end(v.hash, f)
	return f.held, f.err
}

// execute runs the function and keeps its result.
func (v *visit) execute(ctx context.Context) (Held, error) {
	began := time.Now()
	h, err := v.call.Execute(ctx)
	done := time.Now()
	v.fn.counts.misses.Add(1)
	v.fn.counts.spent.Add(int64(done.Sub(began)))
	if err != nil || v.fn.Options.Infallible && ctx.Err() != nil {
		return h, err
	}
	m := h.About()
	m.Began, m.Completed, m.Cost, m.Limit = began.UnixNano(), done, done.Sub(began), v.fn.Options.MaxAge
	if v.write && m.Began >= v.state.flights.floor(v.hash) {
		v.state.flights.raise(v.hash, m.Began)
		v.state.memory.set(v.hash, h)
	}
	return h, nil
}
