package inspect_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/inspect"
)

func TestEntry(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		before := time.Now()
		f := w.function("Forecast", "v1:1", cacheimpl.Options{KeepInputs: true})
		w.fill(f, "Berlin")
		e, err := w.Find(t.Context(), f.mustKey(t, w)[:6])
		if err != nil {
			t.Fatal(err)
		}
		want := inspect.Entry{
			State: inspect.Result, Namespace: "example.com/weather.Forecast", Func: "example.com/weather.Forecast", Version: "v1:1",
			Inputs: `City:"Berlin" Days:3`, Codec: "exact1", Tags: []string{"all", "city:Berlin"},
		}
		got := inspect.Entry{
			State: e.State, Namespace: e.Namespace, Func: e.Func, Version: e.Version, Inputs: e.Inputs, Codec: e.Codec, Tags: e.Tags,
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(inspect.Entry{})); diff != "" {
			t.Error(diff)
		}
		if e.Began.Before(before) || e.Completed.Before(e.Began) || e.Cost < time.Millisecond || e.Size < 100 {
			t.Errorf("%+v", e)
		}
		if text, err := e.Payload(); text != `["sun in Berlin"]` || err != nil {
			t.Error(text, err)
		}
		if text, err := e.FullInputs(); text != `["Berlin", 3]` || err != nil {
			t.Error(text, err)
		}
		if e.Name != "e/"+e.Name[2:len(e.Name)-65]+"/"+e.ID || len(e.ID) != 64 {
			t.Error(e.Name, e.ID)
		}
	})
}

func (f function) mustKey(t *testing.T, w *world) (id string) {
	t.Helper()
	w.session(func(ctx context.Context) {
		var err error
		if id, err = f.Key(ctx, city{"Berlin", 3}); err != nil {
			t.Error(err)
		}
	})
	return id
}

func TestFind(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.function("Forecast", "v1:1", cacheimpl.Options{KeepFailed: true})
		var cities []string
		for i := range 40 {
			cities = append(cities, fmt.Sprint(i))
		}
		w.fill(f, cities...)
		var all []inspect.Entry
		for e := range w.Entries(t.Context(), inspect.Filter{}) {
			all = append(all, e)
		}
		for _, e := range all {
			for _, text := range []string{e.ID, e.Name} {
				if got, err := w.Find(t.Context(), text); err != nil || got.Name != e.Name {
					t.Errorf("%s: %v, %v", text, got.Name, err)
				}
			}
		}
		// Of 40 keys two have the first digit in common.
		digits := map[byte]int{}
		for _, e := range all {
			digits[e.ID[0]]++
		}
		for digit, n := range digits {
			_, err := w.Find(t.Context(), string(digit))
			if many, ok := errors.AsType[*inspect.NotOneError](err); n > 1 && (!ok || len(many.IDs) != min(n, 4)) || n == 1 && err != nil {
				t.Errorf("%c, which %d keys begin with: %v", digit, n, err)
			}
		}
		for _, text := range []string{"", "x", "e/", all[0].ID + "0", "m/epoch", "i/" + all[0].Name[2:]} {
			if _, err := w.Find(t.Context(), text); err == nil {
				t.Errorf("%q is found", text)
			}
		}
	})
}

