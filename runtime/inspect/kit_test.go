package inspect_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/inspect"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/dir"
	"github.com/cachegen/cachegen/runtime/store/memory"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // faults are made on purpose
	os.Exit(m.Run())
}

// media are the stores that everything is tried on. Each returns a function that opens the same medium again.
var media = map[string]func(t *testing.T) func() store.Store{
	"fake": func(*testing.T) func() store.Store {
		m := fakestore.New()
		return func() store.Store { return m.Open() }
	},
	"memory": func(*testing.T) func() store.Store {
		s := memory.New(memory.Options{})
		return func() store.Store { return s.Join() }
	},
	"dir": func(t *testing.T) func() store.Store {
		folder := t.TempDir()
		return func() store.Store {
			s, err := dir.New(folder, dir.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	},
}

// each runs a test on all media.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	for name, medium := range media {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &world{t: t, open: medium(t)}
			in, err := inspect.New(w.open())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { in.Close() })
			w.Inspector = in
			test(t, w)
		})
	}
}

// world is a medium with results of functions, and an inspector of it.
type world struct {
	*inspect.Inspector
	t    *testing.T
	open func() store.Store
}

type city struct {
	City string
	Days int
}

func (c city) AppendCacheKey(b []byte) []byte {
	return cacheimpl.AppendInt(cacheimpl.AppendString(b, c.City), int64(c.Days))
}

var errLost = errors.New("lost")

// function is one that calls itself "example.com/weather." and its name. Lost is a city that it fails for.
type function struct {
	cacheimpl.Function[city, []string]
}

func (w *world) function(name, version string, o cacheimpl.Options) function {
	return function{cacheimpl.NewFunction[city, []string](cacheimpl.Spec{
		Name: "example.com/weather." + name, Version: version, Options: o, Shape: "test",
		Tags: cacheimpl.Of(func(c city) []string { return []string{"all", "city:" + c.City} }),
	})}
}

// session runs f with a cache over the medium and waits until all is written.
func (w *world) session(f func(ctx context.Context)) {
	w.t.Helper()
	c, err := cache.New(cache.Config{Store: w.open()})
	if err != nil {
		w.t.Fatal(err)
	}
	f(cache.WithCache(w.t.Context(), c))
	if err := c.Close(context.Background()); err != nil {
		w.t.Error(err)
	}
}

// fill calls a function for cities.
func (w *world) fill(f function, cities ...string) {
	w.t.Helper()
	w.session(func(ctx context.Context) {
		for _, name := range cities {
			_, err := cacheimpl.Do(ctx, f.Function.Core, city{name, 3}, func(context.Context) ([]string, error) {
				if name == "Lost" {
					return nil, errLost
				}
				time.Sleep(20 * time.Millisecond) // what takes less does not wait for a store when the machine is busy
				return []string{"sun in " + name}, nil
			})
			if err != nil && name != "Lost" {
				w.t.Error(err)
			}
		}
	})
}

// inputs returns the previews of the entries that f admits, sorted.
func (w *world) inputs(f inspect.Filter) []string {
	w.t.Helper()
	var inputs []string
	for e, err := range w.Entries(w.t.Context(), f) {
		if err != nil {
			w.t.Fatal(err)
		}
		inputs = append(inputs, e.Inputs)
	}
	slices.Sort(inputs)
	return inputs
}

// put writes an item with the latest stamp.
func (w *world) put(name string, value []byte) {
	w.t.Helper()
	s := w.open()
	defer s.Close()
	if ok, err := s.Put(w.t.Context(), name, store.Item{Value: value, Stamp: time.Now().Add(time.Hour).UnixNano()}); err != nil || !ok {
		w.t.Fatal(ok, err)
	}
}
