package conformance

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
)

func TestMain(m *testing.M) {
	if name := os.Getenv(programVariable); name != "" {
		os.Exit(runProgram(name))
	}
	slog.SetDefault(slog.New(slog.DiscardHandler)) // faults are made on purpose
	os.Exit(m.Run())
}

// place is a cache, and the world around it.
type place struct {
	*world
	ctx    context.Context
	cache  *cache.Cache
	events *events
}

// open returns a cache over the store at url, closed when the test ends, and a world of its own.
func open(t *testing.T, config cache.Config) *place {
	t.Helper()
	c, err := cache.New(config)
	if err != nil {
		t.Fatal(err)
	}
	p := &place{world: new(world), cache: c, events: new(events)}
	t.Cleanup(p.close)
	p.ctx = cache.Observe(p.in(t.Context(), c), p.events.add)
	return p
}

// memory returns a place with nothing but memory.
func memory(t *testing.T) *place {
	t.Helper()
	return open(t, cache.Config{URL: "none"})
}

// folder returns the URL of a new directory store.
func folder(t *testing.T) string { return "dir://" + filepath.ToSlash(t.TempDir()) }

// close writes what is still to be written, as a process does that ends well.
func (p *place) close() { _ = p.cache.Close(context.Background()) }

// beside returns a place that shares p's world, as another process would that runs the same code.
func (p *place) beside(t *testing.T, config cache.Config) *place {
	t.Helper()
	q := open(t, config)
	q.world = p.world
	q.ctx = cache.Observe(p.in(t.Context(), q.cache), q.events.add)
	return q
}

// events collects what is observed.
type events struct {
	mu  sync.Mutex
	all []cache.Event
}

func (e *events) add(ev cache.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, ev)
}

// last returns the latest event of a call.
func (e *events) last() cache.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := len(e.all) - 1; i >= 0; i-- {
		if e.all[i].Outcome != cache.Fault {
			return e.all[i]
		}
	}
	return cache.Event{}
}

// faults returns the events that are no call's.
func (e *events) faults() (faults []cache.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range e.all {
		if ev.Outcome == cache.Fault {
			faults = append(faults, ev)
		}
	}
	return faults
}

// want returns what ends the test unless a call returns v.
func want[V comparable](t *testing.T, v V) func(V, error) {
	t.Helper()
	return func(got V, err error) {
		t.Helper()
		if got != v || err != nil {
			t.Fatalf("got %v, %v, want %v", got, err, v)
		}
	}
}

// must ends the test if there is an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// result is what a call in a goroutine came to.
type result struct {
	n   int
	err error
}

// start makes a call in a goroutine.
func start(call func() (int, error)) <-chan result {
	done := make(chan result, 1)
	go func() {
		n, err := call()
		done <- result{n, err}
	}()
	return done
}
