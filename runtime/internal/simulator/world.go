package simulator

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// Plan says what a simulation does.
type Plan struct {
	Seed       uint64
	Processes  int
	Operations int
	// Faults lets links break, Restarts lets processes close and start again, Apart lets clocks be
	// hours or days apart, Groups has the store put marks of groups in the place of others.
	Faults, Restarts, Apart, Groups bool
}

// Report is what happened.
type Report struct {
	Operations, Calls, Executions, Removals, Faults, Restarts, Groups int
	// Slowest is the greatest time of a call as a multiple of its function's, in processes that
	// knew that; SlowestJoined is the same with those that waited for an execution which came to
	// nothing.
	Slowest, SlowestJoined float64
	// Broken are the first breaches of the rules, in order.
	Broken []string
}

// longest is how long a fault lasts at most.
const longest = 15 * time.Second

// world is one simulation.
type world struct {
	plan   Plan
	medium *medium
	ledger *ledger

	mu        sync.Mutex
	processes []*process
	report    Report
}

// Run runs a simulation. It is to be called in a bubble of [testing/synctest].
func Run(plan Plan) Report {
	w := &world{plan: plan, medium: newMedium(plan.Seed + 2), ledger: newLedger()}
	r := rand.New(rand.NewChaCha8(seedOf(plan.Seed)))
	for i := range plan.Processes {
		w.processes = append(w.processes, w.start(i, r))
		time.Sleep(time.Microsecond)
	}
	var running sync.WaitGroup
	faults, end := context.WithCancel(context.Background())
	running.Go(func() { w.breakThings(faults, rand.New(rand.NewChaCha8(seedOf(plan.Seed+1)))) })
	running.Go(func() { w.groupMarks(faults, rand.New(rand.NewChaCha8(seedOf(plan.Seed+3)))) })
	w.operate(r)
	end()
	running.Wait()
	w.recover()
	for _, p := range w.processes {
		w.checkRoom(p, bytes)
		w.checkTries(p)
		p.close(w.ledger)
	}
	w.report.Operations = plan.Operations
	w.report.Broken = w.ledger.broken
	return w.report
}

// operate lets processes do what they do, several things at a time.
func (w *world) operate(r *rand.Rand) {
	var running sync.WaitGroup
	for i := range w.plan.Operations {
		p := w.pick(r)
		if i%100 == 0 {
			w.checkRoom(p, 2*bytes) // half of that is under way to the store
		}
		f, n := r.IntN(len(functions)), int(r.ExpFloat64()*inputs/4)%inputs
		switch kind := r.IntN(1000); {
		case kind < 960:
			limit := haste(r.IntN(int(hastes))).until(functions[f].takes, r)
			refresh := kind < 20
			running.Go(func() { w.call(p, f, n, limit, refresh) })
		case kind < 980:
			running.Go(func() {
				w.remove(p, subject{"result", f, n}, func(ctx context.Context) error { return functions[f].forget(ctx, n) })
			})
		case kind < 988:
			running.Go(func() {
				w.remove(p, subject{"result", f, n}, func(ctx context.Context) error { return functions[f].put(ctx, w.ledger, f, n) })
			})
		case kind < 994:
			running.Go(func() {
				w.remove(p, subject{"tag", tagged, n % tags}, func(ctx context.Context) error { return engine.ForgetTags(ctx, tagOf(n%tags)) })
			})
		case kind < 996:
			running.Go(func() { w.remove(p, subject{"function", f, 0}, functions[f].cache.Clear) })
		case kind < 997 && w.plan.Restarts:
			running.Go(func() { w.restart(p, r.Uint64()) })
		default:
			time.Sleep(time.Duration(r.Int64N(int64(200 * time.Millisecond))))
		}
		if r.IntN(3) == 0 {
			time.Sleep(time.Duration(r.Int64N(int64(10 * time.Millisecond))))
		}
		time.Sleep(time.Duration(1 + r.Int64N(int64(time.Microsecond)))) // what happens at one moment has no order
	}
	running.Wait()
}

func (w *world) pick(r *rand.Rand) *process {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.processes[r.IntN(len(w.processes))]
}

// haste is what the caller of a function has.
type haste int

const (
	none     haste = iota
	deadline       // it ends later than the function needs, whatever the store does
	gone           // it gives up before the function has returned
	hastes
)

