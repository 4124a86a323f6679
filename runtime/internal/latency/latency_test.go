package latency_test

import (
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/latency"
)

func TestBuckets(t *testing.T) {
	for _, test := range []struct {
		d      time.Duration
		bucket int
	}{
		{-1, 0},
		{0, 0},
		{64 * time.Microsecond, 0},
		{64*time.Microsecond + 1, 1},
		{128 * time.Microsecond, 1},
		{129 * time.Microsecond, 2},
		{time.Second, 14},
		{time.Hour, latency.Buckets - 1},
	} {
		var h latency.Histogram
		h.Add(test.d)
		c := h.Counts()
		if c.In[test.bucket] != 1 || c.N() != 1 || c.Total != max(test.d, 0) {
			t.Errorf("%v: %v", test.d, c)
		}
		if bound, ok := latency.Bound(test.bucket); ok && test.d > bound {
			t.Errorf("%v is over %v, the bound of its bucket", test.d, bound)
		}
	}
}

func TestQuantile(t *testing.T) {
	var h latency.Histogram
	none := h.Counts()
	if q := none.Quantile(0.5); q != 0 {
		t.Errorf("of nothing: %v", q)
	}
	for range 90 {
		h.Add(time.Microsecond)
	}
	for range 10 {
		h.Add(time.Hour)
	}
	c := h.Counts()
	if q := c.Quantile(0.5); q != 64*time.Microsecond {
		t.Errorf("half: %v", q)
	}
	if q := c.Quantile(0.99); q < time.Second {
		t.Errorf("the longest: %v", q)
	}
}
