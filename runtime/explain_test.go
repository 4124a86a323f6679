package cache_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// TestExplain makes results, changes one thing, and asks why a call finds none.
func TestExplain(t *testing.T) {
	type fixture struct {
		*subject[int]
		p   *process
		ctx context.Context
	}
	for _, test := range []struct {
		name   string
		change func(t *testing.T, f *fixture) // of what there is for 3
		ask    int
		reason cache.Reason
		want   []string // lines, or parts of lines
		not    []string
	}{
		{
			name: "nothing changed", ask: 3,
			want: []string{"found in memory: completed 1m0s ago"}, not: []string{"near"},
		},
		{
			name: "another input", ask: 4, reason: cache.NeverSeen,
			want: []string{"not found: never seen", "(N:3), completed 1m0s ago", "input N: 4 here, 3 there", "took 1s", "version    v1:0"},
		},
		{
			name: "other code", ask: 3, reason: cache.OtherVersion,
			change: func(t *testing.T, f *fixture) {
				spec := f.spec
				spec.Version = "v1:1"
				f.subject = wrapSpec(spec, f.fn)
			},
			want: []string{"version: v1:1 here, v1:0 there"}, not: []string{"input"},
		},
		{
			name: "another salt", ask: 3, reason: cache.OtherVersion,
			change: func(t *testing.T, f *fixture) {
				spec := f.spec
				spec.Options.Salt = "2"
				f.subject = wrapSpec(spec, f.fn)
			},
			want: []string{"salt: 2 here, nothing there"}, not: []string{"input"},
		},
		{
			name: "another scope", ask: 3, reason: cache.NeverSeen,
			change: func(t *testing.T, f *fixture) { f.ctx = cache.WithScope(f.ctx, cache.Scope{Domain: "staging"}) },
			want:   []string{"domain: staging here, nothing there", "domain     staging"}, not: []string{"input"},
		},
		{
			name: "too old", ask: 3, reason: cache.TooOld,
			change: func(t *testing.T, f *fixture) { time.Sleep(time.Hour) },
			want:   []string{"too old: it completed 1h1m0s ago", "max-age is 30m0s"},
		},
		{
			name: "too old for the context", ask: 3, reason: cache.TooOld,
			change: func(t *testing.T, f *fixture) { f.ctx = cache.WithMaxAge(f.ctx, time.Second) },
			want:   []string{"max-age is 1s"},
		},
		{
			name: "made anew", ask: 3, reason: cache.TooOld,
			change: func(t *testing.T, f *fixture) { f.ctx = cache.WithMode(f.ctx, cache.Refresh) },
			want:   []string{"the mode asks for a newer one", "mode       refresh"},
		},
		{
			name: "forgotten", ask: 3, reason: cache.Forgotten,
			change: func(t *testing.T, f *fixture) {
				if err := f.cache.Forget(f.ctx, number{3}); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Minute)
			},
			want: []string{"forgotten: it was forgotten 1m0s ago"},
		},
		{
			name: "forgotten by a tag", ask: 3, reason: cache.Forgotten,
			change: func(t *testing.T, f *fixture) {
				if err := cache.ForgetTags(f.ctx, "n3"); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Minute)
			},
			want: []string{"forgotten: it was forgotten by the tag n3 1m0s ago"},
		},
		{
			name: "cleared", ask: 3, reason: cache.Forgotten,
			change: func(t *testing.T, f *fixture) {
				if err := f.cache.Clear(f.ctx); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Minute)
			},
			want: []string{"forgotten: it was cleared 1m0s ago"},
		},
		{
			name: "bypass", ask: 3,
			change: func(t *testing.T, f *fixture) { f.ctx = cache.WithMode(f.ctx, cache.Bypass) },
			want:   []string{"not found: the mode is bypass"},
		},
		{
			name: "another run", ask: 3, reason: cache.NeverSeen,
			change: func(t *testing.T, f *fixture) {
				spec := f.spec
				spec.Options.PerRun, spec.Name = true, spec.Name+"PerRun"
				f.subject = wrapSpec(spec, f.fn)
			},
			want: []string{"the cache has nothing else of this function either"},
		},
		{
			name: "a store that is away", ask: 4, reason: cache.StoreFailed,
			change: func(t *testing.T, f *fixture) {
				f.p.store.Before(func(context.Context, string, string) error { return errors.New("away") })
				t.Cleanup(func() { f.p.store.Before(nil) })
			},
			want: []string{"not all could be looked at: away"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newProcess(t, fakestore.New())
				f := &fixture{wrapSpec(cacheimpl.Spec{
					Options: cacheimpl.Options{MaxAge: 30 * time.Minute},
					Tags:    cacheimpl.Of(func(a number) []string { return []string{fmt.Sprint("n", a.N)} }),
				}, func(context.Context, int) (int, error) { time.Sleep(time.Second); return 1, nil }), p, p.ctx}
				f.must(t, f.ctx, 3)
				flush(t, p.cache)
				time.Sleep(time.Minute)
				if test.change != nil {
					test.change(t, f)
				}
				before := f.cache.Stats()
				x := f.cache.Explain(f.ctx, number{test.ask})
				if before.Misses != f.cache.Stats().Misses {
					t.Error("it executes the function")
				}
				if x.Reason != test.reason || x.Found != (test.name == "nothing changed") {
					t.Errorf("%v, %t", x.Reason, x.Found)
				}
				for _, want := range test.want {
					if !strings.Contains(x.String(), want) {
						t.Errorf("no %q in\n%s", want, x)
					}
				}
				for _, not := range test.not {
					if strings.Contains(x.String(), not) {
						t.Errorf("%q in\n%s", not, x)
					}
				}
			})
		})
	}
}

