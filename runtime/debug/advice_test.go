package cachedebug

import (
	"strings"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

// TestAdvice gives each rule a function whose calls it is about, and sees what else is said of it.
func TestAdvice(t *testing.T) {
	calls := func(outcome cache.Outcome, reason cache.Reason, n int64) cache.CallCount {
		return cache.CallCount{Outcome: outcome, Reason: reason, Calls: n}
	}
	ran := func(n int64) cache.Stats { return cache.Stats{Misses: n, Spent: time.Duration(n) * time.Second} }
	for _, c := range []struct {
		name  string
		stats cache.Stats
		calls []cache.CallCount
		want  []string // how each advice begins
	}{
		{"few calls", ran(19), []cache.CallCount{calls(cache.Miss, cache.NeverSeen, 19)}, nil},
		{"other inputs each time", ran(30), []cache.CallCount{calls(cache.Miss, cache.NeverSeen, 30)}, []string{"It never hits: each of 30 calls"}},
		{
			"an age that is too short, after the first calls", ran(300),
			[]cache.CallCount{calls(cache.Miss, cache.NeverSeen, 20), calls(cache.Miss, cache.TooOld, 280)},
			[]string{"280 of 300 calls found a result that was too old"},
		},
		{"forgotten each time", ran(300), []cache.CallCount{calls(cache.Miss, cache.NeverSeen, 20), calls(cache.Miss, cache.Forgotten, 280)}, nil},
		{"cheap", cache.Stats{Misses: 30, Hits: 1, Spent: 30 * time.Microsecond}, nil, []string{"An execution takes 1µs: cheaper than its key"}},
		{"failing", cache.Stats{Failed: 30, Hits: 1, Spent: time.Minute}, nil, []string{"30 of 30 executions failed"}},
		{"code changed", cache.Stats{Bypassed: 1}, []cache.CallCount{calls(cache.Bypassed, cache.CodeChanged, 1)}, []string{"The code changed since its wrapper was generated, so calls go past the cache: 1 up to now"}},
		{"audits differ", cache.Stats{Hits: 9, Audited: 9, Different: 2}, nil, []string{"2 of 9 audited hits"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := adviceOn([]row{{FunctionInfo: cache.FunctionInfo{Name: "F", Stats: c.stats, Calls: c.calls}}}, nil)
			if len(got) != len(c.want) {
				t.Fatalf("got %q, want %q", got, c.want)
			}
			for i, a := range got {
				if !strings.HasPrefix(a.Text, c.want[i]) {
					t.Errorf("got %q, want %q", a.Text, c.want[i])
				}
			}
		})
	}
}
