package cache_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cachegen/cachegen/runtime/cacheimpl"
)

func TestResultsCopiedByTheCodec(t *testing.T) {
	s := wrap(cacheimpl.Options{CloneByCodec: true}, func(context.Context, int) ([]int, error) { return []int{1, 2}, nil })
	for range 3 {
		v := s.must(t, t.Context(), 1)
		if len(v) != 2 || v[0] != 1 {
			t.Fatalf("%v", v)
		}
		v[0] = 7
		if cacheimpl.Hit(t.Context(), s.cache.Core, number{1}) != nil {
			t.Error("Hit hands out what has to be copied")
		}
	}
	if stats := s.cache.Stats(); stats.Misses != 1 || stats.Hits != 2 {
		t.Errorf("%+v", stats)
	}
}

func TestResultsWithoutReferencesAreShared(t *testing.T) {
	s := wrap(cacheimpl.Options{CloneByCodec: true}, func(context.Context, int) (string, error) { return "a", nil })
	s.must(t, t.Context(), 1)
	if cacheimpl.Hit(t.Context(), s.cache.Core, number{1}) == nil {
		t.Error("a string takes the long way")
	}
}

func TestShareHandsOutTheValueItself(t *testing.T) {
	s := wrapSpec(cacheimpl.Spec{Options: cacheimpl.Options{Share: true}}, func(context.Context, int) ([]int, error) { return []int{1}, nil })
	if a, b := s.must(t, t.Context(), 1), s.must(t, t.Context(), 1); &a[0] != &b[0] {
		t.Error("share copies")
	}
}

// link is a result that can contain itself.
type link struct{ Next *link }

func copyLink(l *link) *link {
	if l == nil {
		return nil
	}
	return &link{copyLink(l.Next)}
}

func TestResultsThatContainThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		executions := 0
		spec := cacheimpl.Spec{Options: cacheimpl.Options{Recursive: true}, Clone: cacheimpl.InPlace(copyLink)}
		s := wrapSpec(spec, func(_ context.Context, n int) (*link, error) {
			executions++
			time.Sleep(time.Second)
			l := &link{}
			if n == 0 {
				l.Next = l
			}
			return l, nil
		})
		for n, want := range []int{4, 5} {
			a, b := start(t.Context(), s, n), start(t.Context(), s, n)
			for _, o := range []outcome[*link]{<-a, <-b} {
				if o.err != nil || o.v == nil || (n == 0) != (o.v.Next == o.v) {
					t.Errorf("%d: %+v", n, o)
				}
			}
			s.must(t, t.Context(), n)
			s.must(t, t.Context(), n)
			if executions != want {
				t.Errorf("%d: %d executions, want %d", n, executions, want)
			}
		}
	})
}

// TestLateFailureToCopy has a marshaler fail once the result is kept: the caller gets the function's own.
func TestLateFailureToCopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fragile = false
		s := wrap(cacheimpl.Options{CloneByCodec: true}, func(context.Context, int) (moody, error) { return moody{P: new(int)}, nil })
		first := s.must(t, t.Context(), 1)
		fragile = true
		second := s.must(t, t.Context(), 1)
		if second.P == nil || second.P == first.P {
			t.Error("shares what could not be copied")
		}
	})
}

// moody has a marshaler that works only sometimes.
type moody struct{ P *int }

var fragile bool

func (m moody) MarshalBinary() ([]byte, error) {
	if fragile {
		return nil, errBroken
	}
	return []byte{byte(*m.P)}, nil
}

func (m *moody) UnmarshalBinary(b []byte) error {
	n := int(b[0])
	m.P = &n
	return nil
}
