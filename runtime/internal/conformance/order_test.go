package conformance

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

// An execution that began before a Forget, a tag mark, a Refresh or a Put doesn't undo it, whichever process that is in.
func TestOrder(t *testing.T) {
	for name, newer := range map[string]struct {
		do func(ctx context.Context) error
		// want is what a call returns afterwards: 1 was executed before, 9 was put.
		want int
	}{
		"forget": {func(ctx context.Context) error { return orderedCache.Forget(ctx, orderedArgs{1}) }, 2},
		"clear":  {func(ctx context.Context) error { return orderedCache.Clear(ctx) }, 2},
		"tag":    {func(ctx context.Context) error { return cache.ForgetTags(ctx, "n1") }, 2},
		"put":    {func(ctx context.Context) error { return orderedCache.Put(ctx, orderedArgs{1}, 9) }, 9},
		"refresh": {func(ctx context.Context) error {
			_, err := cachedOrdered(cache.WithMode(ctx, cache.Refresh), 1)
			return err
		}, 2},
	} {
		for _, where := range []string{"here", "elsewhere"} {
			t.Run(name+" "+where, func(t *testing.T) {
				url := folder(t)
				synctest.Test(t, func(t *testing.T) {
					p := open(t, cache.Config{URL: url})
					q := p
					if where == "elsewhere" {
						q = p.beside(t, cache.Config{URL: url})
					}
					began, end := make(chan struct{}), make(chan struct{})
					p.set(func(context.Context, string) error {
						p.set(nil)
						close(began)
						<-end
						return nil
					})
					first := start(func() (int, error) { return cachedOrdered(p.ctx, 1) })
					<-began
					time.Sleep(time.Second)
					must(t, newer.do(q.ctx))
					synctest.Wait() // what it made is in the store, so the older result comes late
					close(end)
					if r := <-first; r != (result{1, nil}) {
						t.Fatalf("%+v", r)
					}
					time.Sleep(time.Second)
					want(t, newer.want)(cachedOrdered(p.ctx, 1))
					time.Sleep(time.Second)
					want(t, newer.want)(cachedOrdered(q.ctx, 1))
					p.close()
					q.close()
					r := p.beside(t, cache.Config{URL: url})
					want(t, newer.want)(cachedOrdered(r.ctx, 1))
					r.close()
				})
			})
		}
	}
}

func init() {
	programs["ordered"] = func(ctx context.Context, w *world) (any, error) {
		n, err := cachedOrdered(ctx, 1)
		if err != nil {
			return nil, err
		}
		if _, err := w.note("has it"); err != nil {
			return nil, err
		}
		if err := w.await("forgotten", 1); err != nil {
			return nil, err
		}
		time.Sleep(time.Second)
		m, err := cachedOrdered(ctx, 1)
		return m > n, err
	}
}

// What another process has in memory it doesn't use a second after it was forgotten.
func TestOrderInAnotherProcess(t *testing.T) {
	for name, forget := range map[string]func(ctx context.Context) error{
		"forget": func(ctx context.Context) error { return orderedCache.Forget(ctx, orderedArgs{1}) },
		"tag":    func(ctx context.Context) error { return cache.ForgetTags(ctx, "ordered") },
		"clear":  func(ctx context.Context) error { return orderedCache.Clear(ctx) },
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			c := m.start("ordered")
			m.await("has it")
			p := open(t, cache.Config{URL: m.url})
			p.log = m.log
			must(t, forget(p.ctx))
			_, err := p.note("forgotten")
			must(t, err)
			if out := c.end(); out != "true <nil>" {
				t.Errorf("%s; %q", out, m.executed())
			}
		})
	}
}

// A batch is kept by element: missing ones are asked for in one call, absent ones are not kept, and overlapping batches in flight share
// what they both want without waiting for each other in a circle.
func TestBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := memory(t)
		p.set(func(context.Context, string) error { time.Sleep(time.Second); return nil })
		expect := func(ids []int, want map[int]int) {
			t.Helper()
			if got, err := cachedBatched(p.ctx, ids); err != nil || !maps.Equal(got, want) {
				t.Errorf("%v: %v, %v, want %v", ids, got, err, want)
			}
		}
		expect([]int{1, 2, -1, 1}, map[int]int{1: 1, 2: 2})
		expect([]int{2, 3}, map[int]int{2: 2, 3: 3})
		done := make(chan map[int]int)
		for _, ids := range [][]int{{4, 5, 6}, {6, 5, 4}, {5, 7, 4}} {
			go func() {
				got, err := cachedBatched(p.ctx, ids)
				if err != nil {
					t.Error(err)
				}
				done <- got
			}()
		}
		together := map[int]int{}
		for range 3 {
			for id, n := range <-done {
				if other, ok := together[id]; ok && other != n {
					t.Errorf("%d was executed twice", id)
				}
				together[id] = n
			}
		}
		if len(together) != 4 || p.count != 7 {
			t.Errorf("%v in %d executions", together, p.count)
		}
	})
}

