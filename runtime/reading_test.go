package cache_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// TestChangedWhileItWasRead has what a process reads from the store replaced or removed before the read returns. The process may use what it
// read, but must not keep it.
func TestChangedWhileItWasRead(t *testing.T) {
	pair := []int{1, 2} // more than one is read at once
	reads := map[string]struct {
		options cacheimpl.Options
		read    func(s *squares, ctx context.Context) error
	}{
		"call":         {read: func(s *squares, ctx context.Context) error { return s.one(ctx) }},
		"coalesce=off": {cacheimpl.Options{NoJoin: true}, func(s *squares, ctx context.Context) error { return s.one(ctx) }},
		"frozen":       {read: func(s *squares, ctx context.Context) error { return s.one(cache.WithMode(ctx, cache.Frozen)) }},
		"readonly":     {read: func(s *squares, ctx context.Context) error { return s.one(cache.WithMode(ctx, cache.ReadOnly)) }},
		"Lookup": {read: func(s *squares, ctx context.Context) error {
			_, _, _ = s.cache.Lookup(ctx, number{1})
			return nil
		}},
		"batch": {read: func(s *squares, ctx context.Context) error {
			_, err := s.get(ctx, pair...)
			return err
		}},
		"batch coalesce=off": {cacheimpl.Options{NoJoin: true}, func(s *squares, ctx context.Context) error {
			_, err := s.get(ctx, pair...)
			return err
		}},
		"batch frozen": {read: func(s *squares, ctx context.Context) error {
			_, err := s.get(cache.WithMode(ctx, cache.Frozen), pair...)
			return err
		}},
	}
	changes := map[string]func(s *squares, ctx context.Context) error{
		"Forget":     func(s *squares, ctx context.Context) error { return s.cache.Forget(ctx, number{1}) },
		"Clear":      func(s *squares, ctx context.Context) error { return s.cache.Clear(ctx) },
		"ForgetTags": func(_ *squares, ctx context.Context) error { return cache.ForgetTags(ctx, "t") },
		"Put":        func(s *squares, ctx context.Context) error { return s.cache.Put(ctx, number{1}, 1) },
	}
	for readName, r := range reads {
		for changeName, change := range changes {
			for place, here := range map[string]bool{"here": true, "elsewhere": false} {
				t.Run(strings.Join([]string{readName, changeName, place}, " "), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						m := fakestore.New()
						writer, reader := newProcess(t, m), newProcess(t, m)
						by := writer
						if here {
							by = reader
						}
						spec := cacheimpl.Spec{Options: r.options}
						if changeName == "ForgetTags" { // a mark that is yet to be read has the store asked again, which would hide mistakes
							spec.Tags = cacheimpl.Of(func(number) []string { return []string{"t"} })
						}
						s := newSquaresOf(spec)
						for _, n := range []int{1, 2, 3} {
							if err := s.cache.Put(writer.ctx, number{n}, -n); err != nil { // wrong on purpose: it tells old from new
								t.Fatal(err)
							}
						}
						if _, err := s.get(reader.ctx, 3); err != nil { // what was found has the store followed from now on
							t.Fatal(err)
						}
						time.Sleep(10 * time.Second)
						changed := false
						reader.store.AfterRead(func(key string) {
							if changed || !strings.HasPrefix(key, "e/") {
								return
							}
							changed = true
							if err := change(s, by.ctx); err != nil {
								t.Error(err)
							}
							synctest.Wait() // the reader's watch has heard of it
						})
						if err := r.read(s, reader.ctx); err != nil && !errors.Is(err, cache.ErrFrozen) {
							t.Fatal(err)
						}
						if !changed {
							t.Fatal("nothing was read")
						}
						if !here {
							time.Sleep(time.Second)
						}
						if got, err := s.get(reader.ctx, 1); err != nil || got[1] != 1 {
							t.Errorf("%v, %v: what was read is kept", got, err)
						}
					})
				})
			}
		}
	}
}

// TestConfirmedWhileItChanged has a process ask the store, which it stopped following, whether it still has what is in memory. The store
// says so, and has something else by the time that the process follows it again.
func TestConfirmedWhileItChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		writer, reader := newProcess(t, m), newProcess(t, m)
		var c counter
		s := wrap(cacheimpl.Options{}, c.next)
		s.must(t, reader.ctx, 1)
		flush(t, reader.cache)
		time.Sleep(time.Hour)
		changed := false
		reader.store.AfterRead(func(key string) {
			if strings.HasPrefix(key, "e/") && !changed {
				changed = true
				if err := s.cache.Put(writer.ctx, number{1}, 2); err != nil {
					t.Error(err)
				}
			}
			synctest.Wait() // what is in memory was compared with the store
		})
		s.must(t, reader.ctx, 1)
		if !changed {
			t.Fatal("nothing was read")
		}
		time.Sleep(time.Second)
		if v := s.must(t, reader.ctx, 1); v != 2 {
			t.Errorf("%d: what was confirmed is kept", v)
		}
	})
}

// TestForgottenElsewhereWhileItRan has another process replace or remove what an execution under way would come to: who calls later doesn't
// wait for that.
func TestForgottenElsewhereWhileItRan(t *testing.T) {
	for name, test := range map[string]struct {
		change func(s *subject[int], ctx context.Context) error
		want   int
	}{
		"Forget": {func(s *subject[int], ctx context.Context) error { return s.cache.Forget(ctx, number{1}) }, 2},
		"Put":    {func(s *subject[int], ctx context.Context) error { return s.cache.Put(ctx, number{1}, 7) }, 7},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := fakestore.New()
				here, elsewhere := newProcess(t, m), newProcess(t, m)
				var c counter
				s := wrap(cacheimpl.Options{}, func(ctx context.Context, n int) (int, error) {
					v, err := c.next(ctx, n)
					time.Sleep(time.Minute)
					return v, err
				})
				if err := s.cache.Put(elsewhere.ctx, number{2}, 0); err != nil {
					t.Fatal(err)
				}
				s.must(t, here.ctx, 2) // what was found has the store followed from now on
				slow := start(here.ctx, s, 1)
				time.Sleep(time.Second)
				same := start(here.ctx, s, 1)
				time.Sleep(time.Second)
				if err := test.change(s, elsewhere.ctx); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second)
				if v := s.must(t, here.ctx, 1); v != test.want {
					t.Errorf("%d, want %d", v, test.want)
				}
				for _, call := range []<-chan outcome[int]{slow, same} { // they began before
					if o := <-call; o.v != 1 {
						t.Errorf("%+v", o)
					}
				}
			})
		})
	}
}
