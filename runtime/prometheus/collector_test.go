package cacheprom_test

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	prom "github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	cacheprom "github.com/cachegen/cachegen/runtime/prometheus"
)

type number struct{ N int }

func (a number) AppendCacheKey(b []byte) []byte { return cacheimpl.AppendInt(b, int64(a.N)) }

var square = cacheimpl.NewFunction[number, int](cacheimpl.Spec{Name: "example.com/m.Square", Version: "v1:0"})

func cachedSquare(ctx context.Context, n int) (int, error) {
	if r := cacheimpl.Hit(ctx, square.Core, number{n}); r != nil {
		return *r, nil
	}
	return cacheimpl.Do(ctx, square.Core, number{n}, func(context.Context) (int, error) {
		if n < 0 {
			return 0, errors.New("negative")
		}
		return n * n, nil
	})
}

// gathered makes some calls and returns the registry with the metrics.
func gathered(t *testing.T) *prom.Registry {
	t.Helper()
	c, err := cache.New(cache.Config{URL: "dir://" + t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	ctx := cache.WithCache(t.Context(), c)
	for _, n := range []int{1, 2, 1, 1, -1} {
		_, _ = cachedSquare(ctx, n)
	}
	if err := c.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	r := prom.NewPedanticRegistry()
	r.MustRegister(cacheprom.New(c))
	return r
}

// TestCaches has a collector of two caches, whose own stores have one name.
func TestCaches(t *testing.T) {
	var caches []*cache.Cache
	for range 2 {
		c, err := cache.New(cache.Config{URL: "memory:"})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close(context.Background())
		caches = append(caches, c)
	}
	r := prom.NewPedanticRegistry()
	r.MustRegister(cacheprom.New(caches...))
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range families {
		if f.GetName() == "cachegen_store_resting" {
			n = len(f.GetMetric())
		}
	}
	if n != 3 { // reads, writes, looks
		t.Errorf("%d series", n)
	}
}

func TestMetrics(t *testing.T) {
	r := gathered(t)
	want := `
# HELP cachegen_calls_total Calls and faults, by what they came to and why.
# TYPE cachegen_calls_total counter
cachegen_calls_total{function="example.com/m.Square",outcome="hit",reason=""} 2
cachegen_calls_total{function="example.com/m.Square",outcome="miss",reason="never seen"} 3
# HELP cachegen_executions_failed_total Executions that ended with an error or a panic.
# TYPE cachegen_executions_failed_total counter
cachegen_executions_failed_total{function="example.com/m.Square"} 1
`
	if err := testutil.GatherAndCompare(r, strings.NewReader(want), "cachegen_calls_total", "cachegen_executions_failed_total"); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.GatherAndLint(r); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// names are those of the metrics that there are, as queries have them.
func names(t *testing.T) map[string]bool {
	t.Helper()
	families, err := gathered(t).Gather()
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]bool{}
	for _, f := range families {
		if m[f.GetName()] = true; f.GetType().String() == "HISTOGRAM" {
			delete(m, f.GetName())
			m[f.GetName()+"_bucket"], m[f.GetName()+"_sum"], m[f.GetName()+"_count"] = true, true, true
		}
	}
	return m
}

// TestDashboard reads the dashboard as Grafana does, as far as it can tell, and looks whether its
// queries ask for what there is.
func TestDashboard(t *testing.T) {
	type panel struct {
		Title   string
		Type    string
		GridPos struct{ H, W, X, Y int }
		Targets []struct{ Expr, RefID string }
	}
	var d struct {
		Title, UID    string
		SchemaVersion int
		Panels        []panel
	}
	if err := json.Unmarshal(cacheprom.Dashboard, &d); err != nil {
		t.Fatal(err)
	}
	if d.Title == "" || d.UID == "" || d.SchemaVersion == 0 {
		t.Errorf("%q, %q, %d", d.Title, d.UID, d.SchemaVersion)
	}
	known, asked := names(t), map[string]bool{}
	metric := regexp.MustCompile(`cachegen_[a-z_]+`)
	label := regexp.MustCompile(`(?:by|on) \(([a-z, ]+)\)`)
	for _, p := range d.Panels {
		if p.Title == "" || p.GridPos.W == 0 || p.GridPos.X+p.GridPos.W > 24 || len(p.Targets) == 0 {
			t.Errorf("the panel %q has no title, place or query", p.Title)
		}
		for _, target := range p.Targets {
			found := metric.FindAllString(target.Expr, -1)
			if len(found) == 0 || strings.Count(target.Expr, "(") != strings.Count(target.Expr, ")") {
				t.Errorf("%s: %s", p.Title, target.Expr)
			}
			for _, name := range found {
				if asked[name] = true; !known[name] {
					t.Errorf("%s: there is no metric %s", p.Title, name)
				}
			}
			for _, match := range label.FindAllStringSubmatch(target.Expr, -1) {
				for l := range strings.SplitSeq(match[1], ", ") {
					if !strings.Contains("function outcome reason tier store operation le", l) {
						t.Errorf("%s: there is no label %s", p.Title, l)
					}
				}
			}
		}
	}
	for name := range known {
		if !asked[name] && !strings.HasSuffix(name, "_sum") && !strings.HasSuffix(name, "_count") {
			t.Errorf("nothing shows %s", name)
		}
	}
}
