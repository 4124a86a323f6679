package engine

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestLookEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		l := newLook(t.Context(), began.Add(time.Second))
		<-l.Done()
		if took := time.Since(began); took != time.Second || context.Cause(l) != context.DeadlineExceeded {
			t.Errorf("%v, %v", took, context.Cause(l))
		}
		if more := l.end(); more != 0 {
			t.Errorf("%v more", more)
		}
		past := newLook(t.Context(), began)
		<-past.Done()
		past.end()
	})
}

// What the process lost by getting no processor is not the store's fault.
func TestStarvedLookGetsMoreTime(t *testing.T) {
	for name, c := range map[string]struct {
		deadline time.Duration // of the caller; 0: none
		want     int           // how often there is more time
	}{"no deadline": {0, mostAgain}, "a distant one": {time.Hour, mostAgain}, "a close one": {2 * time.Second, 0}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if c.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, c.deadline)
					defer cancel()
				}
				l := newLook(ctx, time.Now().Add(time.Second))
				defer l.end()
				got := 0
				for range mostAgain + 1 {
					l.mu.Lock()
					l.due = l.due.Add(-time.Minute) // as if the timer were late
					l.mu.Unlock()
					time.Sleep(time.Second)
					synctest.Wait()
					if l.Err() != nil {
						break
					}
					got++
				}
				if got != c.want {
					t.Errorf("%d times, want %d", got, c.want)
				}
			})
		})
	}
}
