package cache_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// Reading is a result with parts.
type Reading struct {
	City  string
	Temps []float64
	Token string
}

func TestAudit(t *testing.T) {
	near := func(x, y float64) bool { return math.Abs(x-y) < 0.1 }
	for _, test := range []struct {
		name      string
		share     float64
		floats    func(x, y float64) bool
		change    func(*Reading) error // of what the function returns, the second time
		different int64
		want      string
	}{
		{"the same", 1, nil, func(*Reading) error { return nil }, 0, ""},
		{"another part", 1, nil, func(r *Reading) error { r.Temps[1] = 4; return nil }, 1, "Reading.Temps[1]: 3 ≠ 4"},
		{"within the tolerance", 1, near, func(r *Reading) error { r.Temps[1] += 0.01; return nil }, 0, ""},
		{"a secret", 1, nil, func(r *Reading) error { r.Token = "hunter2"; return nil }, 1, "Reading.Token: (secret) ≠ (secret)"},
		{"a failure", 1, nil, func(*Reading) error { return errors.New("away") }, 0, ""},
		{"not asked for", 0, nil, func(r *Reading) error { r.Temps[1] = 4; return nil }, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := openCache(t, cache.Config{Store: fakestore.New().Open(), Audit: test.share, AuditFloats: test.floats})
				var e events
				ctx := cache.Observe(cache.WithCache(t.Context(), c), e.add)
				runs := 0
				s := wrap(cacheimpl.Options{}, func(context.Context, int) (Reading, error) {
					time.Sleep(time.Second)
					r := Reading{City: "Oslo", Temps: []float64{2, 3}, Token: "hunter1"}
					if runs++; runs > 1 {
						err := test.change(&r)
						return r, err
					}
					return r, nil
				})
				s.must(t, ctx, 1)
				flush(t, c)
				began := time.Now()
				s.must(t, ctx, 1)
				if time.Since(began) > 0 {
					t.Error("the call waits for its audit")
				}
				flush(t, c)
				got := s.cache.Stats()
				audited := int64(0)
				if test.share > 0 {
					audited = 1
				}
				if got.Audited != audited || got.Different != test.different || got.Hits != 1 || got.Misses != 1 {
					t.Errorf("%+v", got)
				}
				if test.want == "" {
					return
				}
				last := e.last()
				different, ok := errors.AsType[*cache.AuditError](last.Err)
				if !ok || last.Outcome != cache.Fault || last.Reason != cache.Differs || !strings.Contains(last.Err.Error(), test.want) {
					t.Fatalf("%+v", last)
				}
				if different.WasDigest == different.IsDigest || len(different.WasDigest) != 64 {
					t.Errorf("%+v", different)
				}
				if strings.Contains(last.Err.Error(), "hunter") {
					t.Error("it tells a secret")
				}
				kept, _, _ := s.cache.Lookup(ctx, number{1})
				want := Reading{City: "Oslo", Temps: []float64{2, 3}, Token: "hunter1"}
				_ = test.change(&want)
				if kept.Temps[1] != want.Temps[1] || kept.Token != want.Token {
					t.Errorf("it was not replaced: %v", kept)
				}
			})
		})
	}
}

func TestAuditSamples(t *testing.T) {
	c := openCache(t, cache.Config{URL: "none", Audit: 0.5})
	ctx := cache.WithCache(t.Context(), c)
	s := wrap(cacheimpl.Options{}, func(context.Context, int) (int, error) { return 7, nil })
	for range 400 {
		s.must(t, ctx, 1)
		flush(t, c)
	}
	if n := s.cache.Stats().Audited; n < 100 || n > 300 {
		t.Errorf("%d of 400 were audited", n)
	}
}

// TestAuditSparesWhatWasForgotten forgets a result while it is audited: that it differs from the next one is no news.
func TestAuditSparesWhatWasForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := openCache(t, cache.Config{URL: "none", Audit: 1})
		ctx := cache.WithCache(t.Context(), c)
		var n counter
		s := wrap(cacheimpl.Options{}, slowly(n.next))
		s.must(t, ctx, 1)
		s.must(t, ctx, 1)
		time.Sleep(time.Second) // the audit is under way
		if err := s.cache.Forget(ctx, number{1}); err != nil {
			t.Error(err)
		}
		flush(t, c)
		if _, _, ok := s.cache.Lookup(ctx, number{1}); ok {
			t.Error("the audit brought back what was forgotten")
		}
	})
}

