package inspect_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/inspect"
)

func TestStat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(w.function("Forecast", "v1:1", cacheimpl.Options{}), "Berlin", "Oslo", "Rome")
		w.fill(w.function("Forecast", "v1:2", cacheimpl.Options{}), "Berlin")
		w.fill(w.function("Today", "v1:1", cacheimpl.Options{}), "Berlin")
		w.fill(w.function("F", "v1:1", cacheimpl.Options{Namespace: "Forecast"}), "Berlin") // the end of another namespace
		first, second := inspect.Code{Namespace: "example.com/weather.Forecast", Version: "v1:1"}, inspect.Code{Namespace: "example.com/weather.Forecast", Version: "v1:2"}
		short, none := inspect.Code{Namespace: "Forecast", Version: "v1:1"}, inspect.Code{Namespace: "example.com/weather.Forecast", Version: "v1:3"}

		stats, err := w.Stat(t.Context(), inspect.Filter{Func: "Forecast"})
		if err != nil {
			t.Fatal(err)
		}
		if len(stats) != 2 || stats[0].Namespace != "Forecast" || stats[1].Entries != 4 || stats[1].States[inspect.Result] != 4 {
			t.Fatalf("%v", stats)
		}
		if v := stats[1].Versions; len(v) != 2 || v[0].Version != "v1:2" || v[0].Entries != 1 || v[1].Entries != 3 {
			t.Errorf("%v", v)
		}
		of, err := w.Of(t.Context(), first, second, short, none)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []int64{3, 1, 1, 0} {
			if got := of[i]; got.Entries != want || got.Cost < time.Duration(want)*time.Millisecond || got.Bytes < 100*want {
				t.Errorf("%d: %+v", i, got)
			}
		}
	})
}

func TestSum(t *testing.T) {
	early, late := time.Unix(1, 0), time.Unix(2, 0)
	counted := inspect.Total{Entries: 2, Bytes: 10, Cost: 4 * time.Second, Hits: 3, Saved: 6 * time.Second, Newest: early}
	uncounted := inspect.Total{Entries: 1, Bytes: 5, Cost: time.Second, Hits: -1, Newest: late}
	for _, test := range []struct {
		totals []inspect.Total
		want   inspect.Total
	}{
		{nil, inspect.Total{}},
		{[]inspect.Total{{}, counted, {}}, counted},
		{[]inspect.Total{counted, counted}, inspect.Total{Entries: 4, Bytes: 20, Cost: 8 * time.Second, Hits: 6, Saved: 12 * time.Second, Newest: early}},
		{[]inspect.Total{counted, uncounted}, inspect.Total{Entries: 3, Bytes: 15, Cost: 5 * time.Second, Hits: -1, Newest: late}},
		{[]inspect.Total{uncounted, counted}, inspect.Total{Entries: 3, Bytes: 15, Cost: 5 * time.Second, Hits: -1, Newest: late}},
	} {
		var stats []inspect.Stat
		for _, total := range test.totals {
			stats = append(stats, inspect.Stat{Total: total})
		}
		if diff := cmp.Diff(test.want, inspect.Sum(stats)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestHits(t *testing.T) {
	var total inspect.Total
	total.Add(&inspect.Entry{Cost: time.Second, Hits: 3})
	total.Add(&inspect.Entry{Cost: time.Minute, Hits: 0})
	if total.Hits != 3 || total.Saved != 3*time.Second {
		t.Errorf("%+v", total)
	}
}
