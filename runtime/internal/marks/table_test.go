package marks_test

import (
	"context"
	"errors"
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

// unheld are marks that were not known when something began.
func unheld(list []*marks.Mark) []marks.Held {
	held := make([]marks.Held, len(list))
	for i, m := range list {
		held[i] = marks.Held{Mark: m, Known: marks.Unheld}
	}
	return held
}

func check(t *testing.T, p *process, began int64, m []*marks.Mark, want bool) {
	t.Helper()
	got, err := p.Check(t.Context(), began, unheld(m))
	if got != want || err != nil {
		t.Errorf("usable: %t, %v, want %t", got, err, want)
	}
}

func allows(t *testing.T, p *process, began int64, m []*marks.Mark, want bool) {
	t.Helper()
	if got := p.Allows(began, unheld(m)); got != want {
		t.Errorf("allowed: %t, want %t", got, want)
	}
}

// settle has p know the marks and follow the store.
func settle(t *testing.T, p *process, m []*marks.Mark) {
	t.Helper()
	for range 2 { // for what is known when the table begins to follow the store is forgotten
		if _, err := p.Know(t.Context(), m); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Second)
	}
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
		tags := func(p *process) []*marks.Mark { return []*marks.Mark{p.Mark("red"), p.Mark("green")} }
		inA, inB := tags(a), tags(b)
		began := now()
		time.Sleep(time.Millisecond)
		allows(t, a, began, inA, false) // nothing is known yet
		check(t, a, began, inA, true)
		check(t, b, began, inB, true)
		settle(t, a, inA)
		settle(t, b, inB)
		allows(t, a, began, inA, true)
		allows(t, b, began, inB, true)

		if err := a.Set(t.Context(), now(), "green", "blue"); err != nil {
			t.Error(err)
		}
		allows(t, a, began, inA, false)
		check(t, a, began, inA, false)
		time.Sleep(time.Second)
		allows(t, b, began, inB, false)
		check(t, b, began, inB, false)
		check(t, b, now(), inB, true)
		allows(t, b, now(), inB, true)
		check(t, b, began, []*marks.Mark{b.Mark("red")}, true)
	})
}

func TestWhatBeganAtTheMarkIsUnusable(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		m := fakestore.New()
		a, b := start(t, m, watched, marks.Config{}), start(t, m, watched, marks.Config{})
		if err := a.Set(t.Context(), 5, "x"); err != nil {
			t.Error(err)
		}
		for began, want := range map[int64]bool{4: false, 5: false, 6: true} {
			check(t, a, began, []*marks.Mark{a.Mark("x")}, want)
			check(t, b, began, []*marks.Mark{b.Mark("x")}, want)
		}
		x, y := b.Mark("x"), b.Mark("y")
		check(t, b, 6, []*marks.Mark{x}, true)
		if stamp, known := x.Stamp(); stamp != 5 || !known {
			t.Errorf("stamp %d, known %t", stamp, known)
		}
		if _, known := y.Stamp(); known {
			t.Error("a mark that nobody asked for is known")
		}
		b.store.Before(func(context.Context, string, string) error { return errors.New("broken") })
		if err := b.Set(t.Context(), 7, "y"); err == nil {
			t.Error("set in a broken store")
		}
		if stamp, known := y.Stamp(); stamp != 7 || known {
			t.Errorf("stamp %d, known %t", stamp, known)
		}
	})
}

func TestMarksOnlyRise(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		a := start(t, fakestore.New(), watched, marks.Config{})
		for _, stamp := range []int64{5, 3} {
			if err := a.Set(t.Context(), stamp, "x"); err != nil {
				t.Error(err)
			}
		}
		check(t, a, 4, []*marks.Mark{a.Mark("x")}, false)
	})
}

