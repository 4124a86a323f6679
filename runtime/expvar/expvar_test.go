package cachevar_test

import (
	"context"
	"encoding/json"
	"expvar"
	"testing"

	"github.com/cachegen/cachegen/runtime/cacheimpl"
	cachevar "github.com/cachegen/cachegen/runtime/expvar"
)

type number struct{ N int }

func (a number) AppendCacheKey(b []byte) []byte { return cacheimpl.AppendInt(b, int64(a.N)) }

func TestPublish(t *testing.T) {
	cachevar.Publish()
	cachevar.Publish() // a second time is no panic
	f := cacheimpl.NewFunction[number, int](cacheimpl.Spec{Name: "example.com/m.Square", Version: "v1:0"})
	for range 3 {
		if cacheimpl.Hit(t.Context(), f.Core, number{1}) == nil {
			_, _ = cacheimpl.Do(t.Context(), f.Core, number{1}, func(context.Context) (int, error) { return 1, nil })
		}
	}
	var v struct {
		Functions map[string][]struct {
			Stats struct{ Hits, Misses int }
			Calls []struct {
				Outcome, Reason string
				Calls           int
			}
		}
	}
	if err := json.Unmarshal([]byte(expvar.Get(cachevar.Name).String()), &v); err != nil {
		t.Fatal(err)
	}
	got := v.Functions["example.com/m.Square"]
	if len(got) != 1 || got[0].Stats.Hits != 2 || got[0].Stats.Misses != 1 {
		t.Errorf("%+v", got)
	}
	if got[0].Calls[1].Outcome != "miss" || got[0].Calls[1].Reason != "never seen" {
		t.Errorf("%+v", got[0].Calls)
	}
}
