package cache_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// recorder notes what it is told as an observer, one line each.
type recorder struct {
	mu    sync.Mutex
	lines []string
}

func (r *recorder) note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, strings.TrimSpace(fmt.Sprintf(format, args...)))
}

// take returns the lines so far, and forgets them.
func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.lines
	r.lines = nil
	return l
}

type pathKey struct{}

// observer returns an observer that says in contexts within which operations they are.
func (r *recorder) observer() cache.Observer {
	path := func(ctx context.Context) string { s, _ := ctx.Value(pathKey{}).(string); return s }
	return cache.Observer{
		Event: func(ctx context.Context, e cache.Event) {
			r.note("%s event %v %v %v took %v", path(ctx), e.Outcome, e.Tier, e.Reason, e.Duration)
		},
		Begin: func(ctx context.Context, o cache.Operation) context.Context {
			if o.Background {
				r.note("%s begin %v in the background", path(ctx), o.Kind)
			} else {
				r.note("%s begin %v", path(ctx), o.Kind)
			}
			return context.WithValue(ctx, pathKey{}, path(ctx)+"/"+o.Kind.String())
		},
		End: func(ctx context.Context, o cache.Operation, took time.Duration, err error) {
			r.note("%s end took %v %v", path(ctx), took, errText(err))
		},
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestObserverSeesBeginAndEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		inside := ""
		s := wrap(cacheimpl.Options{}, func(ctx context.Context, n int) (int, error) {
			inside, _ = ctx.Value(pathKey{}).(string)
			time.Sleep(time.Second)
			if n < 0 {
				return 0, errors.New("negative")
			}
			return n, nil
		})
		c := openCache(t, cache.Config{URL: "none"})
		ctx := cache.WithObserver(cache.WithCache(t.Context(), c), r.observer())
		for _, step := range []struct {
			name string
			n    int
			want string
		}{
			{"miss", 1, `begin call
				/call begin execute
				/call/execute end took 1s
				/call event miss  never seen took 1s
				/call end took 1s`},
			{"hit", 1, `event hit memory  took 0s`},
			{"failure", -1, `begin call
				/call begin execute
				/call/execute end took 1s negative
				/call event miss  never seen took 1s
				/call end took 1s negative`},
		} {
			_, _ = s.call(ctx, step.n)
			if got := strings.Join(r.take(), "\n"); got != strings.ReplaceAll(step.want, "\t", "") {
				t.Errorf("%s:\n%s", step.name, got)
			}
		}
		if inside != "/call/execute" {
			t.Errorf("the function runs in %q", inside)
		}
	})
}

func TestObserverSeesStoreAndRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		s := wrap(cacheimpl.Options{MaxAge: time.Minute, StaleWhileRevalidate: time.Hour}, slowly(new(counter).next))
		p := newProcess(t, fakestore.New())
		ctx := cache.WithObserver(p.ctx, r.observer())
		s.must(t, ctx, 1)
		flush(t, p.cache)
		first := r.take()
		for _, want := range []string{"/call begin read", "/call begin write in the background", "/call/read end took 0s", "/call/write end took 0s"} {
			if !slices.Contains(first, want) {
				t.Errorf("no %q in\n%s", want, strings.Join(first, "\n"))
			}
		}
		time.Sleep(2 * time.Minute)
		s.must(t, ctx, 1)
		flush(t, p.cache)
		second := r.take()
		for _, want := range []string{"/call begin refresh in the background", "/call/refresh begin execute in the background"} {
			if !slices.Contains(second, want) {
				t.Errorf("no %q in\n%s", want, strings.Join(second, "\n"))
			}
		}
		for _, o := range p.cache.Stores()[0].Operations {
			if o.Count == 0 || o.Failed > 0 || o.Within[len(o.Within)-1].Count != o.Count {
				t.Errorf("%+v", o)
			}
		}
	})
}

// TestObserversOfEverything are told whatever the context, until they stop.
func TestObserversOfEverything(t *testing.T) {
	var mine events
	s := wrap(cacheimpl.Options{}, new(counter).next)
	stop := cache.Watch(cache.Observer{Event: func(_ context.Context, e cache.Event) {
		if e.Func == s.spec.Name {
			mine.add(e)
		}
	}})
	s.must(t, t.Context(), 1)
	s.must(t, t.Context(), 1)
	stop()
	s.must(t, t.Context(), 1)
	var got []cache.Outcome
	for _, e := range mine.all {
		got = append(got, e.Outcome)
	}
	if !slices.Equal(got, []cache.Outcome{cache.Miss, cache.Hit}) {
		t.Error(got)
	}
}

