package entry_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/entry"
)

type loud int

func (loud) String() string { panic("called") }

type node struct {
	Next *node
	N    loud
}

func TestPreview(t *testing.T) {
	type args struct {
		City    string
		Days    int
		Exact   float64
		At      time.Time
		Raw     []byte
		Tags    []string
		Limits  map[string]int
		Node    *node
		private bool
		Token   string
		F       func()
	}
	a := args{
		City: "Berlin\n", Days: -3, Exact: 1.5, At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Raw: []byte{1, 255}, Tags: []string{"a", "b"},
		Limits: map[string]int{"b": 2, "a": 1}, Node: &node{Next: &node{Next: &node{}}}, private: true, Token: "hunter2", F: func() {},
	}
	const want = `City:"Berlin\n" Days:-3 Exact:1.5 At:2026-01-02T03:04:05Z Raw:01ff Tags:["a" "b"] Limits:{"a":1 "b":2} ` +
		`Node:&{Next:&{Next:… N:0} N:0} private:true Token:(secret) F:(func())`
	if got := entry.Preview(a, entry.Secrets{Fields: []string{"Token"}}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := entry.Preview(args{}, entry.Secrets{}); !strings.Contains(got, "Raw:nil Tags:nil Limits:nil Node:nil") {
		t.Error(got)
	}
	got := a
	if entry.Redact(reflect.ValueOf(&got).Elem(), []string{"Token", "private"}); got.Token != "" || got.private || got.City != a.City {
		t.Errorf("%+v", got)
	}
}

func TestPreviewIsShort(t *testing.T) {
	ring := &node{}
	ring.Next = ring
	for name, got := range map[string]string{
		"string": entry.Preview(struct{ S string }{strings.Repeat("ä", 1e6)}, entry.Secrets{}),
		"slice":  entry.Preview(struct{ S []string }{make([]string, 1e6)}, entry.Secrets{}),
		"bytes":  entry.Preview(struct{ S []byte }{make([]byte, 1e6)}, entry.Secrets{}),
		"map":    entry.Preview(struct{ S map[string]string }{map[string]string{"a": strings.Repeat("a", 1e6)}}, entry.Secrets{}),
		"ring":   entry.Preview(struct{ R *node }{ring}, entry.Secrets{}),
	} {
		if len(got) > 210 || !strings.HasSuffix(got, "…") && name != "ring" {
			t.Errorf("%s: %d bytes: %s", name, len(got), got)
		}
	}
}