// ages is how long somebody waits who is in no haste.
const ages = time.Hour

// until returns how long a caller waits whose function takes so long.
func (h haste) until(takes time.Duration, r *rand.Rand) time.Duration {
	switch h {
	case deadline:
		return 2*takes + 2*slack + time.Duration(r.Int64N(int64(3*takes)))
	case gone:
		return time.Duration(r.Int64N(int64(takes)))
	}
	return ages
}

// slack is what a call may take besides what it looks and executes: others are served, too.
const slack = 10 * time.Millisecond

// call calls a function in a process and checks what comes of it.
func (w *world) call(p *process, f, n int, limit time.Duration, refresh bool) {
	takes := functions[f].takes
	ctx, cancel := context.WithTimeout(p.context(), limit)
	defer cancel()
	if refresh {
		ctx = engine.WithMode(ctx, engine.Refresh)
	}
	knew, least, began := p.knows(f), w.ledger.oldest(p, f, n), time.Now()
	reads, readable := p.link.readable()
	executed := false
	r, err := functions[f].call(ctx, f, n, func(began time.Time, err error) {
		executed = true
		p.ran(topic{f, n}, began)
		if err == nil {
			p.learnt(f)
		}
	})
	took := time.Since(began)
	w.count(func(c *Report) {
		c.Calls++
		if executed {
			c.Executions++
		}
	})
	if err != nil {
		if !errors.Is(err, context.DeadlineExceeded) || limit > takes && !p.isClosed() && p.waited(topic{f, n}, began, time.Time{}) == 0 {
			w.ledger.breaks("rule 1: a call of process %d for %d(%d) with %v failed after %v: %v", p.number, f, n, limit, took, err)
		}
		return
	}
	w.ledger.returned(p, f, n, r, least)
	if after, _ := p.link.readable(); executed && readable && after == reads && limit == ages && !p.isClosed() {
		w.ledger.breaks("rule 10: process %d executed %d(%d) without a look into a store that fails for writes only", p.number, f, n)
	}
	if knew {
		w.checkTime(p, topic{f, n}, began, took, time.Unix(0, r.Began))
	}
	if refresh {
		w.refreshed(p, topic{f, n}, began, r)
	}
}

// checkTime checks rule 4 for a call since a moment that returned the result of an execution.
func (w *world) checkTime(p *process, t topic, call time.Time, took time.Duration, used time.Time) {
	takes := functions[t.function].takes
	waited := max(p.waited(t, call, used), 0)
	w.count(func(c *Report) {
		if waited == 0 {
			c.Slowest = max(c.Slowest, float64(took)/float64(takes))
		}
		c.SlowestJoined = max(c.SlowestJoined, float64(took)/float64(takes))
	})
	if limit := waited + max(takes, engine.LeastLook) + takes + takes/50 + slack; took > limit {
		w.ledger.breaks("rule 4: a call of process %d for %d(%d) took %v, of which it waited %v for others; the function takes %v",
			p.number, t.function, t.input, took, waited, takes)
	}
}

// refreshed checks rule 8 for a call that asked for what began later than a moment, and notes a
// while later that what began before is gone, if the process could tell the store.
func (w *world) refreshed(p *process, t topic, asked time.Time, r result) {
	if r.Put == 0 && r.Began < asked.UnixNano() {
		w.ledger.breaks("rule 8: process %d asked %d(%d) anew and got what began %v before", p.number, t.function, t.input, asked.Sub(time.Unix(0, r.Began)))
	}
	time.Sleep(grace)
	if p.wholeSince() < asked.Add(-grace).UnixNano() && !p.isClosed() { // nothing rests any more
		w.ledger.removed(nil, subject{"result", t.function, t.input}, asked)
	}
}

func (p *process) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

// remove forgets or puts something, and notes it if that returned nil.
func (w *world) remove(p *process, s subject, do func(context.Context) error) {
	asked := time.Now()
	ctx, cancel := context.WithTimeout(p.context(), 10*time.Second)
	defer cancel()
	if do(ctx) == nil {
		w.ledger.removed(p, s, asked)
		w.count(func(c *Report) { c.Removals++ })
	}
	if took := time.Since(asked); took > 11*time.Second {
		w.ledger.breaks("rule 5: a removal of process %d outlasted its context: %v", p.number, took)
	}
}

