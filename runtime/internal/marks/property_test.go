package marks_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/internal/marks"
	"github.com/cachegen/cachegen/runtime/store"
)

// remote is a store with latency, before and after the medium answers, that can be cut off.
type remote struct {
	*fakestore.Store
	latency time.Duration

	mu  sync.Mutex
	cut bool
}

var errCut = errors.New("cut off")

func (r *remote) set(cut bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = cut
}

func (r *remote) err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cut {
		return errCut
	}
	return nil
}

// travel returns what the medium answers, when it has arrived.
func travel[T any](r *remote, ask func() (T, error)) (T, error) {
	time.Sleep(r.latency)
	answer, err := ask()
	time.Sleep(r.latency)
	if cut := r.err(); cut != nil {
		return answer, cut
	}
	return answer, err
}

func (r *remote) Get(ctx context.Context, key string) (store.Item, error) {
	return travel(r, func() (store.Item, error) { return r.Store.Get(ctx, key) })
}

func (r *remote) GetMany(ctx context.Context, keys []string) (map[string]store.Item, error) {
	return travel(r, func() (map[string]store.Item, error) { return r.Store.GetMany(ctx, keys) })
}

func (r *remote) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	return travel(r, func() (bool, error) {
		if err := r.err(); err != nil {
			return false, err
		}
		return r.Store.Put(ctx, key, item)
	})
}

func (r *remote) Grouped(ctx context.Context, groups []string) (map[string]int64, error) {
	return travel(r, func() (map[string]int64, error) { return r.Store.Grouped(ctx, groups) })
}

// Watch tells that the connection is lost when it is, and ends then.
func (r *remote) Watch(ctx context.Context, changed func(string)) error {
	if err := r.err(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		for ctx.Err() == nil {
			if err := r.err(); err != nil {
				cancel(err)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	_ = r.Store.Watch(ctx, changed)
	return context.Cause(ctx)
}

// step is what a process does at a moment.
type step struct {
	At      time.Duration
	Process int
	Do      string // "set", "check", "allow", "cut", "heal", "group"
	Tags    []int
	Began   time.Duration // of the result that is checked
}

// world is some processes that carry out steps.
type world struct {
	start     time.Time
	watched   bool
	medium    *fakestore.Medium
	tables    []*marks.Table
	stores    []*remote
	marks     [][]*marks.Mark // of each process, held as results would
	mu        sync.Mutex
	sets      []set
	cuts      []cut
	violation string
}

// set is a mark, by whom, from when to when, and whether it succeeded.
type set struct {
	process    int
	tags       []int
	begin, end time.Duration
	ok         bool
}

// cut is when a process began or ended to be cut off.
type cut struct {
	process int
	at      time.Duration
}

func (w *world) now() time.Duration { return time.Since(w.start) }

func (w *world) fail(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.violation = fmt.Sprintf("at %v: ", w.now()) + fmt.Sprintf(format, args...)
}

const processes, tags = 2, 2

func simulate(t *testing.T, steps []step, watched bool, latency time.Duration) (violation string) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{start: time.Now(), watched: watched, medium: fakestore.New()}
		for range processes {
			s := &remote{Store: w.medium.Open(), latency: latency}
			c := marks.Config{Store: polled{s}}
			if watched {
				c.Store = s
			}
			table := marks.New(c)
			var held []*marks.Mark
			for i := range tags {
				held = append(held, table.Mark(fmt.Sprint(i)))
			}
			w.tables, w.stores, w.marks = append(w.tables, table), append(w.stores, s), append(w.marks, held)
		}
		var wg sync.WaitGroup
		for _, s := range steps {
			wg.Go(func() {
				if s.Do == "check" || s.Do == "allow" {
					time.Sleep(s.Began)
				} else {
					time.Sleep(s.At)
				}
				w.do(t.Context(), s)
			})
		}
		wg.Wait()
		for _, table := range w.tables {
			table.Close()
		}
		time.Sleep(time.Second) // for watches to end
		violation = w.violation
	})
	return violation
}

func (w *world) do(ctx context.Context, s step) {
	switch s.Do {
	case "cut", "heal":
		w.mu.Lock()
		w.cuts = append(w.cuts, cut{s.Process, w.now()})
		w.mu.Unlock()
		w.stores[s.Process].set(s.Do == "cut")
	case "group":
		if w.watched { // as stores are that do so
			w.group(s)
		}
	case "set":
		w.set(ctx, s)
	case "check":
		held, cut := w.begin(ctx, s)
		began := w.now()
		time.Sleep(s.At - began)
		begin := w.now()
		ok, err := w.tables[s.Process].Check(ctx, held)
		w.judge(s, began, begin, ok, err)
		if !ok && err == nil && !cut && !w.markedSince(s) {
			w.fail("%+v: unusable without a reason", s)
		}
	case "allow":
		held, _ := w.begin(ctx, s)
		began := w.now()
		time.Sleep(s.At - began)
		w.judge(s, began, w.now(), w.tables[s.Process].Allows(held), nil)
	}
}