func TestFilters(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		forecast := w.function("Forecast", "v1:2", cacheimpl.Options{KeepFailed: true})
		w.fill(w.function("Forecast", "v1:1", cacheimpl.Options{}), "Oslo")
		w.fill(forecast, "Berlin", "Lost")
		time.Sleep(2 * time.Millisecond)
		middle := time.Now()
		w.fill(w.function("Client.Today", "7", cacheimpl.Options{Namespace: "shared/today"}), "Rome")
		w.session(func(ctx context.Context) {
			ctx = cache.WithScope(ctx, cache.Scope{Project: "acme", Domain: "test"})
			_, _ = cacheimpl.Do(ctx, forecast.Function.Core, city{"Paris", 3}, func(context.Context) ([]string, error) {
				return []string{strings.Repeat("rain", 1000)}, nil
			})
		})
		known := &inspect.Known{
			Versions: map[string][]string{"example.com/weather.Forecast": {"v1:2"}},
			Packages: map[string]bool{"example.com/weather": true},
		}
		for _, test := range []struct {
			filter inspect.Filter
			want   string
		}{
			{inspect.Filter{}, "Berlin Lost Oslo Paris Rome"},
			{inspect.Filter{Func: "Forecast"}, "Berlin Lost Oslo Paris"},
			{inspect.Filter{Func: "weather.Forecast"}, "Berlin Lost Oslo Paris"},
			{inspect.Filter{Func: "example.com/weather.Forecast"}, "Berlin Lost Oslo Paris"},
			{inspect.Filter{Func: "cast"}, ""},
			{inspect.Filter{Func: "today"}, "Rome"},
			{inspect.Filter{Func: "shared/today"}, "Rome"},
			{inspect.Filter{Func: "Client.Today"}, ""},
			{inspect.Filter{Version: "v1:2"}, "Berlin Lost Paris"},
			{inspect.Filter{Version: "v1"}, ""},
			{inspect.Filter{Project: "acme"}, "Paris"},
			{inspect.Filter{Domain: "test", Project: "acme"}, "Paris"},
			{inspect.Filter{Domain: "acme"}, ""},
			{inspect.Filter{Before: middle}, "Berlin Lost Oslo"},
			{inspect.Filter{MinSize: 4000}, "Paris"},
			{inspect.Filter{States: []inspect.State{inspect.Failed}}, "Lost"},
			{inspect.Filter{States: []inspect.State{inspect.Result}}, "Berlin Oslo Paris Rome"},
			{inspect.Filter{States: []inspect.State{inspect.Damaged}}, ""},
			{inspect.Filter{Stale: known}, "Oslo Rome"},
			{inspect.Filter{Stale: &inspect.Known{Versions: known.Versions}}, "Oslo"},
			{inspect.Filter{Stale: &inspect.Known{Packages: map[string]bool{"example.com": true, "example.com/weather.F": true}}}, ""},
			{inspect.Filter{Stale: &inspect.Known{}}, ""},
		} {
			var want []string
			for name := range strings.FieldsSeq(test.want) {
				want = append(want, fmt.Sprintf("City:%q Days:3", name))
			}
			if diff := cmp.Diff(want, w.inputs(test.filter)); diff != "" {
				t.Errorf("%+v: %s", test.filter, diff)
			}
		}
	})
}

func TestForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		forecast, today := w.function("Forecast", "v1:1", cacheimpl.Options{}), w.function("Today", "v1:1", cacheimpl.Options{})
		w.fill(forecast, "Berlin", "Oslo", "Rome")
		w.fill(today, "Berlin", "Rome")
		w.session(func(ctx context.Context) {
			if err := errors.Join(forecast.Forget(ctx, city{"Rome", 3}), cache.ForgetTags(ctx, "city:Berlin")); err != nil {
				t.Error(err)
			}
		})
		usable := inspect.Filter{States: []inspect.State{inspect.Result}}
		if got := w.inputs(usable); !slices.Equal(got, []string{`City:"Oslo" Days:3`, `City:"Rome" Days:3`}) {
			t.Error(got)
		}
		w.session(func(ctx context.Context) {
			if err := today.Clear(ctx); err != nil {
				t.Error(err)
			}
		})
		if got := w.inputs(usable); !slices.Equal(got, []string{`City:"Oslo" Days:3`}) {
			t.Error(got)
		}
		// What is made afterwards is there again.
		w.fill(today, "Berlin")
		if got := w.inputs(usable); len(got) != 2 {
			t.Error(got)
		}
	})
}

// TestManyEntries has more of them than a lot.
func TestManyEntries(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var cities []string
		for i := range 300 {
			cities = append(cities, fmt.Sprint(i))
		}
		w.fill(w.function("Forecast", "v1:1", cacheimpl.Options{}), cities...)
		var looked int64
		w.Progress = func(items int64) { looked = max(looked, items) }
		if got := w.inputs(inspect.Filter{}); len(slices.Compact(got)) != 300 || looked != 300 {
			t.Error(len(got), looked)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		seen := 0
		for _, err := range w.Entries(ctx, inspect.Filter{}) {
			if seen++; seen == 1 {
				cancel()
			}
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
		if seen > 299 {
			t.Errorf("%d entries after the context's end", seen)
		}
	})
}