// TestExplainInMemory explains where there is no store.
func TestExplainInMemory(t *testing.T) {
	s := wrap(cacheimpl.Options{}, new(counter).next)
	s.must(t, t.Context(), 3)
	x := s.cache.Explain(t.Context(), number{4})
	if len(x.Near) != 1 || !slices.Equal(x.Near[0].Differences, []cache.Difference{{What: "input N", Here: "4", There: "3"}}) {
		t.Errorf("%+v", x.Near)
	}
}

// login has an input that nobody may see.
type login struct{ User, Password string }

func (a login) AppendCacheKey(b []byte) []byte {
	return cacheimpl.AppendString(cacheimpl.AppendString(b, a.User), a.Password)
}

func TestExplanationsHideSecrets(t *testing.T) {
	p := newProcess(t, fakestore.New())
	f := cacheimpl.NewFunction[login, int](cacheimpl.Spec{Name: fmt.Sprintf("example.com/test.F%d", names.Add(1))})
	_, _ = cacheimpl.Do(p.ctx, f.Core, login{"ada", "hunter1"}, func(context.Context) (int, error) { return 1, nil })
	flush(t, p.cache)
	text := f.Explain(p.ctx, login{"ada", "hunter2"}).String()
	if strings.Contains(text, "hunter") || !strings.Contains(text, "inputs, where the preview does not show it") {
		t.Error(text)
	}
}

// TestFrozenExplains looks at what a call says that executes nothing, and at what one panics with that has no error to return.
func TestFrozenExplains(t *testing.T) {
	p := newProcess(t, fakestore.New())
	for name, infallible := range map[string]bool{"error": false, "panic": true} {
		s := wrap(cacheimpl.Options{Infallible: infallible}, new(counter).next)
		s.must(t, p.ctx, 3)
		flush(t, p.cache)
		err := func() (err error) {
			defer func() {
				if p := recover(); p != nil {
					err = p.(error)
				}
			}()
			_, err = s.call(cache.WithMode(p.ctx, cache.Frozen), 4)
			return err
		}()
		if !errors.Is(err, cache.ErrFrozen) || !strings.Contains(err.Error(), "input N: 4 here, 3 there") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestExplainUnobserved asks for what other code made where nobody listens, so that no call itself asks the store about that.
func TestExplainUnobserved(t *testing.T) {
	ctx, c := over(t, fakestore.New().Open())
	s := wrap(cacheimpl.Options{}, new(counter).next)
	s.must(t, ctx, 3)
	flush(t, c)
	spec := s.spec
	spec.Version = "v1:other"
	x := wrapSpec(spec, s.fn).cache.Explain(ctx, number{3})
	if x.Reason != cache.OtherVersion || !strings.Contains(x.String(), "what changed: cachegen cache why "+x.Near[0].Key[:12]) {
		t.Error(x)
	}
}
