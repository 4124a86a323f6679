package cachetest_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/cachetest"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // faults are made on purpose
	os.Exit(m.Run())
}

// city is what generated code makes of one string.
type city struct{ City string }

func (a city) AppendCacheKey(b []byte) []byte { return cacheimpl.AppendString(b, a.City) }

// report is a result.
type report struct {
	City  string
	Days  []int
	Token string
	note  string
}

// weather is a cached function, as generated code would wrap it, that counts its executions.
type weather struct {
	cache cacheimpl.Function[city, report]

	mu    sync.Mutex
	calls int
	err   error
}

// forecast returns a function of a name, whose code has a version.
func forecast(name, version string, options cacheimpl.Options) *weather {
	return &weather{cache: cacheimpl.NewFunction[city, report](cacheimpl.Spec{
		Name: "example.com/weather." + name, Version: version, Shape: "report", Options: options,
	})}
}

func (w *weather) call(ctx context.Context, where string) (report, error) {
	return cacheimpl.Do(ctx, w.cache.Core, city{where}, func(context.Context) (report, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.calls++
		return report{where, []int{w.calls}, "t0psecret", "a\nb"}, w.err
	})
}

func (w *weather) must(t *testing.T, ctx context.Context, where string) report {
	t.Helper()
	r, err := w.call(ctx, where)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// executed returns how often the function was executed since it was last asked.
func (w *weather) executed() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := w.calls
	w.calls = 0
	return n
}

// tb is a test whose failures are looked at.
type tb struct {
	testing.TB
	mu      sync.Mutex
	errors  []string
	logs    []string
	cleanup []func()
}

func (f *tb) Helper() {}

func (f *tb) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

func (f *tb) Logf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.logs = append(f.logs, fmt.Sprintf(format, args...))
}

func (f *tb) Log(args ...any) { f.Logf("%s", fmt.Sprint(args...)) }

func (f *tb) Failed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.errors) > 0
}

func (f *tb) Cleanup(do func()) { f.cleanup = append(f.cleanup, do) }

// end does what is done when a test ends.
func (f *tb) end() {
	for i := len(f.cleanup) - 1; i >= 0; i-- {
		f.cleanup[i]()
	}
}

func (f *tb) said() string { return strings.Join(f.errors, "\n") }

func TestNewIsolates(t *testing.T) {
	w := forecast("Isolated", "v1:1", cacheimpl.Options{})
	for range 3 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			ctx := cachetest.New(t).Context(t.Context())
			cachetest.Misses(t, ctx, func(ctx context.Context) { w.must(t, ctx, "Berlin") })
			cachetest.Hits(t, ctx, func(ctx context.Context) { w.must(t, ctx, "Berlin") })
		})
	}
}

// TestNewIgnoresEnvironment sets what would switch a program's cache off.
func TestNewIgnoresEnvironment(t *testing.T) {
	for name, value := range map[string]string{"CACHEGEN_MODE": "bypass", "CACHEGEN_STORE": "nonsense://", "CACHEGEN_PROJECT": "p"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			w := forecast("Env"+name, "v1:1", cacheimpl.Options{})
			ctx := cachetest.New(t).Context(t.Context())
			w.must(t, ctx, "Berlin")
			cachetest.Hits(t, ctx, func(ctx context.Context) { w.must(t, ctx, "Berlin") })
		})
	}
}

func TestOtherProcess(t *testing.T) {
	folder := t.TempDir()
	for name, options := range map[string][]cachetest.Option{"memory": nil, "folder": {cachetest.Dir(folder)}} {
		t.Run(name, func(t *testing.T) {
			w := forecast("Shared"+name, "v1:1", cacheimpl.Options{})
			c := cachetest.New(t, options...)
			want := w.must(t, c.Context(t.Context()), "Berlin")
			events := cachetest.Events(c.OtherProcess().Context(t.Context()), func(ctx context.Context) {
				if got := w.must(t, ctx, "Berlin"); got.City != want.City || got.note != want.note {
					t.Errorf("%+v, want %+v", got, want)
				}
			})
			if len(events) != 1 || events[0].Outcome != cache.Hit || events[0].Tier != cache.Store {
				t.Errorf("%+v", events)
			}
		})
	}
	if found, err := filepath.Glob(filepath.Join(folder, "*")); err != nil || len(found) == 0 {
		t.Errorf("the folder is empty: %v", err)
	}
}