func TestOwnMarkIsNotLostWhileItIsWritten(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		a := start(t, fakestore.New(), watched, marks.Config{})
		a.store.Before(func(_ context.Context, op, _ string) error {
			if op == "Put" {
				time.Sleep(10 * time.Second)
			}
			return nil
		})
		began := now()
		time.Sleep(time.Millisecond)
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := a.Set(t.Context(), now(), "x"); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		for range 20 {
			x := []*marks.Mark{a.Mark("x")}
			check(t, a, began, x, false)
			time.Sleep(time.Second)
			allows(t, a, began, x, false)
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
		began := now()
		time.AfterFunc(time.Second, func() {
			if err := a.Set(t.Context(), began, "x"); err != nil {
				t.Error(err)
			}
		})
		if ok, err := tab.Check(t.Context(), began, unheld([]*marks.Mark{tab.Mark("x")})); ok || err != nil {
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
		check(t, b, 1, nil, true)
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
		check(t, b, 1, nil, true)
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
		check(t, b, 1, nil, true)
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

func TestMarkFromTheFuture(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		m := fakestore.New()
		a, b := start(t, m, watched, marks.Config{}), start(t, m, watched, marks.Config{})
		if err := a.Set(t.Context(), now()+int64(time.Hour), "x"); err != nil {
			t.Error(err)
		}
		x := []*marks.Mark{b.Mark("x")}
		check(t, b, now(), x, false)
		settle(t, b, x)
		if ok, err := b.Check(t.Context(), now(), []marks.Held{x[0].Hold()}); !ok || err != nil {
			t.Errorf("usable: %t, %v", ok, err)
		}
		if item, err := b.store.Get(t.Context(), m.Keys()[0]); err != nil || item.Stamp > now()+int64(clock.Tolerance) {
			t.Errorf("not mended: %v, %v", time.Unix(0, item.Stamp), err)
		}
	})
}

func TestFaultsMakeUnusable(t *testing.T) {
	broken := errors.New("broken")
	synctest.Test(t, func(t *testing.T) {
		a := start(t, fakestore.New(), false, marks.Config{})
		x := []*marks.Mark{a.Mark("x")}
		settle(t, a, x)
		allows(t, a, 1, x, true)
		a.store.Before(func(context.Context, string, string) error { return broken })
		if err := a.Set(t.Context(), 1, "y"); !errors.Is(err, broken) {
			t.Error(err)
		}
		time.Sleep(1500 * time.Millisecond)
		allows(t, a, 1, x, false)
		if ok, err := a.Check(t.Context(), 1, unheld(x)); ok || !errors.Is(err, broken) {
			t.Errorf("usable: %t, %v", ok, err)
		}
		time.Sleep(10 * time.Second)
		if _, faults := a.take(); !slices.Equal(faults, []string{"marks: looking at the epoch: broken"}) {
			t.Errorf("reported %q", faults)
		}
		a.store.Before(nil)
		time.Sleep(time.Second)
		allows(t, a, 1, x, true)
	})
}

func TestWatchThatEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		other := m.Open()
		a := start(t, m, true, marks.Config{})
		x := []*marks.Mark{a.Mark("x")}
		settle(t, a, x)
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
		allows(t, a, 1, x, true)
		time.Sleep(1500 * time.Millisecond)
		allows(t, a, 1, x, false)
		check(t, a, 1, x, true) // by asking
		if err := marks.New(marks.Config{Store: other}).Set(t.Context(), 1, "x"); err != nil {
			t.Error(err)
		}
		check(t, a, 1, x, false)
		a.store.Before(nil)
		time.Sleep(10 * time.Second)
		if got, _ := a.take(); !slices.Equal(got, []string{""}) {
			t.Errorf("after the watch went on: %q", got)
		}
		check(t, a, 1, x, false)
		allows(t, a, 2, x, true)
	})
}

func TestStoreThatPanics(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		a := start(t, fakestore.New(), watched, marks.Config{})
		a.store.Before(func(context.Context, string, string) error { panic("driver") })
		check(t, a, 1, nil, true)
		time.Sleep(time.Second)
		allows(t, a, 1, nil, false)
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
		ok, err := a.Check(t.Context(), 1, unheld([]*marks.Mark{a.Mark("x")}))
		if ok || err == nil || time.Since(start) != 5*time.Second {
			t.Errorf("usable: %t, %v, after %v", ok, err, time.Since(start))
		}
	})
}

