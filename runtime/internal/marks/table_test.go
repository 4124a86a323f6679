package marks_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/clock"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/internal/marks"
	"github.com/cachegen/cachegen/runtime/store"
)

// polled is a store that can't be watched and reads one item at a time.
type polled struct{ store.Store }

// process is a user of a store with a table.
type process struct {
	*marks.Table
	store *fakestore.Store

	mu      sync.Mutex
	changed []string
	faults  []string
}

// start starts a process. Its table is closed when the test's bubble ends.
func start(t *testing.T, m *fakestore.Medium, watched bool, c marks.Config) *process {
	t.Helper()
	p := &process{store: m.Open()}
	c.Store = polled{p.store}
	if watched {
		c.Store = p.store
	}
	c.Changed = func(key string) { p.mu.Lock(); defer p.mu.Unlock(); p.changed = append(p.changed, key) }
	c.Report = func(err error) { p.mu.Lock(); defer p.mu.Unlock(); p.faults = append(p.faults, err.Error()) }
	p.Table = marks.New(c)
	t.Cleanup(p.Close)
	return p
}

// take returns what was reported since the last time.
func (p *process) take() (changed, faults []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer func() { p.changed, p.faults = nil, nil }()
	return p.changed, p.faults
}

func now() int64 { return time.Now().UnixNano() }

// begin returns what a result belongs to that begins now.
func begin(t *testing.T, p *process, names ...string) []marks.Held {
	t.Helper()
	var list []*marks.Mark
	for _, name := range names {
		list = append(list, p.Mark(name))
	}
	editions, err := p.Know(t.Context(), list)
	if err != nil {
		t.Error(err)
	}
	held := make([]marks.Held, len(list))
	for i, m := range list {
		held[i] = marks.Held{Mark: m, Known: editions[i]}
	}
	return held
}

// in returns what a result of another process belongs to, as p finds it in a store.
func in(p *process, held []marks.Held, names ...string) []marks.Held {
	theirs := make([]marks.Held, len(held))
	for i, h := range held {
		theirs[i] = marks.Held{Mark: p.Mark(names[i]), Known: h.Known}
	}
	return theirs
}

func check(t *testing.T, p *process, held []marks.Held, want bool) {
	t.Helper()
	got, err := p.Check(t.Context(), held)
	if got != want || err != nil {
		t.Errorf("usable: %t, %v, want %t", got, err, want)
	}
}

func allows(t *testing.T, p *process, held []marks.Held, want bool) {
	t.Helper()
	if got := p.Allows(held); got != want {
		t.Errorf("allowed: %t, want %t", got, want)
	}
}

func setMarks(t *testing.T, p *process, names ...string) {
	t.Helper()
	if err := p.Set(t.Context(), names...); err != nil {
		t.Error(err)
	}
}

// settle has p know the marks and follow the store, and returns what a result belongs to that
// begins then.
func settle(t *testing.T, p *process, names ...string) []marks.Held {
	t.Helper()
	for range 2 { // for what is known when the table begins to follow the store is forgotten
		begin(t, p, names...)
		time.Sleep(time.Second)
	}
	return begin(t, p, names...)
}

// kinds runs a test with stores that can be watched and with others.
func kinds(t *testing.T, test func(t *testing.T, watched bool)) {
	for name, watched := range map[string]bool{"watched": true, "polled": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, watched) })
		})
	}
}

func TestMarksReachOthers(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		m := fakestore.New()
		a, b := start(t, m, watched, marks.Config{}), start(t, m, watched, marks.Config{})
		fresh := []marks.Held{a.Mark("red").Hold(), a.Mark("green").Hold()}
		allows(t, a, fresh, false) // nothing is known yet
		check(t, a, fresh, true)
		inA, inB := settle(t, a, "red", "green"), settle(t, b, "red", "green")
		allows(t, a, inA, true)
		allows(t, b, inB, true)

		setMarks(t, a, "green", "blue")
		allows(t, a, inA, false)
		check(t, a, inA, false)
		time.Sleep(time.Second)
		allows(t, b, inB, false)
		check(t, b, inB, false)
		later := begin(t, b, "red", "green")
		check(t, b, later, true)
		allows(t, b, later, true)
		check(t, b, inB[:1], true)
		check(t, a, in(a, later, "red", "green"), true)
	})
}