func TestClock(t *testing.T) {
	w := forecast("Aged", "v1:1", cacheimpl.Options{MaxAge: 10 * time.Minute})
	clock := cachetest.NewClock(time.Now())
	ctx := cachetest.New(t, cachetest.WithClock(clock)).Context(t.Context())
	call := func(ctx context.Context) { w.must(t, ctx, "Berlin") }
	call(ctx)
	clock.Advance(10 * time.Minute)
	cachetest.Hits(t, ctx, call)
	clock.Advance(time.Nanosecond)
	cachetest.Misses(t, ctx, call)
}

// TestBreak sees that no fault fails a call, and that each is told to observers.
func TestBreak(t *testing.T) {
	for _, fault := range []cachetest.Fault{
		cachetest.Unavailable, cachetest.Hanging, cachetest.Full, cachetest.Corrupt, cachetest.Panicking,
	} {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			w := forecast("Broken"+fault.String(), "v1:1", cacheimpl.Options{})
			c := cachetest.New(t)
			w.must(t, c.Context(t.Context()), "Berlin")
			other := c.OtherProcess()
			other.Break(fault)
			where := "Berlin"
			if fault == cachetest.Full {
				where = "Rome" // what is there can be read
			}
			w.executed()
			events := cachetest.Events(other.Context(t.Context()), func(ctx context.Context) {
				w.must(t, ctx, where)
				if fault == cachetest.Full {
					other.Flush()
				}
			})
			if w.executed() != 1 {
				t.Error("the call was not executed")
			}
			faults := 0
			for _, e := range events {
				if e.Outcome == cache.Fault {
					faults++
				}
			}
			if faults == 0 {
				t.Errorf("no fault was told of: %+v", events)
			}
			other.Mend()
			cachetest.Hits(t, c.OtherProcess().Context(t.Context()), func(ctx context.Context) { w.must(t, ctx, "Berlin") })
		})
	}
}

func TestAssertionsFail(t *testing.T) {
	w := forecast("Asserted", "v1:1", cacheimpl.Options{})
	v := forecast("Unasserted", "v1:1", cacheimpl.Options{})
	ctx := cachetest.New(t).Context(t.Context())
	w.must(t, ctx, "Berlin")
	both := func(ctx context.Context) {
		w.must(t, ctx, "Berlin")
		_, _ = v.call(ctx, fmt.Sprint(v.calls)) // a miss each time
	}
	for name, test := range map[string]struct {
		assert func(t testing.TB)
		want   string
	}{
		"no hit":         {func(t testing.TB) { cachetest.Hits(t, ctx, both) }, "1 of 2 calls were not a hit:\n\texample.com/weather.Unasserted: miss (never seen)"},
		"no miss":        {func(t testing.TB) { cachetest.Misses(t, ctx, both) }, "1 of 2 calls were not a miss:\n\texample.com/weather.Asserted: hit"},
		"named hit":      {func(t testing.TB) { cachetest.Hits(t, ctx, both, "weather.Asserted") }, ""},
		"named miss":     {func(t testing.TB) { cachetest.Misses(t, ctx, both, "Unasserted") }, ""},
		"end of a name":  {func(t testing.TB) { cachetest.Hits(t, ctx, both, "asserted") }, "no cached call"},
		"another's call": {func(t testing.TB) { cachetest.Hits(t, ctx, func(context.Context) { both(t.Context()) }) }, "no cached call"},
	} {
		t.Run(name, func(t *testing.T) {
			fake := &tb{TB: t}
			test.assert(fake)
			if said := fake.said(); test.want == "" && said != "" || !strings.Contains(said, test.want) {
				t.Errorf("said %q, want %q", said, test.want)
			}
		})
	}
}
