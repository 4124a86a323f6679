package cache_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
)

// process is what shares a medium with others: a cache, and its store.
type process struct {
	ctx    context.Context
	cache  *cache.Cache
	store  *fakestore.Store
	events *events
}

func newProcess(t *testing.T, m *fakestore.Medium) *process {
	t.Helper()
	s := m.Open()
	ctx, c := over(t, s)
	e := new(events)
	return &process{cache.Observe(ctx, e.add), c, s, e}
}

func TestStoredResultIsFoundByOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		a, b := newProcess(t, m), newProcess(t, m)
		var c counter
		s := wrap(cacheimpl.Options{}, c.next)
		s.must(t, a.ctx, 1)
		if e := a.events.last(); e.Outcome != cache.Miss || e.Reason != cache.NeverSeen || e.Func != s.spec.Name || len(e.Key.String()) != 64 {
			t.Errorf("%+v", e)
		}
		flush(t, a.cache)
		time.Sleep(time.Minute)
		if v := s.must(t, b.ctx, 1); v != 1 {
			t.Errorf("executed again: %d", v)
		}
		if e := b.events.last(); e.Outcome != cache.Hit || e.Tier != cache.Store || e.Age != time.Minute || e.Reason != 0 {
			t.Errorf("%+v", e)
		}
		time.Sleep(time.Second)
		s.must(t, b.ctx, 1) // the first read may have met the beginning of the watch
		s.must(t, b.ctx, 1)
		if e := b.events.last(); e.Outcome != cache.Hit || e.Tier != cache.Memory {
			t.Errorf("%+v", e)
		}
	})
}

// TestBrokenEntryIsAMiss damages what the store has in every way.
func TestBrokenEntryIsAMiss(t *testing.T) {
	for name, test := range map[string]struct {
		edit   func(store.Item) store.Item
		reason cache.Reason
	}{
		"empty":     {func(i store.Item) store.Item { i.Value = nil; return i }, cache.Corrupt},
		"flipped":   {func(i store.Item) store.Item { i.Value = slices.Clone(i.Value); i.Value[20] ^= 1; return i }, cache.Corrupt},
		"truncated": {func(i store.Item) store.Item { i.Value = i.Value[:len(i.Value)-1]; return i }, cache.Corrupt},
		"foreign":   {func(i store.Item) store.Item { i.Value = []byte("{}"); return i }, cache.Corrupt},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := fakestore.New()
				a, b, c := newProcess(t, m), newProcess(t, m), newProcess(t, m)
				var n counter
				s := wrap(cacheimpl.Options{}, n.next)
				s.must(t, a.ctx, 1)
				flush(t, a.cache)
				m.Edit(entryKey(t, m), test.edit)
				if v := s.must(t, b.ctx, 1); v != 2 {
					t.Errorf("%d", v)
				}
				if e := b.events.last(); e.Outcome != cache.Miss || e.Reason != test.reason {
					t.Errorf("%+v", e)
				}
				flush(t, b.cache)
				if v := s.must(t, c.ctx, 1); v != 2 {
					t.Errorf("not replaced: %d", v)
				}
			})
		})
	}
}

// entryKey returns the key of the only entry in m.
func entryKey(t *testing.T, m *fakestore.Medium) string {
	t.Helper()
	keys := slices.DeleteFunc(m.Keys(), func(k string) bool { return !strings.HasPrefix(k, "e/") })
	if len(keys) != 1 {
		t.Fatal(keys)
	}
	return keys[0]
}

func TestFaultyStoreFailsNoCall(t *testing.T) {
	broken := errors.New("broken")
	for name, hook := range map[string]func(context.Context, string, string) error{
		"errors":  func(context.Context, string, string) error { return broken },
		"panics":  func(context.Context, string, string) error { panic("store") },
		"hangs":   func(ctx context.Context, _, _ string) error { <-ctx.Done(); return ctx.Err() },
		"forgets": func(context.Context, string, string) error { return store.ErrNotFound },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newProcess(t, fakestore.New())
				p.store.Before(func(ctx context.Context, op, key string) error {
					if op == "Close" {
						return nil
					}
					return hook(ctx, op, key)
				})
				var c counter
				s := wrap(cacheimpl.Options{}, c.next)
				begin := time.Now()
				for n := range 100 {
					s.must(t, p.ctx, n)
				}
				if d := time.Since(begin); d > 30*time.Second {
					t.Errorf("a hundred calls took %v", d)
				}
				for n := range 100 {
					s.must(t, p.ctx, n)
				}
				if c.n != 100 {
					t.Errorf("%d executions", c.n)
				}
			})
		})
	}
}

// shifted returns item as a process would have written it whose clock is d ahead.
func shifted(t *testing.T, item store.Item, d time.Duration) store.Item {
	t.Helper()
	e, err := entry.Decode(item.Value)
	if err != nil {
		t.Fatal(err)
	}
	e.Began, e.Completed = e.Began+int64(d), e.Completed+int64(d)
	item.Stamp = e.Began
	if item.Value, err = e.Encode(); err != nil {
		t.Fatal(err)
	}
	return item
}