// Each time is another one, whatever clocks say and whoever marks.
func TestMarksThatCross(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		m := fakestore.New()
		var all []*process
		for _, off := range []time.Duration{0, -time.Hour, time.Minute, 24 * time.Hour} {
			now := func() time.Time { return time.Now().Add(off) }
			all = append(all, start(t, m, watched, marks.Config{Clock: clock.New(now)}))
		}
		for range 3 {
			for _, p := range all { // who knows nothing of what the one before did
				before := begin(t, all[0], "x")
				setMarks(t, p, "x")
				check(t, p, in(p, before, "x"), false)
				time.Sleep(time.Second)
				for _, q := range all {
					check(t, q, in(q, before, "x"), false)
					check(t, q, in(q, begin(t, p, "x"), "x"), true)
				}
			}
			var wg sync.WaitGroup
			before := begin(t, all[1], "x")
			for _, p := range all {
				wg.Go(func() { setMarks(t, p, "x") })
			}
			wg.Wait()
			time.Sleep(time.Second)
			for _, q := range all {
				check(t, q, in(q, before, "x"), false)
				check(t, q, begin(t, q, "x"), true)
			}
		}
	})
}

// What began while the store was away is usable if nobody marked anything meanwhile, and not if
// somebody may have.
func TestWhatBeganWhileTheStoreWasAway(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		for _, marked := range []bool{false, true} {
			m := fakestore.New()
			a, b := start(t, m, watched, marks.Config{}), start(t, m, watched, marks.Config{})
			setMarks(t, b, "x")
			settle(t, a, "x")
			a.store.Before(func(context.Context, string, string) error { return errors.New("broken") })
			time.Sleep(2 * time.Second)
			held := []marks.Held{a.Mark("x").Hold()}
			if marked {
				setMarks(t, b, "x")
			}
			a.store.Before(nil)
			time.Sleep(2 * time.Second)
			check(t, a, held, !marked)
			if held[0].MarkedBefore(0) || marked != held[0].MarkedBefore(1<<62) {
				t.Error("not known when it was marked")
			}
		}
	})
}

func TestMarkThatIsNotWritten(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		a := start(t, fakestore.New(), watched, marks.Config{})
		held := settle(t, a, "x")
		a.store.Before(func(context.Context, string, string) error { return errors.New("broken") })
		if err := a.Set(t.Context(), "x"); err == nil {
			t.Error("set in a broken store")
		}
		if _, known := held[0].Edition(); known || !held[0].Marked() {
			t.Error("it is known what others have, or it is not marked here")
		}
	})
}

func TestOwnMarkIsNotLostWhileItIsWritten(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		a := start(t, fakestore.New(), watched, marks.Config{})
		held := settle(t, a, "x")
		a.store.Before(func(_ context.Context, op, _ string) error {
			if op == "Put" {
				time.Sleep(10 * time.Second)
			}
			return nil
		})
		var wg sync.WaitGroup
		wg.Go(func() { setMarks(t, a, "x") })
		synctest.Wait()
		for range 20 {
			check(t, a, held, false)
			time.Sleep(time.Second)
			allows(t, a, held, false)
		}
		wg.Wait()
	})
}

func TestMarkWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		a := start(t, m, true, marks.Config{})
		slow := &late{Store: m.Open()}
		tab := marks.New(marks.Config{Store: slow})
		defer tab.Close()
		if _, err := tab.Know(t.Context(), nil); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		slow.delay = 2 * time.Second
		time.AfterFunc(time.Second, func() { setMarks(t, a, "x") })
		if ok, err := tab.Check(t.Context(), []marks.Held{tab.Mark("x").Hold()}); ok || err != nil {
			t.Errorf("usable: %t, %v", ok, err)
		}
	})
}

// late is a store whose answers to Get arrive late.
type late struct {
	*fakestore.Store
	delay time.Duration
}

func (l *late) Get(ctx context.Context, key string) (store.Item, error) {
	item, err := l.Store.Get(ctx, key)
	time.Sleep(l.delay)
	return item, err
}

