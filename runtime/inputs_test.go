package cache_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// generation returns a function as one version of the code has it. Odd numbers fail in those that are fragile.
func generation(t *testing.T, version string, fragile bool) *subject[int] {
	t.Helper()
	fn := func(_ context.Context, n int) (int, error) {
		if fragile && n%2 == 1 {
			return 0, errors.New("odd")
		}
		return n * len(version), nil
	}
	return wrapSpec(cacheimpl.Spec{
		Name: "example.com/test.Generation", Version: version, Options: cacheimpl.Options{KeepInputs: true, KeepFailed: true},
		Call: func(ctx context.Context, a number) (int, error) { return fn(ctx, a.N) },
	}, fn)
}

// collect returns the inputs in order.
func collect(t *testing.T, s *subject[int], ctx context.Context, f cache.Filter) []int {
	t.Helper()
	all := map[int]bool{}
	for a, err := range s.cache.Inputs(ctx, f) {
		if err != nil {
			t.Fatal(err)
		}
		if all[a.N] {
			t.Errorf("%d twice", a.N)
		}
		all[a.N] = true
	}
	return slices.Sorted(maps.Keys(all))
}

func TestInputsOfOlderVersionsWarmTheNewOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		before := newProcess(t, m)
		old := generation(t, "v1", false)
		for n := range 20 {
			old.must(t, before.ctx, n)
		}
		old.must(t, cache.WithScope(before.ctx, cache.Scope{Project: "other"}), 99)
		flush(t, before.cache)

		after := newProcess(t, m)
		s := generation(t, "version 2", false)
		s.must(t, after.ctx, 3)
		flush(t, after.cache)
		if got := collect(t, s, after.ctx, cache.Filter{}); len(got) != 20 || got[19] != 19 {
			t.Errorf("%v", got)
		}
		if got := collect(t, s, after.ctx, cache.Filter{Version: "version 2"}); !slices.Equal(got, []int{3}) {
			t.Errorf("%v", got)
		}
		if got := collect(t, s, after.ctx, cache.Filter{Since: time.Now().Add(time.Hour)}); len(got) != 0 {
			t.Errorf("%v", got)
		}
		var steps []int
		err := s.cache.Warm(after.ctx, s.cache.Inputs(after.ctx, cache.Filter{}), cache.Parallel(4), cache.Progress(func(ok, failed int) { steps = append(steps, ok+failed) }))
		if err != nil || len(steps) != 20 || steps[19] != 20 {
			t.Errorf("%v, %v", err, steps)
		}
		if n := s.cache.Stats().Misses; n != 20 {
			t.Errorf("%d executions", n)
		}
		for n := range 20 {
			if v, ok := lookup(s, after.ctx, n); !ok || v != 9*n {
				t.Errorf("%d: %d, %t", n, v, ok)
			}
		}
	})
}

func TestFailedCallsAreExecutedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		before, after := newProcess(t, m), newProcess(t, m)
		old := generation(t, "v1", true)
		for n := range 6 {
			_, _ = old.call(before.ctx, n)
		}
		flush(t, before.cache)
		s := generation(t, "v1", false)
		if got := collect(t, s, after.ctx, cache.Filter{Failed: true}); !slices.Equal(got, []int{1, 3, 5}) {
			t.Errorf("%v", got)
		}
		if err := s.cache.Warm(after.ctx, s.cache.Inputs(after.ctx, cache.Filter{Failed: true})); err != nil {
			t.Error(err)
		}
		flush(t, after.cache)
		if got := collect(t, s, after.ctx, cache.Filter{Failed: true}); len(got) != 0 {
			t.Errorf("%v", got)
		}
		if v, ok := lookup(s, after.ctx, 5); !ok || v != 10 {
			t.Errorf("%d, %t", v, ok)
		}
	})
}

func TestWarmGoesOnAfterFailures(t *testing.T) {
	s := generation(t, fmt.Sprint("v", names.Add(1)), true)
	seq := func(yield func(number, error) bool) {
		for n := range 100 {
			if !yield(number{n}, nil) {
				return
			}
		}
	}
	err := s.cache.Warm(t.Context(), seq)
	if joined, ok := err.(interface{ Unwrap() []error }); !ok || len(joined.Unwrap()) != 11 {
		t.Errorf("%v", err)
	}
	if n := s.cache.Stats(); n.Misses != 50 || n.Failed != 50 {
		t.Errorf("%+v", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.cache.Warm(ctx, seq); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestInputsThatCantBeHad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProcess(t, fakestore.New())
		bare := wrap(cacheimpl.Options{}, new(counter).next)
		secret := wrapSpec(cacheimpl.Spec{Secret: []string{"N"}, Options: cacheimpl.Options{KeepInputs: true}}, new(counter).next)
		bare.must(t, p.ctx, 1)
		secret.must(t, p.ctx, 1)
		flush(t, p.cache)
		for s, want := range map[*subject[int]]error{bare: cache.ErrInputsNotKept, secret: cache.ErrSecretInputs} {
			n := 0
			for _, err := range s.cache.Inputs(p.ctx, cache.Filter{}) {
				if n++; !errors.Is(err, want) {
					t.Errorf("%v, want %v", err, want)
				}
			}
			if n != 1 {
				t.Errorf("%d", n)
			}
			if err := s.cache.Warm(p.ctx, s.cache.Inputs(p.ctx, cache.Filter{})); !errors.Is(err, cache.ErrNotAllKeyed) {
				t.Error(err)
			}
		}
	})
}
