package conformance

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

// An age is a duration, or a number of seconds; it runs from when the execution completed, inclusive, and no hit renews it.
func TestCofluxMaxAge(t *testing.T) {
	for name, test := range map[string]struct {
		call func(context.Context, string) (int, error)
		age  time.Duration
	}{
		"minutes": {cachedMinutes, 10 * time.Minute},
		"seconds": {cachedSeconds, 600 * time.Second},
		"days":    {cachedDays, 48 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := memory(t)
				p.set(func(context.Context, string) error { time.Sleep(time.Minute); return nil })
				want(t, 1)(test.call(p.ctx, "ada"))
				for range 2 {
					time.Sleep(test.age / 2)
					want(t, 1)(test.call(p.ctx, "ada"))
				}
				time.Sleep(time.Nanosecond)
				want(t, 2)(test.call(p.ctx, "ada"))
				if e := p.events.last(); e.Reason != cache.TooOld {
					t.Errorf("%+v", e)
				}
			})
		})
	}
}

// The age can be told by the result.
func TestCofluxMaxAgeByTheValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := memory(t)
		want(t, token{1, 5 * time.Minute})(cachedByValue(p.ctx, 5))
		want(t, token{2, 0})(cachedByValue(p.ctx, 0))
		want(t, token{3, 0})(cachedByValue(p.ctx, 0))
		time.Sleep(5 * time.Minute)
		want(t, token{1, 5 * time.Minute})(cachedByValue(p.ctx, 5))
		time.Sleep(time.Nanosecond)
		want(t, token{4, 5 * time.Minute})(cachedByValue(p.ctx, 5))
	})
}

// Results don't expire: the age is judged when one is looked for, and can be changed afterwards, for longer and for shorter.
func TestCofluxAgeChangedAfterwards(t *testing.T) {
	url := folder(t)
	synctest.Test(t, func(t *testing.T) {
		p := open(t, cache.Config{URL: url})
		want(t, 1)(cachedNowShort(p.ctx, "ada"))
		p.close()
		time.Sleep(30 * time.Minute)
		q := p.beside(t, cache.Config{URL: url})
		if _, _, ok := nowShortCache.Lookup(q.ctx, nowShortArgs{"ada"}); ok {
			t.Error("found by the short age")
		}
		want(t, 1)(cachedNowLong(q.ctx, "ada"))
		want(t, 2)(cachedNowNone(q.ctx, "ada"))
		want(t, 2)(cachedNowShort(q.ctx, "ada"))
		want(t, 2)(cachedNowLong(cache.WithMaxAge(q.ctx, time.Minute), "ada"))
		time.Sleep(2 * time.Minute)
		want(t, 3)(cachedNowLong(cache.WithMaxAge(q.ctx, time.Minute), "ada"))
		time.Sleep(2 * time.Hour)
		want(t, 3)(cachedNowShort(cache.WithMaxAge(q.ctx, 3*time.Hour), "ada"))
		q.close()
	})
}

// Pending executions are linked, whatever the age: one that is in flight is young enough even for 0.
func TestCofluxPendingLinked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := memory(t)
		p.set(func(context.Context, string) error { time.Sleep(time.Hour); return nil })
		call := func() (int, error) { return cachedNowNone(p.ctx, "ada") }
		first := start(call)
		time.Sleep(30 * time.Minute)
		second := start(call)
		third := start(func() (int, error) { return cachedNowNone(cache.WithMaxAge(p.ctx, time.Second), "ada") })
		for _, c := range []<-chan result{first, second, third} {
			if r := <-c; r.n != 1 || r.err != nil {
				t.Errorf("%+v", r)
			}
		}
		want(t, 2)(call()) // what has completed is never reused
	})
}

// Linked executions fail together, with the failure of the one that they are linked to.
func TestCofluxPendingFailTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := memory(t)
		broken := errors.New("broken")
		p.set(func(context.Context, string) error { time.Sleep(time.Hour); return broken })
		var calls []<-chan result
		for range 3 {
			calls = append(calls, start(func() (int, error) { return cachedPlain(p.ctx, "ada") }))
		}
		for _, c := range calls {
			if r := <-c; r.err != broken {
				t.Errorf("%+v", r)
			}
		}
		p.fail(nil)
		want(t, 2)(cachedPlain(p.ctx, "ada")) // a failure is not cached
	})
}

// cache_params, or a function that makes the key.
func TestCofluxKey(t *testing.T) {
	p := memory(t)
	want(t, 1)(cachedByKey(p.ctx, "Ada", false))
	want(t, 1)(cachedByKey(p.ctx, "ada", true))
	want(t, 2)(cachedByKey(p.ctx, "bob", true))
}

// The default namespace is the function's own: functions with the same code don't share.
func TestCofluxNamespaceDefault(t *testing.T) {
	p := memory(t)
	want(t, 1)(cachedPlain(p.ctx, "ada"))
	want(t, 2)(cachedOther(p.ctx, "ada"))
	want(t, 1)(cachedPlain(p.ctx, "ada"))
}