func TestChangesReachOthers(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		m := fakestore.New()
		a, b := start(t, m, watched, marks.Config{}), start(t, m, watched, marks.Config{})
		check(t, b, nil, true)
		time.Sleep(time.Second)
		if got, _ := b.take(); !slices.Equal(got, []string{""}) {
			t.Errorf("at start: %q", got)
		}
		if _, err := a.store.Put(t.Context(), "e/ns/1", store.Item{Stamp: 1}); err != nil {
			t.Error(err)
		}
		if err := a.Announce(t.Context()); err != nil {
			t.Error(err)
		}
		check(t, b, nil, true)
		time.Sleep(time.Second)
		want := []string{""}
		if watched {
			want = []string{"e/ns/1"}
		}
		if got, _ := b.take(); !slices.Equal(got, want) {
			t.Errorf("after a change: %q, want %q", got, want)
		}
	})
}

func TestAnnounceIsSeenWhateverTheClocksSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		a, b := start(t, m, false, marks.Config{}), start(t, m, false, marks.Config{})
		m.Edit("m/epoch", func(store.Item) store.Item { return store.Item{Stamp: now() + int64(time.Hour)} })
		check(t, b, nil, true)
		time.Sleep(time.Second)
		b.take()
		for range 3 {
			if err := a.Announce(t.Context()); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Second)
			if got, _ := b.take(); !slices.Equal(got, []string{""}) {
				t.Errorf("seen: %q", got)
			}
		}
	})
}

// A mark from a clock that is far ahead is one like others, and there at all times.
func TestMarkFromTheFuture(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		for _, stamp := range []int64{now() + int64(24*time.Hour), math.MaxInt64} {
			m := fakestore.New()
			a, b := start(t, m, watched, marks.Config{}), start(t, m, watched, marks.Config{})
			before := settle(t, b, "x")
			setMarks(t, a, "x")
			m.Edit(m.Keys()[len(m.Keys())-1], func(i store.Item) store.Item { i.Stamp = stamp; return i })
			time.Sleep(time.Second)
			check(t, b, before, false)
			held := settle(t, b, "x")
			check(t, b, held, true)
			setMarks(t, a, "x")
			time.Sleep(time.Second)
			check(t, b, held, false)
		}
	})
}

func TestFaultsMakeUnusable(t *testing.T) {
	broken := errors.New("broken")
	synctest.Test(t, func(t *testing.T) {
		a := start(t, fakestore.New(), false, marks.Config{})
		x := settle(t, a, "x")
		allows(t, a, x, true)
		a.store.Before(func(context.Context, string, string) error { return broken })
		if err := a.Set(t.Context(), "y"); !errors.Is(err, broken) {
			t.Error(err)
		}
		time.Sleep(1500 * time.Millisecond)
		allows(t, a, x, false)
		if ok, err := a.Check(t.Context(), x); ok || !errors.Is(err, broken) {
			t.Errorf("usable: %t, %v", ok, err)
		}
		time.Sleep(10 * time.Second)
		if _, faults := a.take(); !slices.Equal(faults, []string{"marks: looking at the epoch: broken"}) {
			t.Errorf("reported %q", faults)
		}
		a.store.Before(nil)
		time.Sleep(time.Second)
		allows(t, a, x, true)
	})
}

func TestWatchThatEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		other := m.Open()
		a := start(t, m, true, marks.Config{})
		x := settle(t, a, "x")
		a.store.Before(func(_ context.Context, op, _ string) error {
			if op == "Watch" || op == "Watching" {
				return errors.New("connection lost")
			}
			return nil
		})
		if err := other.Delete(t.Context(), "e/a"); err != nil { // the fake notices with the next change
			t.Error(err)
		}
		synctest.Wait()
		a.take()
		allows(t, a, x, true)
		time.Sleep(1500 * time.Millisecond)
		allows(t, a, x, false)
		check(t, a, x, true) // by asking
		if err := marks.New(marks.Config{Store: other}).Set(t.Context(), "x"); err != nil {
			t.Error(err)
		}
		check(t, a, x, false)
		a.store.Before(nil)
		time.Sleep(10 * time.Second)
		if got, _ := a.take(); !slices.Equal(got, []string{""}) {
			t.Errorf("after the watch went on: %q", got)
		}
		check(t, a, x, false)
		allows(t, a, begin(t, a, "x"), true)
	})
}