func TestEntryFromTheFuture(t *testing.T) {
	for _, test := range []struct {
		ahead time.Duration
		want  int
	}{{time.Hour, 2}, {time.Minute + time.Second, 2}, {time.Minute - time.Second, 1}, {-time.Hour, 1}} {
		synctest.Test(t, func(t *testing.T) {
			m := fakestore.New()
			a, b, c := newProcess(t, m), newProcess(t, m), newProcess(t, m)
			var n counter
			s := wrap(cacheimpl.Options{}, n.next)
			s.must(t, a.ctx, 1)
			flush(t, a.cache)
			m.Edit(entryKey(t, m), func(i store.Item) store.Item { return shifted(t, i, test.ahead) })
			if v := s.must(t, b.ctx, 1); v != test.want {
				t.Errorf("%v ahead: %d", test.ahead, v)
			}
			if e := b.events.last(); test.want == 2 && e.Reason != cache.FromFuture {
				t.Errorf("%+v", e)
			}
			flush(t, b.cache)
			if v := s.must(t, c.ctx, 1); v != test.want {
				t.Errorf("%v ahead: not replaced: %d", test.ahead, v)
			}
		})
	}
}

func TestAgesAreJudgedWhenReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		var c counter
		const same = "example.com/test.Aged" // one function, generated anew with other ages
		short := wrap(cacheimpl.Options{Namespace: same, MaxAge: time.Minute}, c.next)
		long := wrap(cacheimpl.Options{Namespace: same, MaxAge: time.Hour}, c.next)
		never := wrap(cacheimpl.Options{Namespace: same, MaxAge: cacheimpl.NoReuse}, c.next)
		a, b := newProcess(t, m), newProcess(t, m)
		short.must(t, a.ctx, 1)
		flush(t, a.cache)
		time.Sleep(time.Minute)
		if v := short.must(t, a.ctx, 1); v != 1 {
			t.Error("the age is exclusive")
		}
		time.Sleep(time.Nanosecond)
		if v, ok := lookup(short, b.ctx, 1); ok {
			t.Errorf("found %d though it is too old", v)
		}
		if v := long.must(t, b.ctx, 1); v != 1 {
			t.Errorf("%d: a longer age does not revive", v)
		}
		if v, ok := lookup(never, b.ctx, 1); ok {
			t.Errorf("found %d though nothing is reused", v)
		}
		if v := short.must(t, cache.WithMaxAge(b.ctx, time.Hour), 1); v != 1 {
			t.Errorf("%d: the context's age does not count", v)
		}
		if v := long.must(t, cache.WithMaxAge(b.ctx, time.Second), 1); v != 2 {
			t.Errorf("%d: the context's age does not count", v)
		}
		if e := b.events.last(); e.Outcome != cache.Miss || e.Reason != cache.TooOld {
			t.Errorf("%+v", e)
		}
		if v := long.must(t, cache.WithMaxAge(b.ctx, 0), 1); v != 3 {
			t.Errorf("%d: no age means any", v)
		}
	})
}

func lookup(s *subject[int], ctx context.Context, n int) (int, bool) {
	v, _, ok := s.cache.Lookup(ctx, number{n})
	return v, ok
}

// TestOthersSeeWithinASecond has one process replace or remove what another one has in memory.
func TestOthersSeeWithinASecond(t *testing.T) {
	tagged := func(number) []string { return []string{"t"} }
	for name, change := range map[string]func(s *subject[int], ctx context.Context) error{
		"Forget":     func(s *subject[int], ctx context.Context) error { return s.cache.Forget(ctx, number{1}) },
		"Clear":      func(s *subject[int], ctx context.Context) error { return s.cache.Clear(ctx) },
		"ForgetTags": func(_ *subject[int], ctx context.Context) error { return cache.ForgetTags(ctx, "t") },
		"Put":        func(s *subject[int], ctx context.Context) error { return s.cache.Put(ctx, number{1}, 2) },
		"Refresh": func(s *subject[int], ctx context.Context) error {
			_, err := s.call(cache.WithMode(ctx, cache.Refresh), 1)
			return err
		},
	} {
		for kind, hide := range map[string]bool{"watched": false, "polled": true} {
			t.Run(name+" "+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					m := fakestore.New()
					a, b := newProcess(t, m), newProcess(t, m)
					if hide {
						a, b = newPolling(t, m), newPolling(t, m)
					}
					var c counter
					s := wrapSpec(cacheimpl.Spec{Tags: cacheimpl.Of(tagged)}, c.next)
					s.must(t, a.ctx, 1)
					flush(t, a.cache)
					time.Sleep(5 * time.Second)
					for _, p := range []*process{a, b, a, b} {
						if v := s.must(t, p.ctx, 1); v != 1 {
							t.Fatalf("%d", v)
						}
						time.Sleep(5 * time.Second)
					}
					if s.must(t, b.ctx, 1); b.events.last().Tier != cache.Memory {
						t.Fatalf("not in memory: %+v", b.events.last())
					}
					if err := change(s, a.ctx); err != nil {
						t.Fatal(err)
					}
					flush(t, a.cache)
					time.Sleep(time.Second)
					flush(t, b.cache)
					if v := s.must(t, b.ctx, 1); v != 2 {
						t.Errorf("%d", v)
					}
					flush(t, b.cache)
					if v := s.must(t, a.ctx, 1); v != 2 {
						t.Errorf("%d in the process that changed it", v)
					}
				})
			})
		}
	}
}