func TestAuditByFilter(t *testing.T) {
	p := newProcess(t, fakestore.New())
	shift := 0
	call := func(_ context.Context, a number) (int, error) {
		if a.N == 9 {
			return a.N, nil
		}
		return a.N + shift, nil
	}
	s := wrapSpec(cacheimpl.Spec{Options: cacheimpl.Options{KeepInputs: true}, Call: call},
		func(ctx context.Context, n int) (int, error) { return call(ctx, number{n}) })
	for n := range 10 {
		s.must(t, p.ctx, n)
	}
	flush(t, p.cache)
	if got, err := s.cache.Audit(p.ctx, cache.Filter{}); err != nil || got.Audited != 10 || len(got.Different) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	shift = 1
	got, err := s.cache.Audit(p.ctx, cache.Filter{})
	if err != nil || got.Audited != 10 || len(got.Different) != 9 || got.Different[0].Path != "int" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := s.cache.Audit(p.ctx, cache.Filter{}); err != nil || len(got.Different) != 0 {
		t.Errorf("what differed was not replaced: %+v, %v", got, err)
	}
	other := wrap(cacheimpl.Options{}, new(counter).next)
	if _, err := other.cache.Audit(p.ctx, cache.Filter{}); !errors.Is(err, cache.ErrNotAllKeyed) {
		t.Error(err)
	}
}

// TestAuditAll audits functions by the ends of their names.
func TestAuditAll(t *testing.T) {
	p := newProcess(t, fakestore.New())
	id := fmt.Sprint(names.Add(1)) // no other function's name ends so
	call := func(_ context.Context, a number) (int, error) { return a.N, nil }
	for _, spec := range []cacheimpl.Spec{
		{Name: "example.com/audited.All" + id, Options: cacheimpl.Options{KeepInputs: true}, Call: call},
		{Name: "example.com/audited.NotKept" + id, Call: call},
		{Name: "example.com/audited.NotKeyed" + id, Options: cacheimpl.Options{KeepInputs: true}},
		{Name: "example.com/audited.Off" + id, Options: cacheimpl.Options{KeepInputs: true, Disabled: true}, Call: call},
	} {
		wrapSpec(spec, func(_ context.Context, n int) (int, error) { return n, nil }).must(t, p.ctx, 1)
	}
	flush(t, p.cache)
	for _, test := range []struct {
		names []string
		want  []string
	}{
		{[]string{"audited.All" + id}, []string{"example.com/audited.All" + id + " 1 <nil>"}},
		{[]string{"All" + id, "NotKept" + id}, []string{"example.com/audited.All" + id + " 1 <nil>", "example.com/audited.NotKept" + id + " 0 cache: the inputs were not kept"}},
		{[]string{"audited.NotKeyed" + id, "audited.Off" + id}, []string{"example.com/audited.NotKeyed" + id + " 0 cache: not every parameter is keyed"}},
		{[]string{"ll" + id}, nil},
	} {
		var got []string
		for a := range cache.AuditAll(p.ctx, cache.Filter{}, test.names...) {
			got = append(got, fmt.Sprint(a.Func, " ", a.Audited, " ", a.Err))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, want %q", test.names, got, test.want)
		}
	}
}

// TestAuditWritesNothing audits in a mode that lets nothing be written: what differs is told, and stays.
func TestAuditWritesNothing(t *testing.T) {
	p := newProcess(t, fakestore.New())
	var n counter
	s := wrapSpec(cacheimpl.Spec{
		Options: cacheimpl.Options{KeepInputs: true}, Call: func(ctx context.Context, a number) (int, error) { return n.next(ctx, a.N) },
	}, n.next)
	s.must(t, p.ctx, 1)
	flush(t, p.cache)
	for range 2 {
		got, err := s.cache.Audit(cache.WithMode(p.ctx, cache.ReadOnly), cache.Filter{})
		if kept, _, _ := s.cache.Lookup(p.ctx, number{1}); err != nil || len(got.Different) != 1 || kept != 1 {
			t.Errorf("%+v, %v, and %d is kept", got, err, kept)
		}
	}
}
