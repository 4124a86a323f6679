package codec_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/codec"
)

// Report is a result with parts of many kinds.
type Report struct {
	City  string
	Temps []float64
	Wind  map[string]int
	Next  *Report
	At    time.Time
	Any   any
}

func forecast() Report {
	return Report{
		City: "Oslo", Temps: []float64{1, 2, 3}, Wind: map[string]int{"n": 1}, Next: &Report{City: "Rome"}, At: time.Unix(1, 0).UTC(), Any: 1,
	}
}

func TestDiffer(t *testing.T) {
	close := func(x, y float64) bool { return math.Abs(x-y) < 0.1 }
	for _, test := range []struct {
		change func(*Report)
		floats func(x, y float64) bool
		want   string
	}{
		{func(*Report) {}, nil, ""},
		{func(r *Report) { r.Temps[2] = 4 }, nil, "Report.Temps[2]: 3 ≠ 4"},
		{func(r *Report) { r.Temps[2] = 3.01 }, close, ""},
		{func(r *Report) { r.Temps[2] = 3.01 }, nil, "Report.Temps[2]: 3 ≠ 3.01"},
		{func(r *Report) { r.Temps = r.Temps[:2] }, nil, "Report.Temps: 3 items ≠ 2 items"},
		{func(r *Report) { r.Temps = nil }, nil, "Report.Temps: 3 items ≠ nil"},
		{func(r *Report) { r.City = "Bergen" }, nil, `Report.City: "Oslo" ≠ "Bergen"`},
		{func(r *Report) { r.Wind["n"] = 2 }, nil, `Report.Wind["n"]: 1 ≠ 2`},
		{func(r *Report) { r.Wind = map[string]int{"s": 1} }, nil, "Report.Wind: other items ≠ other items"},
		{func(r *Report) { r.Next.City = "Turin" }, nil, `Report.Next.City: "Rome" ≠ "Turin"`},
		{func(r *Report) { r.Next = nil }, nil, "Report.Next: not nil ≠ nil"},
		{func(r *Report) { r.At = time.Unix(2, 0).UTC() }, nil, "Report.At: 1970-01-01 00:00:01 +0000 UTC ≠ 1970-01-01 00:00:02 +0000 UTC"},
		{func(r *Report) { r.Any = "1" }, nil, "Report.Any: int ≠ string"},
		{func(r *Report) { r.Any = 2 }, nil, "Report.Any: 1 ≠ 2"},
	} {
		x, y := forecast(), forecast()
		test.change(&y)
		got := ""
		if d := codec.Differ(reflect.ValueOf(&x).Elem(), reflect.ValueOf(&y).Elem(), test.floats); d != nil {
			got = fmt.Sprintf("%s: %s ≠ %s", d.Path, d.Was, d.Is)
		}
		if got != test.want {
			t.Errorf("%s, want %s", got, test.want)
		}
	}
}