func TestTrust(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		a := start(t, fakestore.New(), watched, marks.Config{Trust: -1})
		x := []*marks.Mark{a.Mark("x")}
		settle(t, a, x)
		a.store.Before(func(context.Context, string, string) error { return errors.New("broken") })
		for range 30 {
			time.Sleep(time.Second)
			allows(t, a, 1, x, true)
		}
		if ok, err := a.Check(t.Context(), 1, unheld([]*marks.Mark{a.Mark("never seen")})); ok || err == nil {
			t.Error("a mark that was never read is trusted")
		}
	})
}

func TestIdleTableRests(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		m := fakestore.New()
		a, b := start(t, m, watched, marks.Config{}), start(t, m, watched, marks.Config{})
		x := []*marks.Mark{a.Mark("x")}
		settle(t, a, x)
		for range 180 { // needed
			time.Sleep(time.Second)
			allows(t, a, 1, x, true)
		}
		time.Sleep(3 * time.Minute)
		a.store.Calls("Get")
		time.Sleep(time.Hour)
		if n := a.store.Calls("Get"); n != 0 {
			t.Errorf("%d reads while idle", n)
		}
		allows(t, a, 1, x, false)
		if err := b.Set(t.Context(), 1, "x"); err != nil {
			t.Error(err)
		}
		check(t, a, 1, x, false)
		settle(t, a, x)
		allows(t, a, 2, x, true)
	})
}

func TestResumingWithoutChangeKeepsWhatIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, fakestore.New(), false, marks.Config{})
		x := []*marks.Mark{a.Mark("x")}
		check(t, a, 1, x, true)
		time.Sleep(time.Hour)
		a.take()
		settle(t, a, x)
		if changed, _ := a.take(); len(changed) != 0 {
			t.Errorf("reported %q", changed)
		}
	})
}

func TestManyMarksAreReadAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, fakestore.New(), true, marks.Config{})
		check(t, a, 1, nil, true)
		time.Sleep(time.Second)
		many := []*marks.Mark{a.Mark("a"), a.Mark("b"), a.Mark("c")}
		for range 3 {
			check(t, a, 1, many, true)
		}
		if batches, gets := a.store.Calls("GetMany"), a.store.Calls("Get"); batches != 1 || gets != 0 {
			t.Errorf("%d batches, %d reads", batches, gets)
		}
	})
}

func TestWithoutStore(t *testing.T) {
	tab := marks.New(marks.Config{})
	x := []*marks.Mark{tab.Mark("x"), tab.Mark("y")}
	if ok, err := tab.Check(t.Context(), 1, unheld(x)); !ok || err != nil {
		t.Error("unusable without a mark")
	}
	if err := tab.Set(t.Context(), 5, "x"); err != nil {
		t.Error(err)
	}
	for began, want := range map[int64]bool{5: false, 6: true} {
		if tab.Allows(began, unheld(x)) != want {
			t.Errorf("began at %d: not %t", began, want)
		}
	}
	if !tab.Allows(1, unheld(nil)) || tab.Mark("x") != x[0] {
		t.Error("marks of nothing, or two marks with a name")
	}
	if err := tab.Announce(t.Context()); err != nil {
		t.Error(err)
	}
	tab.Close()
}

func TestClosedTable(t *testing.T) {
	kinds(t, func(t *testing.T, watched bool) {
		a := start(t, fakestore.New(), watched, marks.Config{})
		x := []*marks.Mark{a.Mark("x")}
		check(t, a, 1, x, true)
		synctest.Wait()
		a.Close()
		allows(t, a, 1, x, false)
		check(t, a, 1, x, true)
	})
}

func TestAllowsAllocatesNothing(t *testing.T) {
	tab := marks.New(marks.Config{Store: fakestore.New().Open()})
	x := []*marks.Mark{tab.Mark("x")}
	if n := testing.AllocsPerRun(100, func() { tab.Allows(1, unheld(x)) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