// A file is an input by its content.
func TestFile(t *testing.T) {
	p := memory(t)
	a, b := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	for _, name := range []string{a, b} {
		must(t, os.WriteFile(name, []byte("same"), 0o600))
	}
	want(t, 1)(cachedCounted(p.ctx, cache.File(a)))
	want(t, 1)(cachedCounted(p.ctx, cache.File(b)))
	must(t, os.WriteFile(b, []byte("else"), 0o600))
	want(t, 2)(cachedCounted(p.ctx, cache.File(b)))
	if _, err := cachedCounted(p.ctx, cache.File(a+"gone")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// A secret is in keys, by its digest, and nowhere else.
func TestSecret(t *testing.T) {
	dir := t.TempDir()
	p := open(t, cache.Config{URL: "dir://" + filepath.ToSlash(dir)})
	want(t, 1)(cachedGuarded(p.ctx, "ada-lovelace", "correct-horse"))
	want(t, 2)(cachedGuarded(p.ctx, "ada-lovelace", "battery-staple"))
	want(t, 1)(cachedGuarded(p.ctx, "ada-lovelace", "correct-horse"))
	p.close()
	user := false
	must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		user = user || bytes.Contains(data, []byte("ada-lovelace"))
		if bytes.Contains(data, []byte("horse")) || strings.Contains(path, "horse") {
			t.Errorf("the secret is in %s", path)
		}
		return err
	}))
	if !user {
		t.Error("the preview of the other input is not there: the test looks at the wrong place")
	}
}

// Calls of a function with coalesce=off run beside each other.
func TestCoalesceOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := memory(t)
		p.set(func(context.Context, string) error { time.Sleep(time.Second); return nil })
		call := func() (int, error) { return cachedAlone(p.ctx, 1) }
		a, b := start(call), start(call)
		if (<-a).n+(<-b).n != 3 || p.count != 2 {
			t.Errorf("%d executions", p.count)
		}
		if n, err := call(); err != nil || p.count != 2 {
			t.Error(n, err)
		}
	})
}

func init() {
	programs["modes"] = func(ctx context.Context, w *world) (any, error) {
		var all []int
		for _, m := range []cache.Mode{cache.Use, cache.Use, cache.Refresh, cache.ReadOnly, cache.Frozen} {
			n, err := cachedAutomatic(cache.WithMode(ctx, m), 1)
			if errors.Is(err, cache.ErrFrozen) {
				n = -1
			} else if err != nil {
				return nil, err
			}
			all = append(all, n)
		}
		return all, nil
	}
}

// What code says goes over the environment's mode, but for the environment's bypass and readonly, which code can't lift.
func TestModes(t *testing.T) {
	for mode, out := range map[string]string{
		"":         "[1 1 2 2 2] <nil>",
		"use":      "[1 1 2 2 2] <nil>",
		"refresh":  "[1 1 2 2 2] <nil>",
		"frozen":   "[1 1 2 2 2] <nil>",
		"bypass":   "[1 2 3 4 5] <nil>",
		"readonly": "[1 2 3 4 -1] <nil>",
	} {
		m := newMachine(t)
		m.expect("modes", out, "CACHEGEN_MODE="+mode)
	}
}

// Frozen executes nothing, and has any age do.
func TestFrozen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := memory(t)
		frozen := cache.WithMode(p.ctx, cache.Frozen)
		if n, err := cachedMinutes(frozen, "ada"); !errors.Is(err, cache.ErrFrozen) || p.count != 0 {
			t.Error(n, err)
		}
		want(t, 1)(cachedMinutes(p.ctx, "ada"))
		time.Sleep(24 * time.Hour)
		want(t, 1)(cachedMinutes(frozen, "ada"))
		want(t, 2)(cachedMinutes(p.ctx, "ada"))
	})
}
