package cachedebug

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/total"
)

// row is what the page shows of a function. The instances of a generic function, which have one name, are shown together.
type row struct {
	cache.FunctionInfo
	Ages   engine.Ages
	Ratios []float64
}

// rows returns all functions, those that spent most time executing first.
func (p *Page) rows() []row {
	var l []row
	at := map[string]int{}
	for i, f := range total.ByName(cache.Functions()) {
		at[f.Name] = i
		l = append(l, row{FunctionInfo: f, Ratios: p.history.ratios(f.Name)})
	}
	if c := engine.Used(); c != nil {
		for _, f := range engine.Functions() {
			if i, ok := at[f.Name]; ok {
				l[i].Ages = c.Ages(f)
			}
		}
	}
	slices.SortStableFunc(l, func(a, b row) int { return cmp.Compare(b.Stats.Spent, a.Stats.Spent) })
	return l
}

// because is how many calls had a reason.
func (r *row) because(reason cache.Reason) (n int64) {
	for _, c := range r.Calls {
		if c.Reason == reason && c.Outcome != cache.Fault {
			n += c.Calls
		}
	}
	return n
}

// All is how many calls there were.
func (r row) All() int64 {
	s := &r.Stats
	return s.Hits + s.Misses + s.Failed + s.Joined + s.Stale + s.Refreshed + s.Bypassed
}

// Ratio is the share of calls that were hits, -1 if there were no calls.
func (r row) Ratio() float64 {
	if r.All() == 0 {
		return -1
	}
	return float64(r.Stats.Hits) / float64(r.All())
}

// Mean is how long an execution takes.
func (r row) Mean() time.Duration {
	n := r.Stats.Misses + r.Stats.Failed + r.Stats.Refreshed
	if n == 0 {
		return 0
	}
	return r.Stats.Spent / time.Duration(n)
}

// Line is the hit ratio over time as the points of a line in a picture of 120 by 24.
func (r row) Line() string {
	var b strings.Builder
	n := max(len(r.Ratios), 1)
	for i, ratio := range r.Ratios {
		if ratio >= 0 { // a level piece, so that a single one can be seen
			fmt.Fprintf(&b, "%.1f,%.1f %.1f,%.1f ", 1+118*float64(i)/float64(n), 23-22*ratio, 1+118*float64(i+1)/float64(n), 23-22*ratio)
		}
	}
	return strings.TrimSpace(b.String())
}

// room is how much memory results take.
type room struct{ Used, Limit int64 }

// Share is how full it is.
func (r room) Share() float64 { return float64(r.Used) / float64(max(r.Limit, 1)) }

func roomOf(c *engine.Cache) room {
	if c == nil {
		return room{}
	}
	return room{c.MemoryUsed(), c.MemoryLimit()}
}

func percent(share float64) string {
	if share < 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}

// short is a duration with two or three digits.
func short(d time.Duration) string {
	for _, unit := range []time.Duration{time.Hour, time.Minute, time.Second, time.Millisecond, time.Microsecond} {
		if d >= 10*unit {
			return d.Round(unit).String()
		}
		if d >= unit {
			return d.Round(unit / 10).String()
		}
	}
	return d.String()
}

func showBytes(n int64) string {
	f, unit := float64(n), "B"
	for _, next := range []string{"KiB", "MiB", "GiB"} {
		if f < 1024 {
			break
		}
		f, unit = f/1024, next
	}
	if unit == "B" {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", f, unit)
}

// showNumber is a number in groups of three digits.
func showNumber(n int64) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "\u202f" + text[i:]
	}
	return text
}

func ago(t time.Time) string { return short(time.Since(t).Round(time.Second)) + " ago" }

// lastName is a function's name without its path.
func lastName(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }
