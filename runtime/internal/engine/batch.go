package engine

import (
	"context"
	"errors"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/flight"
)

// Batch is a call for several keys at once, all different. The layer above makes it.
type Batch struct {
	// Elements are what is asked for.
	Elements []Element
	// Execute runs the function once, for the elements with these indices. It returns what the
	// function made of each element, in their order, even if it failed.
	Execute func(ctx context.Context, indices []int) ([]Made, error)
	// Take is told of each result that Execute did not make for this call.
	Take func(index int, h Held)
}

// Element is one key of a batch.
type Element struct {
	Hash uint64
	Call Call
}

// Made is what an execution made of an element.
type Made struct {
	// Held is the result to keep; nil if it can't be shared.
	Held Held
	// Absent says that there is no result.
	Absent bool
}

// ErrAbsent is what an element comes to for which the function has no result.
var ErrAbsent = errors.New("cache: the batch has no such element")

// DoBatch finds the results for the elements of b: those that are there, those that other calls are
// about to make, and those that one execution makes of all the others. A batch waits for others
// only when all flights that it leads have landed. So batches that overlap don't wait for each
// other in circles.
func (f *Function) DoBatch(ctx context.Context, b *Batch) error {
	r := &round{ctx: ctx, batch: b, fn: f}
	for i, e := range b.Elements {
		v := f.visit(ctx, e.Hash, e.Call)
		defer v.finish()
		r.visits = append(r.visits, v)
		r.open = append(r.open, i)
	}
	defer r.await()
	return r.run()
}

// await waits a moment for the writes of what the batch executed.
func (r *round) await() {
	for _, v := range r.visits {
		v.await()
	}
}

// Bypasses reports whether calls with the context go past the cache.
func (f *Function) Bypasses(ctx context.Context) bool {
	return f.Options.Disabled || f.visit(ctx, 0, nil).mode == Bypass
}

// round is a batch on its way.
type round struct {
	ctx    context.Context
	batch  *Batch
	fn     *Function
	visits []*visit
	open   []int // elements without a result yet
	alone  []int // those of them that may not wait for others
}

// run gets results until no element is without.
func (r *round) run() error {
	r.open = r.unless(r.open, func(v *visit, i int) bool { return r.took(i, v.recall()) || r.took(i, r.stale(v)) })
	if len(r.open) > 0 && r.visits[0].mode == Frozen {
		return r.frozen()
	}
	for len(r.open)+len(r.alone) > 0 {
		led, joined := r.enter()
		if err := r.lead(led); err != nil {
			return err
		}
		if err := r.join(joined); err != nil {
			return err
		}
	}
	return nil
}

// unless returns the indices of the elements that are not done.
func (r *round) unless(indices []int, done func(v *visit, i int) bool) []int {
	var left []int
	for _, i := range indices {
		if !done(r.visits[i], i) {
			left = append(left, i)
		}
	}
	return left
}

// took hands h on, if there is one.
func (r *round) took(i int, h Held) bool {
	if h == nil {
		return false
	}
	r.batch.Take(i, h)
	return true
}

// stale returns the element's stale result and has it made anew, if that is allowed, or nil.
func (r *round) stale(v *visit) Held {
	h := v.meanwhile()
	if v.due {
		v.revalidate()
		v.due = false
	}
	return h
}

// frozen takes what is there. Elements that are missing fail the batch.
func (r *round) frozen() (err error) {
	for _, i := range r.open {
		v := r.visits[i]
		v.state.flights.Begin(v.hash)
		defer v.state.flights.End(v.hash)
	}
	r.prefetch(r.open)
	for _, i := range r.open {
		if v := r.visits[i]; !r.took(i, v.found()) {
			err = v.missing()
		}
	}
	return err
}

// seat is an element with its flight; nil: nobody can join it.
type seat struct {
	index  int
	flight *sharedRun
}

// enter starts flights for the open elements, and returns those of others to wait for.
func (r *round) enter() (led, joined []seat) {
	for _, i := range r.alone {
		r.visits[i].state.flights.Begin(r.visits[i].hash)
		led = append(led, seat{i, nil})
	}
	for _, i := range r.open {
		v := r.visits[i]
		if r.fn.Options.NoJoin {
			v.state.flights.Begin(v.hash)
			led = append(led, seat{i, nil})
			continue
		}
		v.entered = v.state.cache.clock.Stamp()
		f, leads := v.state.flights.Enter(v.hash, v.request(false))
		if leads {
			led = append(led, seat{i, f})
		} else {
			joined = append(joined, seat{i, f})
		}
	}
	r.open, r.alone = nil, nil
	return led, joined
}

