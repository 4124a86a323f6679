package cache_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// TestModes calls a function for a key that has an entry, and for one that has none, in each mode under each ceiling, and looks what is
// there afterwards. The entry is 1; executions return 2 and more.
func TestModes(t *testing.T) {
	const none = 0
	for _, test := range []struct {
		env          string
		mode         cache.Mode
		hit, miss    int // what calls return; none: ErrFrozen
		after, there int // what is under the two keys afterwards
		writes       bool
	}{
		{"", 0, 1, 2, 1, 2, true},
		{"", cache.Use, 1, 2, 1, 2, true},
		{"", cache.Refresh, 2, 3, 2, 3, true},
		{"", cache.Bypass, 2, 3, 1, none, false},
		{"", cache.ReadOnly, 1, 2, 1, none, false},
		{"", cache.Frozen, 1, none, 1, none, false},
		{"use", cache.Bypass, 2, 3, 1, none, false},
		{"refresh", 0, 2, 3, 2, 3, true},
		{"refresh", cache.Use, 1, 2, 1, 2, true},
		{"frozen", 0, 1, none, 1, none, false},
		{"frozen", cache.Use, 1, 2, 1, 2, true},
		{"bypass", 0, 2, 3, 1, none, false},
		{"bypass", cache.Use, 2, 3, 1, none, false},
		{"bypass", cache.Refresh, 2, 3, 1, none, false},
		{"bypass", cache.Frozen, 2, 3, 1, none, false},
		{"readonly", 0, 1, 2, 1, none, false},
		{"readonly", cache.Use, 1, 2, 1, none, false},
		{"readonly", cache.Refresh, 2, 3, 1, none, false},
		{"readonly", cache.Bypass, 2, 3, 1, none, false},
		{"readonly", cache.Frozen, 1, none, 1, none, false},
	} {
		t.Run(test.env+" "+test.mode.String(), func(t *testing.T) {
			t.Setenv("CACHEGEN_MODE", "")
			synctest.Test(t, func(t *testing.T) {
				m := fakestore.New()
				before, after := newProcess(t, m), newProcess(t, m)
				var c counter
				s := wrap(cacheimpl.Options{}, c.next)
				s.must(t, before.ctx, 1)
				flush(t, before.cache)
				time.Sleep(time.Second)

				t.Setenv("CACHEGEN_MODE", test.env)
				p := newProcess(t, m)
				ctx := p.ctx
				if test.mode != 0 {
					ctx = cache.WithMode(ctx, test.mode)
				}
				expectCall(t, s, ctx, 1, test.hit)
				expectCall(t, s, ctx, 2, test.miss)
				flush(t, p.cache)
				if v, _ := lookup(s, after.ctx, 1); v != test.after {
					t.Errorf("the entry is %d afterwards", v)
				}
				if v, _ := lookup(s, after.ctx, 2); v != test.there {
					t.Errorf("the other entry is %d afterwards", v)
				}
				if n := p.store.Calls("Put"); (n > 0) != test.writes {
					t.Errorf("%d writes", n)
				}
			})
		})
	}
}

func expectCall(t *testing.T, s *subject[int], ctx context.Context, n, want int) {
	t.Helper()
	v, err := s.call(ctx, n)
	if want == 0 {
		if !errors.Is(err, cache.ErrFrozen) {
			t.Errorf("%d: %d, %v", n, v, err)
		}
	} else if v != want || err != nil {
		t.Errorf("%d: %d, %v", n, v, err)
	}
}

func TestRefreshReadsWhatCameAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProcess(t, fakestore.New())
		var c counter
		s := wrap(cacheimpl.Options{}, c.next)
		s.must(t, p.ctx, 1)
		ctx := cache.WithMode(p.ctx, cache.Refresh)
		for range 3 {
			expectCall(t, s, ctx, 1, 2)
		}
		if e := p.events.last(); e.Outcome != cache.Hit {
			t.Errorf("%+v", e)
		}
		expectCall(t, s, p.ctx, 1, 2)
	})
}

func TestRefreshDoesNotJoinWhatBeganBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c counter
		s := wrap(cacheimpl.Options{}, func(ctx context.Context, n int) (int, error) {
			v, err := c.next(ctx, n)
			time.Sleep(time.Duration(3-v) * time.Minute)
			return v, err
		})
		first := start(t.Context(), s, 1)
		ctx := cache.WithMode(t.Context(), cache.Refresh)
		second, third := start(ctx, s, 1), start(ctx, s, 1)
		for _, o := range []outcome[int]{<-second, <-third} {
			if o.v != 2 {
				t.Errorf("%+v", o)
			}
		}
		if o := <-first; o.v != 1 {
			t.Errorf("%+v", o)
		}
		expectCall(t, s, t.Context(), 1, 2)
	})
}

func TestFrozenReadsAnyAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProcess(t, fakestore.New())
		var c counter
		s := wrap(cacheimpl.Options{MaxAge: time.Minute}, c.next)
		s.must(t, p.ctx, 1)
		time.Sleep(time.Hour)
		expectCall(t, s, cache.WithMode(p.ctx, cache.Frozen), 1, 1)
		expectCall(t, s, cache.WithMode(cache.WithMaxAge(p.ctx, 0), cache.Frozen), 1, 1)
		expectCall(t, s, p.ctx, 1, 2)
	})
}

func TestFrozenInfallibleMissPanicsInTests(t *testing.T) {
	var c counter
	s := wrap(cacheimpl.Options{Infallible: true}, c.next)
	defer func() {
		if p := recover(); p == nil || !errors.Is(p.(error), cache.ErrFrozen) {
			t.Errorf("panic %v", p)
		}
	}()
	v, err := s.call(cache.WithMode(t.Context(), cache.Frozen), 1)
	t.Errorf("%d, %v", v, err)
}

// TestReadOnlyLeaderKeepsForOthers has a call that writes join one that doesn't.
func TestReadOnlyLeaderKeepsForOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProcess(t, fakestore.New())
		var c counter
		s := wrap(cacheimpl.Options{}, func(ctx context.Context, n int) (int, error) {
			time.Sleep(time.Minute)
			return c.next(ctx, n)
		})
		a, b := start(cache.WithMode(p.ctx, cache.ReadOnly), s, 1), start(p.ctx, s, 1)
		<-a
		<-b
		if v, ok := lookup(s, p.ctx, 1); v != 1 || !ok {
			t.Errorf("%d, %t", v, ok)
		}
	})
}

func TestDisabledCallsTheFunction(t *testing.T) {
	var c counter
	s := wrap(cacheimpl.Options{Disabled: true}, c.next)
	var e events
	ctx := cache.Observe(t.Context(), e.add)
	expectCall(t, s, ctx, 1, 1)
	expectCall(t, s, t.Context(), 1, 2)
	if e.last().Outcome != cache.Bypassed || s.cache.Stats().Bypassed != 2 {
		t.Errorf("%+v", e.last())
	}
}

func TestUnknownModeOfTheEnvironment(t *testing.T) {
	t.Setenv("CACHEGEN_MODE", "bypas")
	if _, err := cache.New(cache.Config{}); err == nil {
		t.Error("no error")
	}
}

// TestHitsUnderSettingsAllocateNothing calls under each kind of settings that changes nothing about a hit, and in scopes whose results differ.
func TestHitsUnderSettingsAllocateNothing(t *testing.T) {
	s := wrap(cacheimpl.Options{}, new(counter).next)
	plain := t.Context()
	scoped := cache.WithScope(plain, cache.Scope{Project: "p", Domain: "d"})
	s.must(t, scoped, 1) // a call that may not write keeps nothing
	other := cache.WithCache(plain, openCache(t, cache.Config{URL: "none"}))
	for name, ctx := range map[string]context.Context{
		"plain": plain, "scope": scoped, "mode": cache.WithMode(scoped, cache.ReadOnly), "cache": other, "run": cache.WithRun(other, "r"),
	} {
		want := s.must(t, ctx, 1)
		var got int
		if n := testing.AllocsPerRun(100, func() { got, _ = s.call(ctx, 1) }); n > 0 || got != want {
			t.Errorf("%s: %v allocations; got %d, want %d", name, n, got, want)
		}
	}
	if a, b := s.must(t, plain, 1), s.must(t, scoped, 1); a == b {
		t.Errorf("both scopes have %d", a)
	}
	if a, b := s.must(t, plain, 1), s.must(t, cache.WithMode(plain, cache.Refresh), 1); a == b {
		t.Errorf("a refresh returned what was there, %d", a)
	}
	if a, b := s.must(t, scoped, 1), s.must(t, cache.WithMode(scoped, cache.Bypass), 1); a == b {
		t.Errorf("a bypass returned what was there, %d", a)
	}
}
