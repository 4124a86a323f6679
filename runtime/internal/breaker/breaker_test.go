package breaker_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/breaker"
)

func fail(b *breaker.Breaker, times int) {
	for range times {
		b.Failed()
	}
}

func TestRestsAfterFaultsInARow(t *testing.T) {
	var b breaker.Breaker
	fail(&b, 2)
	b.Succeeded(time.Millisecond)
	fail(&b, 2)
	if !b.Admit() {
		t.Fatal("rests too soon")
	}
	b.Failed()
	if b.Admit() {
		t.Fatal("does not rest")
	}
}

func TestOneTriesAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b breaker.Breaker
		fail(&b, 3)
		for range 20 { // an outage
			time.Sleep(400 * time.Millisecond)
			admitted := 0
			var mu sync.Mutex
			var all sync.WaitGroup
			for range 1000 {
				all.Go(func() {
					if b.Admit() {
						mu.Lock()
						defer mu.Unlock()
						admitted++
					}
				})
			}
			all.Wait()
			if admitted != 1 {
				t.Fatalf("%d try at once", admitted)
			}
			b.Failed()
		}
		time.Sleep(400 * time.Millisecond)
		if !b.Admit() {
			t.Fatal("nobody tries again")
		}
		b.Succeeded(time.Millisecond)
		for range 3 {
			if !b.Admit() {
				t.Fatal("still rests after a success")
			}
		}
	})
}

func TestTrialThatHangsIsFollowedByAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b breaker.Breaker
		fail(&b, 3)
		time.Sleep(400 * time.Millisecond)
		if !b.Admit() || b.Admit() {
			t.Fatal("not one tries")
		}
		time.Sleep(400 * time.Millisecond)
		if !b.Admit() {
			t.Error("nobody else tries")
		}
	})
}

func TestLeavingIsAFaultIfItTookUnusuallyLong(t *testing.T) {
	for name, test := range map[string]struct {
		usual, waited time.Duration
		fault         bool
	}{
		"fast store, long":  {time.Millisecond, 20 * time.Millisecond, true},
		"fast store, short": {time.Millisecond, 4 * time.Millisecond, false},
		"slow store":        {50 * time.Millisecond, 100 * time.Millisecond, false},
		"slow store, long":  {50 * time.Millisecond, 300 * time.Millisecond, true},
		"unknown":           {0, 20 * time.Millisecond, false},
		"unknown, long":     {0, 100 * time.Millisecond, true},
	} {
		var b breaker.Breaker
		if test.usual > 0 {
			b.Succeeded(test.usual)
		}
		for range 3 {
			b.Left(test.waited)
		}
		if rests := !b.Admit(); rests != test.fault {
			t.Errorf("%s: rests: %t", name, rests)
		}
	}
}

// TestTelling checks that one short wait is not told: a busy machine makes callers wait too.
func TestTelling(t *testing.T) {
	var b breaker.Breaker
	b.Succeeded(time.Millisecond)
	if b.Left(6 * time.Millisecond) {
		t.Error("one short wait is told")
	}
	if !b.Left(6 * time.Millisecond) {
		t.Error("the second in a row is not told")
	}
	b.Succeeded(time.Millisecond)
	if !b.Left(time.Second) {
		t.Error("a long wait is not told")
	}
}
