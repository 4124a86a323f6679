package flight_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/cachegen/cachegen/runtime/internal/flight"
	"github.com/cachegen/cachegen/runtime/internal/key"
)

// call is a call for a key; all have one hash.
type call int

func (c call) Same(other call) bool { return c == other }

type (
	flights = flight.Flights[call, string]
	landed  = flight.Outcome[string]
)

const hash = 7

func enter(fs *flights, c call, now, asked int64) (*flight.Flight[call, string], bool) {
	return fs.Enter(hash, flight.Request[call]{Call: c, Now: now, Asked: asked})
}

func TestWhoLeadsAndWhoJoins(t *testing.T) {
	for name, c := range map[string]struct {
		between func(*flights)
		call    call
		asked   int64
		leads   bool
	}{
		"the same call joins":                       {nil, 1, 0, false},
		"another key with the hash leads":           {nil, 2, 0, true},
		"who asked later leads":                     {nil, 1, 11, true},
		"who asked before joins":                    {nil, 1, 10, false},
		"after a removal nobody joins":              {func(fs *flights) { fs.Outdate(hash, 11, func() {}) }, 1, 0, true},
		"a removal before it began is none of its":  {func(fs *flights) { fs.Outdate(hash, 10, func() {}) }, 1, 0, false},
		"after all were removed nobody joins":       {func(fs *flights) { fs.OutdateAll(11, func() {}) }, 1, 0, true},
		"after what has no name yet was removed":    {func(fs *flights) { fs.OutdateNamed(key.Key{1}, 11, func() {}) }, 1, 0, true},
		"after others removed it":                   {removedByOthers(6), 1, 0, true},
		"what was seen in the store is no news":     {removedByOthers(5), 1, 0, false},
		"after others may have removed it":          {unsettled(key.Key{1}), 1, 0, true},
		"what others may have removed is elsewhere": {unsettled(key.Key{2}), 1, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			fs := new(flights)
			f, leads := enter(fs, 1, 10, 0)
			if !leads {
				t.Fatal("nobody leads")
			}
			if c.between != nil {
				c.between(fs)
			}
			if _, leads := enter(fs, c.call, 20, c.asked); leads != c.leads {
				t.Errorf("leads: %t", leads)
			}
			fs.Land(hash, f, landed{Landing: flight.Landed})
		})
	}
}

func removedByOthers(stamp int64) func(*flights) {
	return func(fs *flights) {
		fs.Asks(hash, key.Key{1})
		fs.Found(hash, 5)
		fs.Replaced(map[key.Key]int64{{1}: stamp}, 11)
	}
}

func unsettled(name key.Key) func(*flights) {
	return func(fs *flights) {
		fs.Asks(hash, key.Key{1})
		fs.Unsettle([]key.Key{name}, 11)
	}
}

func TestWaitersGetWhatTheFlightCameTo(t *testing.T) {
	for _, want := range []landed{
		{Landing: flight.Landed, Result: "r", Made: true},
		{Landing: flight.Landed, Err: context.Canceled},
		{Landing: flight.Panicked, Panic: "p"},
		{Landing: flight.Orphaned},
	} {
		synctest.Test(t, func(t *testing.T) {
			fs := new(flights)
			f, _ := enter(fs, 1, 10, 0)
			for range 3 {
				joined, leads := enter(fs, 1, 11, 0)
				if joined != f || leads {
					t.Fatal("did not join")
				}
				go func() {
					if o, in, circle := joined.Wait(t.Context()); o != want || !in || circle {
						t.Errorf("%+v, in time %t, circle %t, want %+v", o, in, circle, want)
					}
				}()
			}
			synctest.Wait()
			fs.Land(hash, f, want)
			synctest.Wait()
			if _, leads := enter(fs, 1, 12, 0); !leads {
				t.Error("what has landed is joined")
			}
		})
	}
}

func TestWaiterLeavesWithItsContext(t *testing.T) {
	fs := new(flights)
	enter(fs, 1, 10, 0)
	f, _ := enter(fs, 1, 11, 0)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, in, circle := f.Wait(ctx); in || circle {
		t.Errorf("in time %t, circle %t", in, circle)
	}
}

func TestWaitsThatWouldCloseACircle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fs, others := new(flights), new(flights)
		a, _ := enter(fs, 1, 1, 0)
		b, _ := enter(others, 1, 2, 0)
		inA, inB := a.Context(t.Context()), b.Context(t.Context())
		joinA, _ := enter(fs, 1, 3, 0)
		if _, _, circle := joinA.Wait(inA); !circle {
			t.Error("a flight waits for itself")
		}
		joinB, _ := enter(others, 1, 4, 0)
		go func() {
			if _, in, circle := joinB.Wait(inA); !in || circle {
				t.Errorf("in time %t, circle %t", in, circle)
			}
		}()
		synctest.Wait()
		joinA, _ = enter(fs, 1, 5, 0)
		if _, _, circle := joinA.Wait(inB); !circle {
			t.Error("two flights wait for each other")
		}
		others.Land(hash, b, landed{Landing: flight.Landed})
		synctest.Wait()
		fs.Land(hash, a, landed{Landing: flight.Landed})
	})
}

func TestSettle(t *testing.T) {
	for name, c := range map[string]struct {
		during func(*flights)
		began  int64
		made   bool
		kept   bool
	}{
		"what was made":                            {func(*flights) {}, 10, true, true},
		"what was made before a removal":           {func(fs *flights) { fs.Outdate(hash, 11, func() {}) }, 10, true, false},
		"what was made after it":                   {func(fs *flights) { fs.Outdate(hash, 11, func() {}) }, 11, true, true},
		"what was found while others changed it":   {doubt, 10, false, false},
		"what was made while others changed it":    {doubt, 10, true, true},
		"what was found before something was made": {func(fs *flights) { fs.Settle(hash, 11, 15, true, func() {}) }, 10, false, false},
		"what was read while something was made":   {func(fs *flights) { fs.Settle(hash, 11, 15, true, func() {}) }, 12, false, false},
		"what was read after something was made":   {func(fs *flights) { fs.Settle(hash, 11, 15, true, func() {}) }, 16, false, true},
		"what began while something was made":      {func(fs *flights) { fs.Settle(hash, 11, 15, true, func() {}) }, 12, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			fs := new(flights)
			fs.Begin(hash)
			c.during(fs)
			called := false
			if kept := fs.Settle(hash, c.began, 20, c.made, func() { called = true }); kept != c.kept || called != c.kept {
				t.Errorf("kept: %t, %t", kept, called)
			}
			fs.End(hash)
			if !fs.Settle(hash, 1, 1, false, func() {}) {
				t.Error("what has ended is remembered")
			}
		})
	}
}

func doubt(fs *flights) {
	fs.Asks(hash, key.Key{1})
	fs.Doubt(func(name key.Key) bool { return name == key.Key{1} })
}

func TestWanted(t *testing.T) {
	fs := new(flights)
	f, _ := enter(fs, 1, 1, 0)
	if fs.Wanted(f) || fs.Wanted(nil) {
		t.Error("nobody wants it kept")
	}
	fs.Enter(hash, flight.Request[call]{Call: 1, Now: 2, Keep: true})
	if !fs.Wanted(f) {
		t.Error("who joined wants it kept")
	}
}
