package cache_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// step is something that happens to one of two processes which share a store.
type step struct {
	What    string
	Process int
	Key     int
	Mode    cache.Mode
	Age     time.Duration // for WithMaxAge; negative: none
	Wait    time.Duration
}

var steps = rapid.Custom(func(t *rapid.T) step {
	return step{
		What: rapid.SampledFrom([]string{
			"call", "call", "call", "call", "wait", "forget", "put", "clear", "tag", "restart", "break", "repair",
		}).Draw(t, "what"),
		Process: rapid.IntRange(0, 1).Draw(t, "process"),
		Key:     rapid.IntRange(0, 2).Draw(t, "key"),
		Mode:    rapid.SampledFrom([]cache.Mode{0, 0, 0, cache.Use, cache.Refresh, cache.Bypass, cache.ReadOnly, cache.Frozen}).Draw(t, "mode"),
		Age:     rapid.SampledFrom([]time.Duration{-1, -1, -1, 0, 10 * time.Second, time.Hour}).Draw(t, "age"),
		Wait:    rapid.SampledFrom([]time.Duration{time.Second, 10 * time.Second, time.Minute}).Draw(t, "wait"),
	}
})

var optionSets = rapid.Custom(func(t *rapid.T) cacheimpl.Options {
	o := cacheimpl.Options{
		MaxAge:      rapid.SampledFrom([]time.Duration{0, cacheimpl.NoReuse, 30 * time.Second}).Draw(t, "max-age"),
		ErrorMaxAge: rapid.SampledFrom([]time.Duration{0, 20 * time.Second}).Draw(t, "error-max-age"),
		NoJoin:      rapid.Bool().Draw(t, "coalesce=off"),
		Serialize:   rapid.Bool().Draw(t, "serialize"),
	}
	if o.ErrorMaxAge == 0 { // else errors would be forgotten too
		o.MemoryEntries = rapid.IntRange(0, 2).Draw(t, "memory-entries")
	}
	if o.MaxAge > 0 {
		o.StaleWhileRevalidate = rapid.SampledFrom([]time.Duration{0, 20 * time.Second}).Draw(t, "stale-while-revalidate")
		o.StaleIfError = rapid.SampledFrom([]time.Duration{0, 40 * time.Second}).Draw(t, "stale-if-error")
	}
	return o
})

// model is what the cache is said to do, said simply: one entry a key for all processes.
type model struct {
	o        cacheimpl.Options
	now      time.Duration
	order    int // of what happened
	next     int // what the next execution returns
	broken   bool
	entries  map[int]fact
	failures map[[2]int]fact // by process and key
	latest   map[int]int     // when a result was made or removed last, by key
}

// fact is a result, or a failure, and when it came.
type fact struct {
	v     int
	at    time.Duration
	order int
}

func (m *model) fact(v int) fact {
	m.order++
	return fact{v, m.now, m.order}
}

// failure returns what is remembered of a failure that no result came after.
func (m *model) failure(s step) (fact, bool) {
	f, ok := m.failures[[2]int{s.Process, s.Key}]
	return f, ok && m.now-f.at <= m.o.ErrorMaxAge && f.order > m.latest[s.Key]
}

var errBroken = errors.New("broken")

// call returns what a call comes to.
func (m *model) call(s step) (v int, err error) {
	e, there := m.entries[s.Key]
	age, limit := m.now-e.at, m.o.MaxAge
	switch {
	case s.Age == 0:
		limit = cacheimpl.NoReuse
	case s.Age > 0:
		limit = s.Age
	}
	fresh := there && limit != cacheimpl.NoReuse && (limit == 0 || age <= limit)
	late := func(grace time.Duration) bool { return there && limit > 0 && grace > 0 && age <= limit+grace }
	switch mode := max(s.Mode, cache.Use); {
	case mode == cache.Bypass:
		return m.execute(s, false)
	case mode == cache.Frozen && there:
		return e.v, nil
	case mode == cache.Frozen:
		return 0, cache.ErrFrozen
	case mode == cache.Refresh:
		return m.execute(s, true)
	case fresh:
		return e.v, nil
	case late(m.o.StaleWhileRevalidate):
		if _, ok := m.failure(s); !ok && mode == cache.Use {
			_, _ = m.execute(s, true)
		}
		return e.v, nil
	}
	if f, ok := m.failure(s); ok {
		return f.v, errBroken
	}
	v, err = m.execute(s, max(s.Mode, cache.Use) == cache.Use)
	if err != nil && late(m.o.StaleIfError) {
		delete(m.failures, [2]int{s.Process, s.Key})
		return e.v, nil
	}
	return v, err
}

