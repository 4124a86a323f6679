package total_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/total"
)

// counted has another number in each counter, times n.
func counted(n int64) (s cache.Stats) {
	v := reflect.ValueOf(&s).Elem()
	for i := range v.NumField() {
		v.Field(i).SetInt(n * int64(i+1))
	}
	return s
}

// TestByName adds up two instances of a function, and sees that no counter is forgotten.
func TestByName(t *testing.T) {
	calls := func(n int64, reasons ...cache.Reason) (l []cache.CallCount) {
		for _, r := range reasons {
			l = append(l, cache.CallCount{Outcome: cache.Miss, Reason: r, Calls: n})
		}
		return l
	}
	all := []cache.FunctionInfo{
		{Name: "Of", Version: "v1:0", Stats: counted(1), Calls: calls(1, cache.NeverSeen)},
		{Name: "Other", Stats: counted(5)},
		{Name: "Of", Version: "v1:1", Stats: counted(2), Calls: calls(2, cache.TooOld, cache.NeverSeen)},
	}
	want := []cache.FunctionInfo{
		{Name: "Of", Version: "v1:0", Stats: counted(3), Calls: append(calls(3, cache.NeverSeen), calls(2, cache.TooOld)...)},
		{Name: "Other", Stats: counted(5)},
	}
	if diff := cmp.Diff(want, total.ByName(all)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if all[0].Calls[0].Calls != 1 {
		t.Error("what was given is changed")
	}
}
