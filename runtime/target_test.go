package cache_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// report is what a function with a target returns.
type report struct{ N, Execution int }

// reports is such a function, as generated code would wrap it.
type reports struct {
	cache cacheimpl.EncodedFunction[number, report]
	c     counter
	delay time.Duration
}

func newReports(template string) *reports {
	return &reports{cache: cacheimpl.NewEncodedFunction[number, report](cacheimpl.Spec{
		Name: "example.com/test.Report", Options: cacheimpl.Options{Target: template},
		TargetFields: cacheimpl.OfField(func(_ context.Context, a number, field string) (string, bool) {
			return strconv.Itoa(a.N), field == "n"
		}),
	})}
}

func (r *reports) call(ctx context.Context, n int) (report, error) {
	a := number{n}
	return cacheimpl.DoEncoded(ctx, r.cache.Core, a.AppendCacheKey([]byte{}), a, func(ctx context.Context) (report, error) {
		time.Sleep(r.delay)
		v, err := r.c.next(ctx, n)
		return report{n, v}, err
	})
}

func (r *reports) expect(t *testing.T, ctx context.Context, n, execution int) {
	t.Helper()
	v, err := r.call(ctx, n)
	if err != nil || v != (report{n, execution}) {
		t.Errorf("%d: %v, %v, want execution %d", n, v, err, execution)
	}
}

func TestTarget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		p, other := newProcess(t, m), newProcess(t, m)
		r := newReports("reports/{n}.json")
		r.expect(t, p.ctx, 1, 1)
		r.expect(t, p.ctx, 1, 1) // whether or not it is written already
		flush(t, p.cache)
		r.expect(t, other.ctx, 1, 1)
		if e := other.events.last(); e.Outcome != cache.Hit || e.Tier != cache.Target {
			t.Errorf("%+v", e)
		}
		if _, err := p.store.WriteBlob(p.ctx, "reports/1.json", []byte(`{"N":1,"Execution":7}`), true); err != nil {
			t.Fatal(err)
		}
		r.expect(t, p.ctx, 1, 7) // what is there is valid
		r.expect(t, cache.WithMode(p.ctx, cache.Bypass), 1, 2)
		refresh := cache.WithMode(p.ctx, cache.Refresh)
		r.expect(t, refresh, 1, 3)
		r.expect(t, refresh, 1, 3)
		flush(t, p.cache)
		r.expect(t, refresh, 1, 3)
		r.expect(t, other.ctx, 1, 3)
		if err := r.cache.Forget(other.ctx, number{1}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.store.ReadBlob(p.ctx, "reports/1.json"); err == nil {
			t.Error("Forget leaves the file")
		}
		r.expect(t, p.ctx, 1, 4)
		if err := r.cache.Put(p.ctx, number{2}, report{2, 9}); err != nil {
			t.Fatal(err)
		}
		r.expect(t, other.ctx, 2, 9)
		r.expect(t, cache.WithMode(p.ctx, cache.Frozen), 2, 9)
		if _, err := r.call(cache.WithMode(p.ctx, cache.Frozen), 3); !errors.Is(err, cache.ErrFrozen) {
			t.Error(err)
		}
		if err := r.cache.Clear(p.ctx); err == nil {
			t.Error("cleared what it can't")
		}
		if v, e, ok := r.cache.Lookup(p.ctx, number{2}); !ok || v.Execution != 9 || e.Tier != cache.Target {
			t.Errorf("%v %+v %t", v, e, ok)
		}
	})
}

func TestUnreadableTargetIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProcess(t, fakestore.New())
		r := newReports("reports/{n}.json")
		if _, err := p.store.WriteBlob(p.ctx, "reports/1.json", []byte("by hand"), true); err != nil {
			t.Fatal(err)
		}
		r.expect(t, p.ctx, 1, 1)
		if e := p.events.last(); e.Outcome != cache.Miss || e.Reason != cache.Corrupt {
			t.Errorf("%+v", e)
		}
		flush(t, p.cache)
		if b, _ := p.store.ReadBlob(p.ctx, "reports/1.json"); string(b) != "by hand" {
			t.Errorf("overwritten with %s", b)
		}
		r.expect(t, cache.WithMode(p.ctx, cache.Refresh), 1, 2)
		flush(t, p.cache)
		r.expect(t, p.ctx, 1, 2)
	})
}

func TestTargetWithTheDate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProcess(t, fakestore.New())
		r := newReports("{date}/{n}.json")
		r.delay = time.Minute
		time.Sleep(24*time.Hour - 30*time.Second)
		done := make(chan bool)
		go func() {
			r.expect(t, p.ctx, 1, 1)
			done <- true
		}()
		time.Sleep(40 * time.Second)
		r.expect(t, p.ctx, 1, 2) // the next day
		<-done
		flush(t, p.cache)
		for _, path := range []string{"2000-01-01/1.json", "2000-01-02/1.json"} {
			if _, err := p.store.ReadBlob(p.ctx, path); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestTargetWithoutAStoreForIt(t *testing.T) {
	var e events
	ctx := cache.Observe(cache.WithCache(t.Context(), openCache(t, cache.Config{URL: "none"})), e.add)
	r := newReports("{n}.json")
	r.expect(t, ctx, 1, 1)
	r.expect(t, ctx, 1, 2)
	if r.cache.Stats().Faults == 0 {
		t.Error("no fault")
	}
}
