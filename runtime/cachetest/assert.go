package cachetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/key"
)

// Events calls f and returns the events of the cached calls that f makes with its context, in the
// order in which the calls end. Faults of the cache are among them.
func Events(ctx context.Context, f func(context.Context)) []cache.Event {
	var mu sync.Mutex
	var events []cache.Event
	f(cache.Observe(ctx, func(e cache.Event) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, e)
	}))
	mu.Lock()
	defer mu.Unlock()
	return slices.Clone(events)
}

// Hits fails the test unless f makes at least one cached call with its context, and each of them is
// a hit. With names, only calls of these functions count: "Forecast", "weather.Forecast",
// "Client.Get".
func Hits(t testing.TB, ctx context.Context, f func(context.Context), names ...string) {
	t.Helper()
	expect(t, ctx, f, names, "a hit", func(e cache.Event) bool { return e.Outcome == cache.Hit })
}

// Misses fails the test unless f makes at least one cached call with its context, and each of them
// executes its function. Names are as in [Hits].
func Misses(t testing.TB, ctx context.Context, f func(context.Context), names ...string) {
	t.Helper()
	expect(t, ctx, f, names, "a miss", func(e cache.Event) bool { return e.Outcome == cache.Miss || e.Outcome == cache.Refreshed })
}

func expect(t testing.TB, ctx context.Context, f func(context.Context), names []string, want string, ok func(cache.Event) bool) {
	t.Helper()
	var wrong []string
	calls := 0
	for _, e := range Events(ctx, f) {
		if e.Outcome == cache.Fault || !named(e.Func, names) {
			continue
		}
		calls++
		if !ok(e) {
			wrong = append(wrong, describe(e))
		}
	}
	switch {
	case calls == 0:
		t.Errorf("cachetest: no cached call was made with the context; a function takes part only if it is called with the context that is passed on")
	case len(wrong) > 0:
		t.Errorf("cachetest: %d of %d calls were not %s:\n\t%s", len(wrong), calls, want, strings.Join(wrong, "\n\t"))
	}
}

// named reports whether a function has one of the names, or there are none.
func named(function string, names []string) bool {
	return len(names) == 0 || slices.ContainsFunc(names, func(name string) bool { return key.Ends(function, name) })
}

// describe returns the event of a call in words.
func describe(e cache.Event) string {
	s := fmt.Sprintf("%s: %s", e.Func, e.Outcome)
	if e.Reason != 0 {
		s += fmt.Sprintf(" (%s)", e.Reason)
	}
	if e.Reason == cache.CodeChanged {
		s += ": the wrapper is older than the sources, so run go generate"
	}
	if e.Err != nil {
		s += fmt.Sprintf(": %v", e.Err)
	}
	return s
}
