package canon_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

// TestWhy names the part that has no encoding.
func TestWhy(t *testing.T) {
	type args struct {
		N int
		V any
		L []struct{ M map[string]any }
	}
	deep := map[string]any{}
	deep["again"] = deep
	for want, v := range map[string]args{
		"": {V: 1},
		"V is a func(), which has no value to tell apart by":               {V: func() {}},
		"V.F is a func(), which has no value to tell apart by":             {V: struct{ F func() }{func() {}}},
		"L[1].M[a] is a chan int, which has no value to tell apart by":     {L: []struct{ M map[string]any }{{}, {map[string]any{"a": make(chan int)}}}},
		"V holds a []canon_test.point, whose code is in no version":        {V: []point{}},
		"V is a bytes.Buffer, which has no value to tell apart by":         {V: bytes.NewBufferString("")},
		"V is a canon_test.celsius, whose own encoding failed":             {V: celsius{-300}},
		"V[again][again][again][again][again][again][again][again][again]": {V: deep},
	} {
		known := []string{here}
		if strings.Contains(want, "point") {
			known = nil
		}
		got := canon.Why(reflect.ValueOf(&v), known...)
		if got != want && (want != "V[again][again][again][again][again][again][again][again][again]" || !strings.HasPrefix(got, want)) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
