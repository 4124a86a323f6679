package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
	"github.com/cachegen/cachegen/runtime/store"
)

// testModel drives two users of the medium with random calls and compares each answer with a map's.
// The calls are the same each time unless -rapid.seed says which.
func testModel(t *testing.T, m *medium) {
	users := []store.Store{m.user(t).Store, m.user(t).Store}
	var run atomic.Int64
	rapid.Check(t, func(rt *rapid.T) {
		model := &model{prefix: fmt.Sprintf("model/%d/", run.Add(1)), items: map[string]store.Item{}}
		rt.Repeat(model.actions(t, users))
		for k := range model.items {
			if err := users[0].Delete(t.Context(), k); err != nil {
				rt.Fatalf("Delete(%q): %v", k, err)
			}
		}
	})
}

type model struct {
	prefix string
	items  map[string]store.Item
}

func (m *model) actions(t *testing.T, users []store.Store) map[string]func(*rapid.T) {
	ctx := t.Context()
	keys := rapid.SampledFrom([]string{"a", "a/b", "a/b-c", "a.b", "b/" + strings.Repeat("k", 100), "b"})
	drawKey := func(rt *rapid.T) string { return m.prefix + keys.Draw(rt, "key") }
	drawUser := func(rt *rapid.T) store.Store { return users[rapid.IntRange(0, len(users)-1).Draw(rt, "user")] }

	actions := map[string]func(*rapid.T){
		"put": func(rt *rapid.T) {
			k := drawKey(rt)
			item := store.Item{
				Value: rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(rt, "value"),
				Stamp: epoch + rapid.Int64Range(0, 4).Draw(rt, "stamp"),
			}
			old, exists := m.items[k]
			want := !exists || old.Stamp <= item.Stamp
			if got, err := drawUser(rt).Put(ctx, k, item); err != nil || got != want {
				rt.Fatalf("Put(%q, stamp %d) = %v, %v, want %v: exists %v, stamp %d", k, item.Stamp, got, err, want, exists, old.Stamp)
			}
			if want {
				m.items[k] = item
			}
		},
		"get": func(rt *rapid.T) {
			k := drawKey(rt)
			got, err := drawUser(rt).Get(ctx, k)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				rt.Fatalf("Get(%q): %v", k, err)
			}
			m.compare(rt, "Get", k, got, err == nil)
		},
		"delete": func(rt *rapid.T) {
			k := drawKey(rt)
			if err := drawUser(rt).Delete(ctx, k); err != nil {
				rt.Fatalf("Delete(%q): %v", k, err)
			}
			delete(m.items, k)
		},
	}
	if implements[store.Batcher](users[0], Harness{}) {
		actions["get many"] = func(rt *rapid.T) {
			asked := rapid.SliceOfN(rapid.Custom(drawKey), 0, 6).Draw(rt, "keys")
			got, err := as[store.Batcher](drawUser(rt)).GetMany(ctx, asked)
			if err != nil {
				rt.Fatalf("GetMany: %v", err)
			}
			for _, k := range asked {
				item, ok := got[k]
				m.compare(rt, "GetMany", k, item, ok)
			}
		}
	}
	if implements[store.Lister](users[0], Harness{}) {
		actions["list"] = func(rt *rapid.T) {
			prefix := m.prefix + rapid.SampledFrom([]string{"", "a", "a/", "a/b", "b", "b/k", "c"}).Draw(rt, "prefix")
			want := slices.DeleteFunc(slices.Sorted(maps.Keys(m.items)), func(k string) bool { return !strings.HasPrefix(k, prefix) })
			if got := listed(t, as[store.Lister](drawUser(rt)), prefix); !slices.Equal(got, want) {
				rt.Fatalf("List(%q) = %q, want %q", prefix, got, want)
			}
		}
	}
	return actions
}

func (m *model) compare(rt *rapid.T, call, k string, got store.Item, found bool) {
	want, exists := m.items[k]
	if found != exists || got.Stamp != want.Stamp || !bytes.Equal(got.Value, want.Value) {
		rt.Fatalf("%s(%q) = found %v, stamp %d, %s, want found %v, stamp %d, %s",
			call, k, found, got.Stamp, abridged(got.Value), exists, want.Stamp, abridged(want.Value))
	}
}