// restart closes a process and starts another in its place.
func (w *world) restart(p *process, seed uint64) {
	w.mu.Lock()
	i := slices.Index(w.processes, p)
	if i >= 0 {
		w.processes[i] = w.start(p.number+w.plan.Processes, rand.New(rand.NewChaCha8(seedOf(seed))))
	}
	w.mu.Unlock()
	if i >= 0 {
		p.close(w.ledger)
		w.count(func(c *Report) { c.Restarts++ })
	}
}

func (w *world) count(change func(*Report)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.report)
}

// groupMarks has the store need the room of marks now and then, until ctx ends.
func (w *world) groupMarks(ctx context.Context, r *rand.Rand) {
	if !w.plan.Groups {
		return
	}
	for wait(ctx, time.Duration(r.Int64N(int64(2*time.Second))), nil) == nil {
		if groups := w.medium.groups(); len(groups) > 0 {
			w.medium.group(groups[r.IntN(len(groups))], time.Duration(r.Int64N(int64(100*time.Millisecond))))
			w.count(func(c *Report) { c.Groups++ })
		}
	}
}

// breakThings breaks links, for a while each, until ctx ends. Sometimes all break together, as when
// the server is what fails.
func (w *world) breakThings(ctx context.Context, r *rand.Rand) {
	if !w.plan.Faults {
		<-ctx.Done()
		return
	}
	for wait(ctx, time.Duration(r.Int64N(int64(8*time.Second))), nil) == nil {
		w.count(func(c *Report) { c.Faults++ })
		state := condition(1 + r.IntN(int(conditions)-1))
		lasts := time.Duration(r.Int64N(int64(longest)))
		switch r.IntN(6) {
		case 0:
			w.medium.disconnect()
			w.each(nil, (*process).missed)
		case 1:
			w.ledger.lose()
			w.medium.lose()
			w.each(nil, (*process).missed)
		case 2, 3:
			p := w.pick(r)
			w.during(ctx, []*process{p}, state, lasts)
		default:
			w.during(ctx, nil, state, lasts)
		}
	}
}

// during puts links in a state for a while; none are all.
func (w *world) during(ctx context.Context, l []*process, state condition, d time.Duration) {
	w.each(l, func(p *process) { p.condition(state) })
	_ = wait(ctx, d, nil)
	w.each(nil, func(p *process) { p.condition(sound) })
}

func (w *world) each(l []*process, f func(*process)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if l == nil {
		l = w.processes
	}
	for _, p := range l {
		f(p)
	}
}

// recover checks rule 7: a while after the last fault, what one process executes another finds. The
// first who ask find out that the store is back, one at a time, so it has a few rounds.
func (w *world) recover() {
	time.Sleep(2 * time.Minute)
	const rounds = 4
	for round := range rounds {
		if w.callEverywhere(inputs+round) <= 1 && round > 0 {
			return
		}
		time.Sleep(time.Second)
	}
	w.ledger.breaks("rule 7: after all faults several processes executed for one input, %d times", rounds)
}

// callEverywhere calls for an input, which nobody called for before, in all processes one after the
// other, and returns how many executed. Left out are those that take what others stamp for damage,
// or others what they do.
func (w *world) callEverywhere(n int) (ran int) {
	for _, p := range w.processes {
		if !p.clock.agrees() {
			continue
		}
		if _, err := functions[tagged].call(p.context(), tagged, n, func(time.Time, error) { ran++ }); err != nil {
			w.ledger.breaks("rule 1: after all faults a call of process %d failed: %v", p.number, err)
		}
	}
	return ran
}

// checkRoom checks rule 6.
func (w *world) checkRoom(p *process, bound int64) {
	if used := p.cache.MemoryUsed(); used > bound {
		w.ledger.breaks("rule 6: process %d holds %d bytes in memory; its bound is %d", p.number, used, bound)
	}
}

// checkTries checks rule 9. A write that was refused reads what is there.
func (w *world) checkTries(p *process) {
	p.link.mu.Lock()
	defer p.link.mu.Unlock()
	if p.link.most > 2 {
		w.ledger.breaks("rule 9: %d calls of process %d waited at a time for a store that hangs", p.link.most, p.number)
	}
}