// A namespace can be shared between functions, in memory and in a store.
func TestCofluxNamespaceShared(t *testing.T) {
	url := folder(t)
	p := open(t, cache.Config{URL: url})
	want(t, 1)(cachedNowShort(p.ctx, "ada"))
	want(t, 1)(cachedNowLong(p.ctx, "ada"))
	p.close()
	want(t, 1)(cachedNowLong(p.beside(t, cache.Config{URL: url}).ctx, "ada"))
}

// A function that is renamed keeps its results if it keeps its namespace; names of parameters don't matter.
func TestCofluxNamespaceKeptAcrossRename(t *testing.T) {
	url := folder(t)
	p := open(t, cache.Config{URL: url})
	want(t, 1)(cachedBefore(p.ctx, "ada"))
	p.close()
	want(t, 1)(cachedAfter(p.beside(t, cache.Config{URL: url}).ctx, "ada"))
}

// An argument that is a time makes results end with the day, or with the hour.
func TestCofluxTimeBasedArguments(t *testing.T) {
	p := memory(t)
	day := time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC)
	want(t, 1)(cachedHeadlines(p.ctx, day))
	want(t, 1)(cachedHeadlines(p.ctx, day))
	want(t, 2)(cachedHeadlines(p.ctx, day.AddDate(0, 0, 1)))
	want(t, 3)(cachedHourly(p.ctx, day.Add(10*time.Minute)))
	want(t, 3)(cachedHourly(p.ctx, day.Add(50*time.Minute)))
	want(t, 4)(cachedHourly(p.ctx, day.Add(60*time.Minute)))
	want(t, 3)(cachedHourly(p.ctx, day.Add(10*time.Minute).In(time.FixedZone("CET", 3600))))
}

// A step that is run again by hand is executed though there is a result, and what it comes to is what later calls see, also in other
// processes.
func TestCofluxForcedReexecution(t *testing.T) {
	url := folder(t)
	p := open(t, cache.Config{URL: url})
	q := p.beside(t, cache.Config{URL: url})
	want(t, 1)(cachedPlain(p.ctx, "ada"))
	want(t, 2)(cachedPlain(cache.WithMode(p.ctx, cache.Refresh), "ada"))
	if e := p.events.last(); e.Outcome != cache.Refreshed {
		t.Errorf("%+v", e)
	}
	want(t, 2)(cachedPlain(p.ctx, "ada"))
	p.close()
	want(t, 2)(cachedPlain(q.ctx, "ada"))

	p.fail(errors.New("broken"))
	if _, err := cachedPlain(cache.WithMode(q.ctx, cache.Refresh), "ada"); err == nil {
		t.Error("the failure was hidden")
	}
	want(t, 2)(cachedPlain(q.ctx, "ada")) // it didn't take the good result away
}

// The requirements for a hit: caching is enabled for the step; and there is an execution in the same project and workspace, with the
// same namespace, version and key, that is pending or succeeded, and is young enough. Each is broken in turn.
func TestCofluxHitRequirements(t *testing.T) {
	hit := func(ctx context.Context) (int, error) { return cachedMinutes(ctx, "ada") }
	for name, test := range map[string]struct {
		before func(*place)
		call   func(*place) (int, error)
		want   int
	}{
		"all": {
			call: func(p *place) (int, error) { return hit(p.ctx) }, want: 1,
		},
		"enabled": {
			call: func(p *place) (int, error) { return hit(cache.WithMode(p.ctx, cache.Bypass)) }, want: 2,
		},
		"workspace": {
			call: func(p *place) (int, error) { return hit(cache.WithScope(p.ctx, cache.Scope{Domain: "staging"})) }, want: 2,
		},
		"project": {
			call: func(p *place) (int, error) { return hit(cache.WithScope(p.ctx, cache.Scope{Project: "other"})) }, want: 2,
		},
		"version": {
			before: func(p *place) { _, _ = cachedOverridden(p.ctx, 1) },
			call:   func(p *place) (int, error) { return cachedOverriddenNext(p.ctx, 1) }, want: 3,
		},
		"namespace": {
			call: func(p *place) (int, error) { return cachedSeconds(p.ctx, "ada") }, want: 2,
		},
		"key": {
			call: func(p *place) (int, error) { return cachedMinutes(p.ctx, "bob") }, want: 2,
		},
		"age": {
			before: func(*place) { time.Sleep(10*time.Minute + 1) },
			call:   func(p *place) (int, error) { return hit(p.ctx) }, want: 2,
		},
		"pending": {
			before: func(p *place) {
				if err := minutesCache.Clear(p.ctx); err != nil {
					panic(err)
				}
				p.set(func(context.Context, string) error { time.Sleep(time.Hour); return nil })
				start(func() (int, error) { return hit(p.ctx) })
				synctest.Wait()
			},
			call: func(p *place) (int, error) { return hit(p.ctx) }, want: 2,
		},
		"succeeded": {
			before: func(p *place) {
				if err := minutesCache.Clear(p.ctx); err != nil {
					panic(err)
				}
				p.fail(errors.New("broken"))
				_, _ = hit(p.ctx)
				p.fail(nil)
			},
			call: func(p *place) (int, error) { return hit(p.ctx) }, want: 3,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := memory(t)
				want(t, 1)(hit(p.ctx))
				if test.before != nil {
					test.before(p)
				}
				want(t, test.want)(test.call(p))
			})
		})
	}
}