func TestStoreThatPanics(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		a := start(t, fakestore.New(), watched, marks.Config{})
		a.store.Before(func(context.Context, string, string) error { panic("driver") })
		check(t, a, nil, true)
		time.Sleep(time.Second)
		allows(t, a, nil, false)
		if _, faults := a.take(); len(faults) != 1 {
			t.Errorf("reported %q", faults)
		}
	})
}

func TestStoreThatDoesNotAnswer(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		a := start(t, fakestore.New(), watched, marks.Config{})
		a.store.Before(func(ctx context.Context, _, _ string) error { <-ctx.Done(); return ctx.Err() })
		start := time.Now()
		ok, err := a.Check(t.Context(), []marks.Held{a.Mark("x").Hold()})
		if ok || err == nil || time.Since(start) != 5*time.Second {
			t.Errorf("usable: %t, %v, after %v", ok, err, time.Since(start))
		}
	})
}

func TestTrust(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		a := start(t, fakestore.New(), watched, marks.Config{Trust: -1})
		x := settle(t, a, "x")
		a.store.Before(func(context.Context, string, string) error { return errors.New("broken") })
		for range 30 {
			time.Sleep(time.Second)
			allows(t, a, x, true)
		}
		if ok, err := a.Check(t.Context(), []marks.Held{a.Mark("never seen").Hold()}); ok || err == nil {
			t.Error("a mark that was never read is trusted")
		}
	})
}

func TestIdleTableRests(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		m := fakestore.New()
		a, b := start(t, m, watched, marks.Config{}), start(t, m, watched, marks.Config{})
		x := settle(t, a, "x")
		for range 180 { // needed
			time.Sleep(time.Second)
			allows(t, a, x, true)
		}
		time.Sleep(3 * time.Minute)
		a.store.Calls("Get")
		time.Sleep(time.Hour)
		if n := a.store.Calls("Get"); n != 0 {
			t.Errorf("%d reads while idle", n)
		}
		allows(t, a, x, false)
		setMarks(t, b, "x")
		check(t, a, x, false)
		allows(t, a, settle(t, a, "x"), true)
	})
}

func TestResumingWithoutChangeKeepsWhatIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, fakestore.New(), false, marks.Config{})
		begin(t, a, "x")
		time.Sleep(time.Hour)
		a.take()
		settle(t, a, "x")
		if changed, _ := a.take(); len(changed) != 0 {
			t.Errorf("reported %q", changed)
		}
	})
}

func TestManyMarksAreReadAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, fakestore.New(), true, marks.Config{})
		check(t, a, nil, true)
		time.Sleep(time.Second)
		for range 3 {
			check(t, a, begin(t, a, "a", "b", "c"), true)
		}
		if batches, gets := a.store.Calls("GetMany"), a.store.Calls("Get"); batches != 1 || gets != 0 {
			t.Errorf("%d batches, %d reads", batches, gets)
		}
	})
}

func TestWithoutStore(t *testing.T) {
	p := &process{Table: marks.New(marks.Config{})}
	x, y := begin(t, p, "x"), begin(t, p, "y")
	check(t, p, x, true)
	setMarks(t, p, "x")
	allows(t, p, x, false)
	allows(t, p, y, true)
	allows(t, p, begin(t, p, "x"), true)
	if !p.Allows(nil) || p.Mark("x") != x[0].Mark {
		t.Error("marks of nothing, or two marks with a name")
	}
	if err := p.Announce(t.Context()); err != nil {
		t.Error(err)
	}
	p.Close()
}

func TestClosedTable(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		a := start(t, fakestore.New(), watched, marks.Config{})
		x := begin(t, a, "x")
		synctest.Wait()
		a.Close()
		allows(t, a, x, false)
		check(t, a, x, true)
	})
}

func TestAllowsAllocatesNothing(t *testing.T) {
	tab := marks.New(marks.Config{Store: fakestore.New().Open()})
	x := []marks.Held{tab.Mark("x").Hold()}
	if n := testing.AllocsPerRun(100, func() { tab.Allows(x) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
