package clock_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/clock"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
)

// fake is a wall clock that is set by hand.
type fake struct{ t time.Time }

func (f *fake) now() time.Time { return f.t }

func newFake() (*fake, *clock.Clock) {
	f := &fake{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	return f, clock.New(f.now)
}

func TestStampsGrow(t *testing.T) {
	f, c := newFake()
	last := int64(0)
	for _, step := range []time.Duration{time.Second, 0, -40 * time.Second, -time.Nanosecond, time.Minute} {
		f.t = f.t.Add(step)
		for range 3 {
			if s := c.Stamp(); s <= last {
				t.Errorf("%v: %d after %d", step, s, last)
			} else {
				last = s
			}
		}
	}
}

func TestClockThatGoesFarBackStartsAnew(t *testing.T) {
	f, c := newFake()
	c.Stamp()
	f.t = f.t.Add(-time.Hour)
	if s := c.Stamp(); s != f.t.UnixNano() {
		t.Errorf("%v, want %v", time.Unix(0, s), f.t)
	}
}

func TestOver(t *testing.T) {
	f, c := newFake()
	ahead := &fake{f.t.Add(clock.Margin)}
	if fast := clock.New(ahead.now).Stamp(); c.Over() < fast {
		t.Error("loses against a clock that is ahead by the margin")
	}
	if c.Damaged(c.Over()) {
		t.Error("is damage for itself")
	}
	if d := clock.Tolerance; c.Damaged(f.t.Add(d).UnixNano()) || !c.Damaged(f.t.Add(d+1).UnixNano()) {
		t.Error("damage does not begin after the tolerance")
	}
}

func TestTimesOfOthersAgeAsOurs(t *testing.T) {
	f, c := newFake()
	made := c.Time(f.t.Add(-time.Minute).UnixNano())
	if age := c.Now().Sub(made); age != time.Minute {
		t.Errorf("%v", age)
	}
	real := clock.New(nil)
	if made := real.Time(time.Now().Add(-time.Minute).UnixNano()); made.Round(0) == made {
		t.Error("no monotonic reading")
	}
}

func TestImpose(t *testing.T) {
	for name, stamp := range map[string]func(now int64) int64{
		"nothing": func(int64) int64 { return -1 },
		"older":   func(now int64) int64 { return now - 1 },
		"ahead":   func(now int64) int64 { return now + int64(50*time.Second) },
		"damage":  func(now int64) int64 { return now + int64(24*time.Hour) },
		"the end": func(int64) int64 { return math.MaxInt64 },
	} {
		f, c := newFake()
		s := fakestore.New().Open()
		if there := stamp(f.t.UnixNano()); there >= 0 {
			if ok, err := s.Put(t.Context(), "k", store.Item{Value: []byte("old"), Stamp: there}); !ok || err != nil {
				t.Fatal(ok, err)
			}
		}
		last, err := c.Impose(t.Context(), s, "k", c.Over(), func(stamp int64) (store.Item, error) {
			return store.Item{Value: []byte("new"), Stamp: stamp}, nil
		})
		item, _ := s.Get(t.Context(), "k")
		if err != nil || string(item.Value) != "new" || item.Stamp != last || c.Damaged(last) {
			t.Errorf("%s: %q at %v, %v", name, item.Value, time.Unix(0, item.Stamp), err)
		}
	}
}

func TestImposeTellsOfFaults(t *testing.T) {
	_, c := newFake()
	broken := errors.New("broken")
	for _, op := range []string{"Put", "Get"} {
		s := fakestore.New().Open()
		_, _ = s.Put(t.Context(), "k", store.Item{Stamp: math.MaxInt64})
		s.Before(func(_ context.Context, o, _ string) error {
			if o == op {
				return broken
			}
			return nil
		})
		_, err := c.Impose(t.Context(), s, "k", c.Over(), func(stamp int64) (store.Item, error) { return store.Item{Stamp: stamp}, nil })
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", op, err)
		}
	}
}