func (m *model) execute(s step, write bool) (int, error) {
	m.next++
	if m.broken {
		if write && m.o.ErrorMaxAge > 0 {
			m.failures[[2]int{s.Process, s.Key}] = m.fact(m.next)
		}
		return m.next, errBroken
	}
	if write {
		m.entries[s.Key] = m.fact(m.next)
		m.latest[s.Key] = m.order
	}
	return m.next, nil
}

// system is the real thing.
type system struct {
	t         *testing.T
	medium    *fakestore.Medium
	processes [2]*process
	s         *subject[int]
	setting
	next   int
	broken bool
}

// setting is how a system is set up.
type setting struct {
	Polled bool // the store can't be watched
	Alone  bool // one process does everything, and waits for nothing
}

func (y *system) start(i int) {
	if y.Polled {
		y.processes[i] = newPolling(y.t, y.medium)
	} else {
		y.processes[i] = newProcess(y.t, y.medium)
	}
}

// settle lets processes see what others did.
func (y *system) settle(m *model) {
	if y.Alone {
		return
	}
	m.now += 2 * time.Second
	for range 2 {
		for _, p := range y.processes {
			flush(y.t, p.cache)
		}
		time.Sleep(time.Second)
	}
}

func (y *system) call(s step) (int, error) {
	ctx := y.processes[s.Process].ctx
	if s.Mode != 0 {
		ctx = cache.WithMode(ctx, s.Mode)
	}
	if s.Age >= 0 {
		ctx = cache.WithMaxAge(ctx, s.Age)
	}
	return y.s.call(ctx, s.Key)
}

// do makes a step happen in both, and returns how they differ.
func (y *system) do(m *model, s step) error {
	ctx := y.processes[s.Process].ctx
	var err error
	switch s.What {
	case "call":
		want, wantErr := m.call(s)
		got, gotErr := y.call(s)
		if got != want || !errors.Is(gotErr, wantErr) {
			err = fmt.Errorf("got %d, %v, want %d, %v", got, gotErr, want, wantErr)
		}
	case "wait":
		m.now += s.Wait
		time.Sleep(s.Wait)
	case "forget":
		err = y.s.cache.Forget(ctx, number{s.Key})
		delete(m.entries, s.Key)
		m.latest[s.Key] = m.order
	case "put":
		m.entries[s.Key] = m.fact(1000 + s.Key)
		m.latest[s.Key] = m.order
		err = y.s.cache.Put(ctx, number{s.Key}, 1000+s.Key)
	case "clear":
		err = y.s.cache.Clear(ctx)
		clear(m.entries)
		clear(m.failures)
	case "tag":
		err = cache.ForgetTags(ctx, fmt.Sprint(s.Key))
		delete(m.entries, s.Key)
		for i := range y.processes {
			delete(m.failures, [2]int{i, s.Key})
		}
	case "restart":
		err = y.processes[s.Process].cache.Close(ctx)
		y.start(s.Process)
		for k := range m.failures {
			if k[0] == s.Process {
				delete(m.failures, k)
			}
		}
	case "break", "repair":
		m.broken = s.What == "break"
		y.broken = m.broken
	}
	y.settle(m)
	if err == nil && y.next != m.next {
		err = fmt.Errorf("%d executions, want %d", y.next, m.next)
	}
	return err
}

// TestModel drives two processes over one store through random steps, with random options, and compares with the model.
func TestModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		options, sequence := optionSets.Draw(rt, "options"), rapid.SliceOfN(steps, 1, 30).Draw(rt, "steps")
		in := setting{rapid.Bool().Draw(rt, "polled"), rapid.Bool().Draw(rt, "alone")}
		if in.Alone {
			// Refreshes end, and what memory drops is in the store, at no certain time.
			options.StaleWhileRevalidate, options.MemoryEntries = 0, 0
		}
		if in.Polled {
			options.StaleWhileRevalidate = 0
		}
		var failure error
		synctest.Test(t, func(t *testing.T) {
			y := &system{t: t, medium: fakestore.New(), setting: in}
			y.s = wrapSpec(cacheimpl.Spec{Options: options, Tags: cacheimpl.Of(func(a number) []string { return []string{fmt.Sprint(a.N)} })},
				func(context.Context, int) (int, error) {
					y.next++
					if y.broken {
						return y.next, errBroken
					}
					return y.next, nil
				})
			y.start(0)
			y.start(1)
			m := &model{o: options, entries: map[int]fact{}, failures: map[[2]int]fact{}, latest: map[int]int{}}
			for i, s := range sequence {
				if in.Alone {
					s.Process = 0
				}
				if in.Polled { // calls that replace what is too old are not announced
					s.Age, s.Mode = -1, min(s.Mode, cache.ReadOnly)
				}
				if err := y.do(m, s); err != nil {
					failure = fmt.Errorf("step %d, %+v: %w", i, s, err)
					return
				}
			}
		})
		if failure != nil {
			rt.Fatal(failure)
		}
	})
}
