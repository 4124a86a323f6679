package cache_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// squares is a batch function that knows no negative numbers.
type squares struct {
	cache cacheimpl.Function[number, int]
	mu    sync.Mutex
	calls [][]int
	hook  func(ctx context.Context, ids []int) error
}

func newSquares(o cacheimpl.Options) *squares {
	return newSquaresOf(cacheimpl.Spec{Options: o})
}

func newSquaresOf(spec cacheimpl.Spec) *squares {
	spec.Name = fmt.Sprintf("example.com/test.Squares%d", names.Add(1))
	return &squares{cache: cacheimpl.NewFunction[number, int](spec)}
}

func (s *squares) get(ctx context.Context, ids ...int) (map[int]int, error) {
	return cacheimpl.DoBatch(ctx, s.cache.Core, ids, func(id int) number { return number{id} }, s.execute)
}

// one is a call for 1 as functions without batches have it.
func (s *squares) one(ctx context.Context) error {
	_, err := cacheimpl.Do(ctx, s.cache.Core, number{1}, func(context.Context) (int, error) { return 1, nil })
	return err
}

func (s *squares) execute(ctx context.Context, ids []int) (map[int]int, error) {
	s.mu.Lock()
	s.calls = append(s.calls, ids)
	s.mu.Unlock()
	if s.hook != nil {
		if err := s.hook(ctx, ids); err != nil {
			return nil, err
		}
	}
	m := map[int]int{}
	for _, id := range ids {
		if id >= 0 {
			m[id] = id * id
		}
	}
	return m, nil
}

func (s *squares) took() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := fmt.Sprint(s.calls)
	s.calls = nil
	return calls
}

func (s *squares) expect(t *testing.T, ctx context.Context, want string, ids ...int) {
	t.Helper()
	got, err := s.get(ctx, ids...)
	if err != nil {
		t.Fatal(err)
	}
	all := map[int]int{}
	for _, id := range ids {
		if id >= 0 {
			all[id] = id * id
		}
	}
	if !maps.Equal(got, all) {
		t.Errorf("%v for %v", got, ids)
	}
	if calls := s.took(); calls != want {
		t.Errorf("%v: calls %s, want %s", ids, calls, want)
	}
}

func TestBatchAsksForWhatIsMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		a, b := newProcess(t, m), newProcess(t, m)
		s := newSquares(cacheimpl.Options{})
		s.expect(t, a.ctx, "[[3 1 2]]", 3, 1, 2)
		s.expect(t, a.ctx, "[[4]]", 1, 4, 1, 3)
		s.expect(t, a.ctx, "[]", 1, 2, 3, 4)
		s.expect(t, a.ctx, "[]")
		s.expect(t, a.ctx, "[[-1 5]]", 1, -1, 5, -1)
		s.expect(t, a.ctx, "[[-1]]", -1, 5)
		flush(t, a.cache)
		b.store.Calls("GetMany")
		b.store.Calls("Get")
		s.expect(t, b.ctx, "[[6]]", 5, 6, 4)
		if n := b.store.Calls("GetMany"); n != 1 {
			t.Errorf("%d reads", n)
		}
		s.expect(t, cache.WithMode(a.ctx, cache.Bypass), "[[1 1 2]]", 1, 1, 2)
		s.expect(t, cache.WithMode(a.ctx, cache.Refresh), "[[1 2]]", 1, 1, 2)
		if _, err := s.get(cache.WithMode(a.ctx, cache.Frozen), 1, 9); !errors.Is(err, cache.ErrFrozen) {
			t.Error(err)
		}
		s.expect(t, cache.WithMode(a.ctx, cache.Frozen), "[]", 1, 2)
		v, _, ok := s.cache.Lookup(a.ctx, number{4})
		if v != 16 || !ok {
			t.Errorf("%d, %t", v, ok)
		}
	})
}

func TestOverlappingBatchesShareExecutions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSquares(cacheimpl.Options{})
		s.hook = func(context.Context, []int) error { time.Sleep(time.Minute); return nil }
		ctx := t.Context()
		begin := time.Now()
		var all sync.WaitGroup
		for _, ids := range [][]int{{1, 2, 3}, {3, 4, 1}, {4, 5, 2, 3}} {
			all.Go(func() {
				if m, err := s.get(ctx, ids...); err != nil || len(m) != len(ids) {
					t.Errorf("%v: %v, %v", ids, m, err)
				}
			})
			synctest.Wait()
		}
		all.Wait()
		if calls := s.took(); calls != "[[1 2 3] [4] [5]]" || time.Since(begin) != time.Minute {
			t.Errorf("%s in %v", calls, time.Since(begin))
		}
	})
}

func TestBatchTakesOverFromOneWhoseContextEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSquares(cacheimpl.Options{})
		s.hook = func(ctx context.Context, _ []int) error {
			select {
			case <-time.After(time.Minute):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := s.get(ctx, 1, 2); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		})
		synctest.Wait()
		s.expect(t, t.Context(), "[[1 2] [3] [2]]", 2, 3)
		all.Wait()
	})
}

func TestBatchFailureAndPanicReachOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		s := newSquares(cacheimpl.Options{})
		panics := false
		s.hook = func(_ context.Context, ids []int) error {
			time.Sleep(time.Minute)
			if slices.Contains(ids, 1) {
				if panics {
					panic(broken)
				}
				return broken
			}
			return nil
		}
		for _, panics = range []bool{false, true} {
			var all sync.WaitGroup
			for _, ids := range [][]int{{1, 2}, {2, 3}} {
				all.Go(func() {
					defer func() {
						if p := recover(); (p == broken) != panics {
							t.Errorf("%v: panic %v", ids, p)
						}
					}()
					if _, err := s.get(t.Context(), ids...); err != broken {
						t.Errorf("%v: %v", ids, err)
					}
				})
				synctest.Wait()
			}
			all.Wait()
			s.took()
			s.expect(t, t.Context(), "[]", 3)
			if err := s.cache.Clear(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.expect(t, t.Context(), "[[3]]", 3)
		}
	})
}

func TestBatchThroughItsOwnContextExecutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSquares(cacheimpl.Options{})
		depth := 0
		s.hook = func(ctx context.Context, ids []int) error {
			if depth++; depth == 1 {
				_, err := s.get(ctx, 1, 2, 3)
				return err
			}
			return nil
		}
		s.expect(t, t.Context(), "[[1 2] [3] [1 2]]", 1, 2)
	})
}

func TestBatchWithElementsThatHaveNoKey(t *testing.T) {
	f := cacheimpl.NewEncodedFunction[odd, int](cacheimpl.Spec{Name: fmt.Sprintf("example.com/test.Odd%d", names.Add(1))})
	var calls [][]int
	get := func(ids ...int) map[int]int {
		m, err := cacheimpl.DoBatch(t.Context(), f.Core, ids, func(id int) odd { return odd{id} },
			func(_ context.Context, ids []int) (map[int]int, error) {
				calls = append(calls, ids)
				m := map[int]int{}
				for _, id := range ids {
					m[id] = id
				}
				return m, nil
			})
		if err != nil || len(m) != len(ids) {
			t.Errorf("%v: %v, %v", ids, m, err)
		}
		return m
	}
	get(1, 2, 3)
	get(1, 2, 3)
	if got := fmt.Sprint(calls); got != "[[1 3 2] [2]]" {
		t.Error(got)
	}
}

// odd has a key only if it is.
type odd struct{ N int }

func (a odd) AppendCacheKey(b []byte) []byte {
	if a.N%2 == 0 {
		return nil
	}
	return cacheimpl.AppendInt(b, int64(a.N))
}
