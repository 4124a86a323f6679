package inspect_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/inspect"
	"github.com/cachegen/cachegen/runtime/store"
)

func TestRemove(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(w.function("Forecast", "v1:1", cacheimpl.Options{}), "Berlin", "Oslo", "Rome")
		w.fill(w.function("Forecast", "v1:2", cacheimpl.Options{}), "Berlin")
		var removed []string
		entries := w.Entries(t.Context(), inspect.Filter{Version: "v1:1"})
		if err := w.Remove(t.Context(), entries, func(e *inspect.Entry) { removed = append(removed, e.Inputs) }); err != nil {
			t.Fatal(err)
		}
		slices.Sort(removed)
		if want := []string{`City:"Berlin" Days:3`, `City:"Oslo" Days:3`, `City:"Rome" Days:3`}; !slices.Equal(removed, want) {
			t.Error(removed)
		}
		if got := w.inputs(inspect.Filter{}); !slices.Equal(got, []string{`City:"Berlin" Days:3`}) {
			t.Error(got)
		}
	})
}

// TestRemoveKeepsTombstones removes everything: the next moment an execution that began before a Forget must not be back.
func TestRemoveKeepsTombstones(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.function("Forecast", "v1:1", cacheimpl.Options{})
		w.session(func(ctx context.Context) {
			begun, forgotten := make(chan bool), make(chan bool)
			var late sync.WaitGroup
			late.Go(func() {
				_, _ = cacheimpl.Do(ctx, f.Function.Core, city{"Berlin", 3}, func(context.Context) ([]string, error) {
					close(begun)
					<-forgotten
					return []string{"old"}, nil
				})
			})
			<-begun
			w.session(func(ctx context.Context) { // as another process
				if err := f.Forget(ctx, city{"Berlin", 3}); err != nil {
					t.Error(err)
				}
			})
			if err := w.Remove(t.Context(), w.Entries(t.Context(), inspect.Filter{}), nil); err != nil {
				t.Error(err)
			}
			close(forgotten)
			late.Wait()
		})
		if got := w.inputs(inspect.Filter{States: []inspect.State{inspect.Result}}); len(got) > 0 {
			t.Error(got)
		}
	})
}

// TestOthersNotice removes what another process has in memory.
func TestOthersNotice(t *testing.T) {
	for name, remove := range map[string]func(t *testing.T, w *world) error{
		"remove": func(t *testing.T, w *world) error {
			return w.Remove(t.Context(), w.Entries(t.Context(), inspect.Filter{}), nil)
		},
		"clear": func(t *testing.T, w *world) error { return w.Clear(t.Context(), inspect.Filter{}, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				f := w.function("Forecast", "v1:1", cacheimpl.Options{})
				w.fill(f, "Berlin")
				w.session(func(ctx context.Context) {
					executed := func() (executed bool) {
						_, err := cacheimpl.Do(ctx, f.Function.Core, city{"Berlin", 3}, func(context.Context) ([]string, error) {
							executed = true
							return nil, nil
						})
						if err != nil {
							t.Error(err)
						}
						return executed
					}
					for range 2 {
						if executed() {
							t.Fatal("it was not in the store")
						}
					}
					if err := remove(t, w); err != nil {
						t.Fatal(err)
					}
					for deadline := time.Now().Add(10 * time.Second); !executed(); time.Sleep(10 * time.Millisecond) {
						if time.Now().After(deadline) {
							t.Fatal("what was removed is used ten seconds later")
						}
					}
				})
			})
		})
	}
}

func TestClear(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.function("Forecast", "v1:1", cacheimpl.Options{})
		w.fill(f, "Berlin", "Rome")
		w.fill(w.function("Today", "v1:1", cacheimpl.Options{}), "Oslo")
		if err := w.Clear(t.Context(), inspect.Filter{Func: "Forecast", Version: "v1:1"}, nil); err == nil {
			t.Error("a version was cleared")
		}
		w.session(func(ctx context.Context) {
			begun, cleared := make(chan bool), make(chan bool)
			var late sync.WaitGroup
			late.Go(func() {
				_, _ = cacheimpl.Do(ctx, f.Function.Core, city{"Paris", 3}, func(context.Context) ([]string, error) {
					close(begun)
					<-cleared
					return []string{"old"}, nil
				})
			})
			<-begun
			removed := 0
			if err := w.Clear(t.Context(), inspect.Filter{Func: "Forecast"}, func(*inspect.Entry) { removed++ }); err != nil || removed != 2 {
				t.Error(removed, err)
			}
			close(cleared)
			late.Wait()
		})
		if got := w.inputs(inspect.Filter{States: []inspect.State{inspect.Result}}); !slices.Equal(got, []string{`City:"Oslo" Days:3`}) {
			t.Error(got)
		}
	})
}

func TestPrune(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var cities []string
		for i := range 20 {
			cities = append(cities, fmt.Sprint(i))
		}
		w.fill(w.function("Forecast", "v1:1", cacheimpl.Options{}), cities...)
		stats, err := w.Stat(t.Context(), inspect.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		about := 0
		for info, err := range w.LeastUsed(t.Context(), inspect.Sum(stats).Bytes/2) {
			if err != nil || info.Key == "" {
				t.Error(info, err)
			}
			about++
		}
		if about < 8 || about > 12 {
			t.Errorf("%d of 20 have half of the bytes", about)
		}
		removed := 0
		if err := w.Prune(t.Context(), 1, func(store.Info) { removed++ }); err != nil {
			t.Fatal(err)
		}
		if left := w.inputs(inspect.Filter{}); len(left) > 0 || removed < 20 {
			t.Errorf("%d are left, %d were removed", len(left), removed)
		}
	})
}