// unwatched is a store that can't be watched.
type unwatched struct{ s *fakestore.Store }

func (u unwatched) Get(ctx context.Context, key string) (store.Item, error) { return u.s.Get(ctx, key) }

func (u unwatched) Put(ctx context.Context, key string, i store.Item) (bool, error) {
	return u.s.Put(ctx, key, i)
}
func (u unwatched) Delete(ctx context.Context, key string) error { return u.s.Delete(ctx, key) }
func (u unwatched) Close() error                                 { return u.s.Close() }

func newPolling(t *testing.T, m *fakestore.Medium) *process {
	t.Helper()
	s := m.Open()
	ctx, c := over(t, unwatched{s})
	e := new(events)
	return &process{cache.Observe(ctx, e.add), c, s, e}
}

// TestOlderExecutionDoesNotOverwrite has something newer written or removed while a function runs, in its process or another one.
func TestOlderExecutionDoesNotOverwrite(t *testing.T) {
	for name, test := range map[string]struct {
		change func(s *subject[int], ctx context.Context) error
		want   int
	}{
		"Forget":     {func(s *subject[int], ctx context.Context) error { return s.cache.Forget(ctx, number{1}) }, 2},
		"Clear":      {func(s *subject[int], ctx context.Context) error { return s.cache.Clear(ctx) }, 2},
		"ForgetTags": {func(_ *subject[int], ctx context.Context) error { return cache.ForgetTags(ctx, "t") }, 2},
		"Put":        {func(s *subject[int], ctx context.Context) error { return s.cache.Put(ctx, number{1}, 7) }, 7},
		"Refresh": {func(s *subject[int], ctx context.Context) error {
			_, err := s.call(cache.WithMode(ctx, cache.Refresh), 1)
			return err
		}, 2},
	} {
		for place, here := range map[string]bool{"here": true, "elsewhere": false} {
			t.Run(name+" "+place, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					m := fakestore.New()
					a, b, c := newProcess(t, m), newProcess(t, m), newProcess(t, m)
					by := b
					if here {
						by = a
					}
					var n counter
					s := wrapSpec(cacheimpl.Spec{Tags: cacheimpl.Of(func(number) []string { return []string{"t"} })}, func(ctx context.Context, i int) (int, error) {
						v, err := n.next(ctx, i)
						time.Sleep(time.Duration(3-v) * time.Minute) // the first one takes longer
						return v, err
					})
					slow := start(a.ctx, s, 1)
					time.Sleep(time.Second)
					if err := test.change(s, by.ctx); err != nil {
						t.Fatal(err)
					}
					flush(t, by.cache)
					if o := <-slow; o.v != 1 {
						t.Errorf("%+v", o)
					}
					flush(t, a.cache)
					time.Sleep(2 * time.Second)
					for i, p := range []*process{by, a, c} {
						if v := s.must(t, p.ctx, 1); v != test.want {
							t.Errorf("process %d: %d", i, v)
						}
						flush(t, p.cache)
					}
				})
			})
		}
	}
}

func TestScopesAndRunsAreApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		p := newProcess(t, m)
		var c counter
		s := wrap(cacheimpl.Options{}, c.next)
		seen := map[int]bool{}
		for _, scope := range []cache.Scope{{}, {Project: "a"}, {Domain: "a"}, {Project: "a", Domain: "b"}, {Project: "ab"}} {
			v := s.must(t, cache.WithScope(p.ctx, scope), 1)
			if seen[v] {
				t.Errorf("%+v sees another scope's", scope)
			}
			seen[v] = true
			if w := s.must(t, cache.WithScope(p.ctx, scope), 1); w != v {
				t.Errorf("%+v does not see its own", scope)
			}
		}
		if err := s.cache.Clear(cache.WithScope(p.ctx, cache.Scope{Project: "a"})); err != nil {
			t.Fatal(err)
		}
		if v := s.must(t, p.ctx, 1); v != 1 {
			t.Error("cleared another scope")
		}
	})
}

func TestMissBecauseOfAnotherVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		before, after := newProcess(t, m), newProcess(t, m)
		const name = "example.com/test.Versions"
		old := wrapSpec(cacheimpl.Spec{Name: name, Version: "v1"}, new(counter).next)
		old.must(t, before.ctx, 1)
		old.must(t, cache.WithScope(before.ctx, cache.Scope{Project: "other"}), 2)
		flush(t, before.cache)
		s := wrapSpec(cacheimpl.Spec{Name: name, Version: "v2"}, new(counter).next)
		for n, want := range map[int]cache.Reason{1: cache.OtherVersion, 2: cache.NeverSeen, 3: cache.NeverSeen} {
			s.must(t, after.ctx, n)
			if e := after.events.last(); e.Outcome != cache.Miss || e.Reason != want {
				t.Errorf("%d: %+v", n, e)
			}
		}
	})
}