// begin returns what a result belongs to that begins now, and whether the process could not ask for
// that.
func (w *world) begin(ctx context.Context, s step) (held []marks.Held, cut bool) {
	var list []*marks.Mark
	for _, tag := range s.Tags {
		m := w.marks[s.Process][tag]
		list, held = append(list, m), append(held, m.Hold())
	}
	editions, err := w.tables[s.Process].Know(ctx, list)
	for i := range editions {
		held[i].Known = editions[i]
	}
	return held, err != nil
}

func (w *world) set(ctx context.Context, s step) {
	w.mu.Lock()
	i := len(w.sets)
	w.sets = append(w.sets, set{process: s.Process, tags: s.Tags, begin: w.now(), end: 1 << 62})
	w.mu.Unlock()
	var names []string
	for _, tag := range s.Tags {
		names = append(names, fmt.Sprint(tag))
	}
	err := w.tables[s.Process].Set(ctx, names...)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sets[i].end, w.sets[i].ok = w.now(), err == nil
}

// group has the store put marks of groups in the place of the marks of tags, which makes what belongs
// to these unusable.
func (w *world) group(s step) {
	for _, tag := range s.Tags {
		for _, key := range w.medium.Keys() {
			if strings.HasPrefix(key, fmt.Sprint(store.MarkPrefix, tag)) && store.MarkGroup(key) != "" {
				w.mu.Lock()
				i := len(w.sets)
				w.sets = append(w.sets, set{process: -1, tags: []int{tag}, begin: w.now(), end: 1 << 62})
				w.mu.Unlock()
				w.medium.Group(store.MarkGroup(key), func() { time.Sleep(s.Began) })
				w.mu.Lock()
				w.sets[i].end = w.now()
				w.mu.Unlock()
			}
		}
	}
}

// judge fails unless what a process answered at a moment, about a result that began at another one,
// can be right.
func (w *world) judge(s step, began, begin time.Duration, usable bool, err error) {
	if !usable {
		if errors.Is(err, errCut) && !w.cutSince(s.Process, begin) {
			w.fail("%+v: %v", s, err)
		}
		return
	}
	w.mu.Lock()
	sets := slices.Clone(w.sets)
	w.mu.Unlock()
	for _, m := range sets {
		own := m.process == s.Process && m.ok && begin > m.begin
		known := m.ok && begin > m.end+time.Second
		if m.begin > began && overlap(m.tags, s.Tags) && (own || known) {
			w.fail("%+v: usable after %+v", s, m)
		}
	}
}

// cutSince reports whether the process is cut off now, or was since a moment.
func (w *world) cutSince(process int, begin time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stores[process].err() != nil || slices.ContainsFunc(w.cuts, func(c cut) bool { return c.process == process && c.at >= begin })
}

// markedSince reports whether a tag of the result was marked after it began, or so shortly before
// that not everybody had heard of it, as far as anybody tried.
func (w *world) markedSince(s step) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.sets, func(m set) bool { return m.end+time.Second >= s.Began && overlap(m.tags, s.Tags) })
}

func overlap(a, b []int) bool {
	return slices.ContainsFunc(a, func(tag int) bool { return slices.Contains(b, tag) })
}

func TestMarksHoldWhateverProcessesDo(t *testing.T) {
	tenths := rapid.Map(rapid.IntRange(0, 60), func(n int) time.Duration { return time.Duration(n) * time.Second / 10 })
	steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		at := tenths.Draw(t, "at")
		return step{
			At: at, Process: rapid.IntRange(0, processes-1).Draw(t, "process"),
			Do:    rapid.SampledFrom([]string{"set", "check", "check", "check", "allow", "allow", "allow", "cut", "heal", "group", "group"}).Draw(t, "do"),
			Tags:  rapid.SliceOfNDistinct(rapid.IntRange(0, tags-1), 1, 2, rapid.ID).Draw(t, "tags"),
			Began: min(at, tenths.Draw(t, "began")),
		}
	}), 1, 40)
	rapid.Check(t, func(r *rapid.T) {
		watched := rapid.Bool().Draw(r, "watched")
		latency := rapid.SampledFrom([]time.Duration{0, time.Millisecond, 100 * time.Millisecond, 350 * time.Millisecond}).Draw(r, "latency")
		if violation := simulate(t, steps.Draw(r, "steps"), watched, latency); violation != "" {
			r.Fatal(violation)
		}
	})
}