// TestKeysAreMadeWhenAskedFor compares the key of each way to a result with that of the controls.
func TestKeysAreMadeWhenAskedFor(t *testing.T) {
	encoded := cacheimpl.NewEncodedFunction[text, string](cacheimpl.Spec{Name: fmt.Sprintf("example.com/test.F%d", names.Add(1))})
	call := func(ctx context.Context, s string) {
		k := text{s}.AppendCacheKey([]byte{})
		if cacheimpl.HitEncoded(ctx, encoded.Core, k) == nil {
			_, _ = cacheimpl.DoEncoded(ctx, encoded.Core, k, text{s}, func(context.Context) (string, error) { return s, nil })
		}
	}
	compared := wrap(cacheimpl.Options{}, new(counter).next)
	encodedKey, _ := encoded.Key(t.Context(), text{"some text"})
	comparedKey, _ := compared.cache.Key(t.Context(), number{1})
	for name, test := range map[string]struct {
		call func(ctx context.Context)
		want string
	}{
		"encoded":  {func(ctx context.Context) { call(ctx, "some text") }, encodedKey},
		"compared": {func(ctx context.Context) { _, _ = compared.call(ctx, 1) }, comparedKey},
	} {
		var e events
		ctx := cache.Observe(t.Context(), e.add)
		test.call(ctx)
		test.call(ctx)
		if len(e.all) != 2 || e.all[0].Outcome != cache.Miss || e.all[1].Outcome != cache.Hit {
			t.Fatalf("%s: %v", name, e.all)
		}
		for _, e := range e.all {
			if e.Key.String() != test.want || fmt.Sprint(e.Key) != test.want {
				t.Errorf("%s: %v has the key %v, want %s", name, e.Outcome, e.Key, test.want)
			}
			if b, err := json.Marshal(e.Key); err != nil || string(b) != `"`+test.want+`"` {
				t.Errorf("%s: %s, %v", name, b, err)
			}
		}
	}
}

func TestObservedHitAllocatesNothing(t *testing.T) {
	s := wrap(cacheimpl.Options{}, new(counter).next)
	aged := wrap(cacheimpl.Options{MaxAge: time.Hour}, new(counter).next)
	hits := 0
	told := cache.Observe(t.Context(), func(e cache.Event) {
		if e.Outcome == cache.Hit {
			hits++
		}
	})
	for name, f := range map[string]func(){
		"plain": func() { _, _ = s.call(told, 1) },
		"aged":  func() { _, _ = aged.call(told, 1) },
	} {
		f()
		hits = 0
		if n := testing.AllocsPerRun(100, f); n != 0 || hits != 101 {
			t.Errorf("%s: %v allocations, %d hits", name, n, hits)
		}
	}
}

// TestCountersTellWhatTheySay makes calls of each kind and looks at the counters.
func TestCountersTellWhatTheySay(t *testing.T) {
	fails := errors.New("failed")
	var c counter
	s := wrapSpec(cacheimpl.Spec{
		Options: cacheimpl.Options{MemoryEntries: 2},
		Unless:  cacheimpl.Of(func(v int) bool { return v < 0 }),
	}, func(ctx context.Context, n int) (int, error) {
		switch {
		case n == 50:
			return 0, fails
		case n == 51:
			panic("at the function")
		case n == 52:
			return -1, nil
		}
		return c.next(ctx, n)
	})
	p := newProcess(t, fakestore.New())
	try := func(n int) {
		defer func() { _ = recover() }()
		_, _ = s.call(p.ctx, n)
		flush(t, p.cache)
	}
	for n := range 4 {
		try(n)
	}
	try(3) // memory
	for n := range 4 {
		try(n)
	}
	try(50)
	try(51)
	try(52)
	got := s.cache.Stats()
	if got.Misses != 5 || got.Failed != 2 || got.Rejected != 1 || got.Hits != 5 || got.Evicted < 2 ||
		got.MemoryHits+got.StoreHits != got.Hits || got.StoreHits == 0 || got.MemoryHits == 0 || got.Entries != 2 {
		t.Errorf("%+v", got)
	}
	info := cache.Functions()[slices.IndexFunc(cache.Functions(), func(f cache.FunctionInfo) bool { return f.Name == s.spec.Name })]
	calls := map[cache.Outcome]int64{}
	for _, c := range info.Calls {
		calls[c.Outcome] += c.Calls
		if c.Outcome == cache.Miss && c.Reason != cache.NeverSeen {
			t.Errorf("%+v", c)
		}
	}
	if calls[cache.Hit] != 5 || calls[cache.Miss] != 7 {
		t.Error(calls)
	}
	if last := p.events.all[len(p.events.all)-2]; last.Outcome != cache.Miss || last.Err == nil {
		t.Errorf("a panic is told as %+v", last)
	}
}

// TestLookupCountsNothing as it is no call.
func TestLookupCountsNothing(t *testing.T) {
	s := wrap(cacheimpl.Options{}, new(counter).next)
	s.must(t, t.Context(), 1)
	if _, _, ok := s.cache.Lookup(t.Context(), number{1}); !ok || s.cache.Stats().Hits != 0 {
		t.Errorf("%t, %+v", ok, s.cache.Stats())
	}
}

func TestEventsInLogs(t *testing.T) {
	var b strings.Builder
	log := slog.New(slog.NewTextHandler(&b, nil))
	s := wrap(cacheimpl.Options{}, new(counter).next)
	s.must(t, cache.Observe(t.Context(), func(e cache.Event) { log.Info("cache", "call", e) }), 1)
	key, _ := s.cache.Key(t.Context(), number{1})
	for _, want := range []string{"call.func=" + s.spec.Name, "call.outcome=miss", "call.key=" + key, `call.reason="never seen"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in %s", want, b.String())
		}
	}
}
