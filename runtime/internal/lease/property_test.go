package lease_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/internal/lease"
	"github.com/cachegen/cachegen/runtime/store"
)

// crash is an outcome: the process is gone without a word.
const crash lease.Outcome = -1

// plan is what one process does.
type plan struct {
	Arrives time.Duration
	Takes   time.Duration // its execution
	Outcome lease.Outcome
	Leaves  time.Duration // after its arrival, if it still waits; 0: never
}

// span is one execution.
type span struct {
	plan       plan
	alone      bool
	begin, end time.Duration
}

// history is what happened when some processes carried out their plans.
type history struct {
	mu     sync.Mutex
	spans  []span
	found  int
	left   int
	waits  map[int]time.Duration // of each process, until it executed, found or left
	stored time.Duration         // when the first result was; 0: never
}

// simulate has processes carry out plans, with calls to the store that take latency.
func simulate(t *testing.T, plans []plan, latency time.Duration) *history {
	h := &history{waits: map[int]time.Duration{}}
	synctest.Test(t, func(t *testing.T) {
		medium := fakestore.New()
		var wg sync.WaitGroup
		for i, p := range plans {
			wg.Go(func() {
				time.Sleep(p.Arrives)
				h.process(t.Context(), i, p, medium.Open(), latency)
			})
		}
		wg.Wait()
		time.Sleep(ttl) // for calls to the store that nobody waits for
	})
	return h
}

func (h *history) process(ctx context.Context, id int, p plan, s *fakestore.Store, latency time.Duration) {
	s.Before(func(context.Context, string, string) error { time.Sleep(latency); return nil })
	waiting := ctx
	if p.Leaves > 0 {
		var cancel context.CancelFunc
		waiting, cancel = context.WithTimeout(ctx, p.Leaves)
		defer cancel()
	}
	turn, err := lease.New(s, nil).Take(waiting, key, ttl, func(ctx context.Context) bool {
		_, err := s.Get(ctx, key)
		return err == nil
	})
	h.mu.Lock()
	h.waits[id] = time.Since(begin) - p.Arrives
	switch {
	case err != nil:
		h.left++
	case turn == nil:
		h.found++
	}
	h.mu.Unlock()
	if turn == nil {
		return
	}
	e := span{plan: p, alone: turn.Alone(), begin: time.Since(begin)}
	time.Sleep(p.Takes)
	e.end = time.Since(begin)
	h.end(ctx, e, s, turn)
}

func (h *history) end(ctx context.Context, e span, s *fakestore.Store, turn *lease.Turn) {
	switch e.plan.Outcome {
	case crash:
		s.Before(func(context.Context, string, string) error { return errors.New("crashed") })
	case lease.Stored:
		_, _ = s.Put(ctx, key, store.Item{Stamp: 1})
	}
	h.mu.Lock()
	h.spans = append(h.spans, e)
	if e.plan.Outcome == lease.Stored && h.stored == 0 {
		h.stored = time.Since(begin)
	}
	h.mu.Unlock()
	if e.plan.Outcome != crash {
		turn.End(e.plan.Outcome)
	}
}

// check returns what must not have happened.
func (h *history) check(plans []plan, latency time.Duration) error {
	if n := len(h.spans) + h.found + h.left; n != len(plans) {
		return fmt.Errorf("%d of %d processes came to an end", n, len(plans))
	}
	for id, wait := range h.waits {
		if limit := lease.Patience*ttl + 20*latency; wait > limit {
			return fmt.Errorf("process %d waited for %v", id, wait)
		}
	}
	for i, x := range h.spans {
		if h.stored > 0 && x.begin > h.stored+20*latency {
			return fmt.Errorf("%+v executes though there is a result since %v", x, h.stored)
		}
		for _, y := range h.spans[i+1:] {
			if x.alone && y.alone && x.begin < y.end && y.begin < x.end {
				return fmt.Errorf("two are alone: %+v, %+v", x, y)
			}
		}
	}
	return nil
}

// drawn draws a list of plans whose outcomes are among some.
func drawn(outcomes ...lease.Outcome) *rapid.Generator[[]plan] {
	seconds := func(limit int) *rapid.Generator[time.Duration] {
		return rapid.Map(rapid.IntRange(0, limit), func(n int) time.Duration { return time.Duration(n) * time.Second })
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) plan {
		return plan{
			Arrives: seconds(60).Draw(t, "arrives"), Takes: seconds(90).Draw(t, "takes"),
			Outcome: rapid.SampledFrom(outcomes).Draw(t, "outcome"), Leaves: seconds(200).Draw(t, "leaves"),
		}
	}), 1, 8)
}

var latencies = rapid.SampledFrom([]time.Duration{0, time.Millisecond, 200 * time.Millisecond})

func TestLeasesHoldWhateverProcessesDo(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		plans := drawn(lease.Stored, lease.Failed, lease.Unstored, lease.Abandoned, crash).Draw(r, "plans")
		latency := latencies.Draw(r, "latency")
		if err := simulate(t, plans, latency).check(plans, latency); err != nil {
			r.Fatal(err)
		}
	})
}

// A process that waits does so for two failures of others at most.
func TestFailuresDoNotQueue(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		plans := drawn(lease.Failed, lease.Unstored).Draw(r, "plans")
		latency := latencies.Draw(r, "latency")
		longest := slices.MaxFunc(plans, func(a, b plan) int { return int(a.Takes - b.Takes) }).Takes
		for id, wait := range simulate(t, plans, latency).waits {
			if wait > 2*longest+ttl/3+20*latency {
				r.Fatalf("process %d waited for %v while executions take up to %v", id, wait, longest)
			}
		}
	})
}

// Where all executions that come to an end are stored, one is enough, and one more for each that
// crashed.
func TestNoNeedlessExecution(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		plans := drawn(lease.Stored, crash).Draw(r, "plans")
		latency := latencies.Draw(r, "latency")
		h := simulate(t, plans, latency)
		stored := 0
		for _, s := range h.spans {
			if s.plan.Outcome == lease.Stored {
				stored++
			}
		}
		if stored > 1 {
			r.Fatalf("%d executions are stored: %+v", stored, h.spans)
		}
	})
}
