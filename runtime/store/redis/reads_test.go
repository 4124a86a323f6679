package redis

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
)

// fakeServer answers each command with an error that says so, when it is let.
type fakeServer struct {
	mu       sync.Mutex
	hangs    chan struct{} // nil: it doesn't
	panics   bool
	commands int // how many it got, and how many at once at most
	largest  int
}

var errAnswer = errors.New("an answer")

func (s *fakeServer) DoMulti(_ context.Context, multi ...rueidis.Completed) []rueidis.RedisResult {
	s.mu.Lock()
	s.commands += len(multi)
	s.largest = max(s.largest, len(multi))
	hangs, panics := s.hangs, s.panics
	s.mu.Unlock()
	if hangs != nil {
		<-hangs
	}
	if panics {
		panic("a bug")
	}
	answers := make([]rueidis.RedisResult, len(multi))
	for i := range answers {
		answers[i] = rueidis.NewErrorResult(errAnswer)
	}
	return answers
}

// callers has n callers read, and returns a function that waits for them and counts their errors.
func callers(ctx context.Context, r *reads, s *fakeServer, n int, limit time.Duration) func() map[error]int {
	var all sync.WaitGroup
	var mu sync.Mutex
	got := map[error]int{}
	for range n {
		all.Go(func() {
			err := r.do(ctx, s, limit, rueidis.Completed{}).Error()
			mu.Lock()
			defer mu.Unlock()
			got[err]++
		})
	}
	return func() map[error]int { all.Wait(); return got }
}

func TestReadsAreAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, s := newReads(), new(fakeServer)
		defer r.close()
		for range 3 {
			if got := callers(t.Context(), r, s, 1000, time.Second)(); got[errAnswer] != 1000 {
				t.Errorf("%v", got)
			}
		}
		if s.commands != 3000 || r.senders > senders {
			t.Errorf("%d commands by %d senders", s.commands, r.senders)
		}
	})
}

// TestReadsOfAHangingServer has callers leave a server that hangs: with their contexts, or when the
// store's time is over. What nobody sent is gone with them.
func TestReadsOfAHangingServer(t *testing.T) {
	for name, test := range map[string]struct {
		caller, limit time.Duration
	}{"the caller leaves": {time.Second, time.Hour}, "the time is over": {time.Hour, time.Second}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, s := newReads(), &fakeServer{hangs: make(chan struct{})}
				defer r.close()
				ctx, cancel := context.WithTimeout(t.Context(), test.caller)
				defer cancel()
				began := time.Now()
				got := callers(ctx, r, s, 1000, test.limit)()
				if took := time.Since(began); got[context.DeadlineExceeded] != 1000 || took != time.Second {
					t.Errorf("%v after %v", got, took)
				}
				if s.commands >= 1000 || len(r.waiting) != 0 {
					t.Errorf("%d commands were sent, %d are waiting", s.commands, len(r.waiting))
				}
				close(s.hangs)
				if got := callers(t.Context(), r, s, 1000, time.Hour)(); got[errAnswer] != 1000 {
					t.Errorf("when it answers again: %v", got)
				}
				if s.largest > batch {
					t.Errorf("%d commands in one pipeline", s.largest)
				}
			})
		})
	}
}

func TestReadsByAClientThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, s := newReads(), &fakeServer{panics: true}
		defer r.close()
		if err := r.do(t.Context(), s, time.Second, rueidis.Completed{}).Error(); err == nil || errors.Is(err, errAnswer) {
			t.Errorf("%v, want an error that tells of the panic", err)
		}
		s.panics = false
		if err := r.do(t.Context(), s, time.Second, rueidis.Completed{}).Error(); !errors.Is(err, errAnswer) {
			t.Errorf("afterwards: %v", err)
		}
	})
}

// TestReadsEndWithTheStore closes while reads are under way: they end, and no sender is left, which
// synctest would tell.
func TestReadsEndWithTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, s := newReads(), &fakeServer{hangs: make(chan struct{})}
		wait := callers(t.Context(), r, s, 100, time.Hour)
		synctest.Wait()
		r.close()
		close(s.hangs)
		if got := wait(); got[errAnswer] != 100 {
			t.Errorf("%v", got)
		}
		if err := r.do(t.Context(), s, time.Second, rueidis.Completed{}).Error(); !errors.Is(err, store.ErrClosed) {
			t.Errorf("after the end: %v", err)
		}
	})
}