// lead lands the flights that this batch leads.
func (r *round) lead(led []seat) (err error) {
	if len(led) == 0 {
		return nil
	}
	r.looksAnew(led)
	returned := false
	defer func() {
		if returned {
			return
		}
		p := recover()
		for _, s := range led {
			r.crash(s, p)
		}
		if p != nil {
			panic(p)
		}
	}()
	err = r.fill(&led)
	returned = true
	return err
}

// looksAnew gives the elements the time together that one of them has for looking into the store.
func (r *round) looksAnew(led []seat) {
	now := time.Now()
	until := now.Add(r.visits[led[0].index].patience(now))
	for _, s := range led {
		r.visits[s.index].until = until
	}
}

// crash lands a flight whose execution panicked with p, or left by Goexit.
func (r *round) crash(s seat, p any) { r.end(s, crashed(p)) }

// land ends what an element's flight came to.
func (r *round) land(s seat, h Held, made bool, err error) {
	r.end(s, r.visits[s.index].over(h, made, err))
}

func (r *round) end(s seat, o landed) {
	v := r.visits[s.index]
	if s.flight == nil {
		v.state.flights.End(v.hash)
		return
	}
	v.state.flights.Land(v.hash, s.flight, o)
}

// fill finds the results of the flights in led, and executes once for those that are not found.
// Flights that are still in led afterwards have not landed.
func (r *round) fill(led *[]seat) error {
	indices := make([]int, len(*led))
	for k, s := range *led {
		indices[k] = s.index
	}
	r.prefetch(indices)
	for k := 0; k < len(*led); {
		s := (*led)[k]
		v := r.visits[s.index]
		h := v.found()
		if h == nil {
			h = r.stale(v)
		}
		if h == nil {
			k++
			continue
		}
		*led = append((*led)[:k], (*led)[k+1:]...)
		r.took(s.index, h)
		r.land(s, h, false, nil)
	}
	if len(*led) == 0 {
		return nil
	}
	return r.execute(led)
}

// execute runs the function for the elements of led.
func (r *round) execute(led *[]seat) error {
	for _, s := range *led {
		if err := r.visits[s.index].unrecorded(); err != nil {
			return r.refuse(led, err)
		}
	}
	clock := r.visits[0].state.cache.clock
	began, start := clock.Begin()
	ctx, indices, plans, stamps := r.ctx, make([]int, len(*led)), make([]prepared, len(*led)), make([]int64, len(*led))
	for k, s := range *led {
		v := r.visits[s.index]
		indices[k], plans[k] = s.index, v.prepare()
		stamps[k] = v.after(began)
		if s.flight != nil {
			ctx = s.flight.Context(ctx)
		}
	}
	a := r.visits[0].audience()
	ctx, span := a.begin(ctx, Operation{Kind: Executing, Func: r.fn.Name})
	made, err := r.batch.Execute(ctx, indices)
	span.end(err)
	end := clock.Now()
	cost := end.Sub(start)
	for k, s := range *led {
		if h := made[k].Held; h != nil {
			m := h.About()
			m.made(r.fn, began, stamps[k], end, cost/time.Duration(len(*led)))
		}
		r.made(s, plans[k], made[k], err, cost/time.Duration(len(*led)))
	}
	*led = nil
	return err
}

// refuse lands the elements of led with an error, without executing.
func (r *round) refuse(led *[]seat, err error) error {
	for _, s := range *led {
		r.land(s, nil, false, err)
	}
	*led = nil
	return err
}

// made keeps and lands what an execution made of an element.
func (r *round) made(s seat, p prepared, made Made, err error, cost time.Duration) {
	v, h := r.visits[s.index], made.Held
	v.executed(cost, err)
	switch {
	case err != nil || v.ended(v.ctx, err):
	case made.Absent:
		err = ErrAbsent
	case h != nil && (v.write || v.state.flights.Wanted(s.flight)):
		v.keep(h, p)
	}
	r.land(s, h, true, err)
}

// join waits for the flights of others. An element is open again if nobody leads its flight any
// more.
func (r *round) join(joined []seat) error {
	for _, s := range joined {
		v, f := r.visits[s.index], s.flight
		if r.took(s.index, v.beside(f)) {
			continue
		}
		o, in, circle := f.Wait(r.ctx)
		switch {
		case circle:
			r.alone = append(r.alone, s.index)
		case !in:
			return r.ctx.Err()
		case o.Landing == flight.Panicked:
			panic(o.Panic)
		case unshared(o):
			r.alone = append(r.alone, s.index)
		case o.Landing != flight.Landed || !v.accepts(o):
			r.open = append(r.open, s.index)
		default:
			h, err := v.joined(o)
			if err != nil && !errors.Is(err, ErrAbsent) {
				return err
			}
			r.took(s.index, h)
		}
	}
	return nil
}
