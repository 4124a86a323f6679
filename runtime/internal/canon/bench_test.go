package canon_test

import (
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

var link = &url.URL{Scheme: "https", Host: "example.com", Path: "/a", User: url.User("u")}

type query struct {
	City  string
	Days  int
	Exact float64
	Tags  []string
	Near  map[string]float64
}

func sample() query {
	return query{"Berlin", 3, 1.5, []string{"a", "b"}, map[string]float64{"x": 1, "y": 2, "z": 3, "a": 4}}
}

// appendQuery is what generated code does.
func appendQuery(b []byte, q *query) []byte {
	b = canon.Array(b, 5)
	b = canon.String(b, q.City)
	b = canon.Int(b, int64(q.Days))
	b = canon.Float64(b, q.Exact)
	b = canon.Array(b, len(q.Tags))
	for _, s := range q.Tags {
		b = canon.String(b, s)
	}
	b = canon.Map(b, len(q.Near))
	start, ends := len(b), make([]int, 0, 16)
	for k, v := range q.Near {
		b = canon.Float64(canon.String(b, k), v)
		ends = append(ends, len(b))
	}
	return canon.SortPairs(b, start, ends)
}

// TestSame compares what generated code appends with what reflection does.
func TestSame(t *testing.T) {
	q := sample()
	if a, b := appendQuery([]byte{}, &q), encode(q); string(a) != string(b) {
		t.Errorf("%x, by reflection %x", a, b)
	}
}

func TestAllocations(t *testing.T) {
	q, at := sample(), time.Now().UTC()
	berlin := at.In(location(t, "Europe/Berlin"))
	for name, f := range map[string]func(){
		"query": func() { var buf [256]byte; appendQuery(buf[:0], &q) },
		"utc":   func() { var buf [64]byte; canon.Time(buf[:0], at) },
		"local": func() { var buf [64]byte; canon.Time(buf[:0], at.Local()) },
		"zone":  func() { var buf [64]byte; canon.Time(buf[:0], berlin) },
		"url":   func() { var buf [256]byte; canon.URL(buf[:0], link) },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	q, at := sample(), time.Now()
	v := reflect.ValueOf(&q)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		b.Fatal(err)
	}
	at = at.In(berlin)
	for name, f := range map[string]func(b []byte) []byte{
		"strings":    func(b []byte) []byte { return canon.String(canon.String(canon.String(b, "Berlin"), "hourly"), "en") },
		"query":      func(b []byte) []byte { return appendQuery(b, &q) },
		"reflection": func(b []byte) []byte { return canon.Value(b, v) },
		"utc":        func(b []byte) []byte { return canon.Time(b, at.UTC()) },
		"zone":       func(b []byte) []byte { return canon.Time(b, at) },
		"url":        func(b []byte) []byte { return canon.URL(b, link) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var buf [256]byte
			for b.Loop() {
				f(buf[:0])
			}
		})
	}
	b.Run("rules", func(b *testing.B) {
		for b.Loop() {
			fresh, err := time.LoadLocation("Europe/Berlin")
			if err != nil {
				b.Fatal(err)
			}
			canon.RulesOf(fresh)
		}
	})
}
