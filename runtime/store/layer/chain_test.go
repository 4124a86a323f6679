package layer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/layer"
)

// three is a chain of three stores, and what each of them is asked.
type three struct {
	store.Store
	near, middle, far *fakestore.Store
	reports           []string
}

// user returns a user of far's medium whose near stores are its own.
func user(t *testing.T, far *fakestore.Medium) *three {
	t.Helper()
	c := &three{near: fakestore.New().Open(), middle: fakestore.New().Open(), far: far.Open()}
	var err error
	if c.Store, err = layer.Chain(c.far, func(err error) { c.reports = append(c.reports, err.Error()) }, c.near, c.middle); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *three) put(t *testing.T, key, value string, stamp int64, want bool) {
	t.Helper()
	if ok, err := c.Put(t.Context(), key, store.Item{Value: []byte(value), Stamp: stamp}); ok != want || err != nil {
		t.Errorf("Put of %s: %t, %v", value, ok, err)
	}
}

// wantFrom gets the item, or none if value is "", with reads of the values in the three stores.
func (c *three) wantFrom(t *testing.T, key, value string, reads ...int) {
	t.Helper()
	for _, s := range []*fakestore.Store{c.near, c.middle, c.far} {
		s.Calls("Get")
	}
	item, err := c.Get(t.Context(), key)
	if string(item.Value) != value || value == "" != errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %q, %v, want %q", item.Value, err, value)
	}
	if got := []int{c.near.Calls("Get"), c.middle.Calls("Get"), c.far.Calls("Get")}; !slices.Equal(got, reads) {
		t.Errorf("%s was read from %v, want %v", value, got, reads)
	}
}

func TestChainKeepsCopies(t *testing.T) {
	m := fakestore.New()
	a, b := user(t, m), user(t, m)
	a.wantFrom(t, "e/x", "", 0, 0, 0)
	a.put(t, "e/x", "one", 1, true)
	a.wantFrom(t, "e/x", "one", 1, 0, 0)
	b.wantFrom(t, "e/x", "one", 1, 1, 1)
	b.wantFrom(t, "e/x", "one", 1, 0, 0)
	if err := b.near.Delete(t.Context(), "e/x"); err != nil {
		t.Error(err)
	}
	b.wantFrom(t, "e/x", "one", 1, 1, 0)
	b.wantFrom(t, "e/x", "one", 1, 0, 0)
}

func TestChainAnswersWhatItsFarthestWould(t *testing.T) {
	m := fakestore.New()
	a, b := user(t, m), user(t, m)
	a.put(t, "e/x", "two", 2, true)
	b.wantFrom(t, "e/x", "two", 1, 1, 1)
	b.put(t, "e/x", "one", 1, false)
	b.wantFrom(t, "e/x", "two", 1, 0, 0)
	b.put(t, "e/x", "three", 3, true)
	a.wantFrom(t, "e/x", "three", 1, 1, 1)
	if err := b.Delete(t.Context(), "e/x"); err != nil {
		t.Error(err)
	}
	a.wantFrom(t, "e/x", "", 0, 0, 0)
	b.put(t, "e/x", "one", 1, true)
	a.wantFrom(t, "e/x", "one", 1, 1, 1) // near stores keep the greater stamp
	a.wantFrom(t, "e/x", "one", 1, 1, 1)
}

func TestChainIsBrokenWhereItsFarthestIs(t *testing.T) {
	a := user(t, fakestore.New())
	a.put(t, "e/x", "one", 1, true)
	a.far.Before(func(context.Context, string, string) error { return errBroken })
	for call, err := range every(t.Context(), a.Store) {
		if !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", call, err)
		}
	}
	a.near.Calls("Put")
	if _, err := a.Put(t.Context(), "e/x", store.Item{Stamp: 2}); !errors.Is(err, errBroken) || a.near.Calls("Put") > 0 {
		t.Error("a copy of what could not be written")
	}
}

func TestFaultsOfNearStoresCostTime(t *testing.T) {
	a := user(t, fakestore.New())
	a.near.Before(func(context.Context, string, string) error { return errBroken })
	a.put(t, "e/x", "one", 1, true)
	a.wantFrom(t, "e/x", "one", 1, 1, 0)
	if err := a.Delete(t.Context(), "e/x"); err != nil {
		t.Error(err)
	}
	a.wantFrom(t, "e/x", "", 0, 0, 0)
	want := slices.Repeat([]string{"layer: near store: broken"}, 4) // writing, reading, copying, removing
	if !slices.Equal(a.reports, want) {
		t.Errorf("reported %q", a.reports)
	}
}

func TestChainReadsManyFromWhereTheyAre(t *testing.T) {
	m := fakestore.New()
	a, b := user(t, m), user(t, m)
	want := map[string]string{}
	var keys []string
	for i := range 9 {
		key := fmt.Sprint("e/", i)
		keys = append(keys, key)
		if i == 8 {
			continue // absent
		}
		want[key] = fmt.Sprint(i)
		[]*three{a, b}[i%2].put(t, key, want[key], int64(i), true)
	}
	b.put(t, "e/0", "newer", 10, true)
	want["e/0"] = "newer"
	for range 2 {
		batcher, _ := store.As[store.Batcher](a.Store)
		items, err := batcher.GetMany(t.Context(), keys)
		got := map[string]string{}
		for key, item := range items {
			got[key] = string(item.Value)
		}
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
	}
	if n := a.far.Calls("GetMany"); n != 1 {
		t.Errorf("the farthest store was read %d times", n)
	}
}

func TestChainCloses(t *testing.T) {
	a := user(t, fakestore.New())
	a.middle.Before(func(context.Context, string, string) error { return errBroken })
	if err := a.Close(); !errors.Is(err, errBroken) {
		t.Error(err)
	}
	if a.near.Calls("Close") != 1 || a.far.Calls("Close") != 1 {
		t.Error("a store stays open")
	}
}

type bare struct{ store.Store }

func TestChainNeedsStamps(t *testing.T) {
	if _, err := layer.Chain(bare{fakestore.New().Open()}, nil, fakestore.New().Open()); err == nil {
		t.Error("a chain whose copies can't be confirmed")
	}
}

// can returns what s can do.
func can(s store.Store) (all []string) {
	add := func(name string, ok bool) {
		if ok {
			all = append(all, name)
		}
	}
	_, ok := store.As[store.Lister](s)
	add("list", ok)
	_, ok = store.As[store.Leaser](s)
	add("lease", ok)
	_, ok = store.As[store.Watcher](s)
	add("watch", ok)
	_, ok = store.As[store.Batcher](s)
	add("batch", ok)
	_, ok = store.As[store.Blobber](s)
	add("blobs", ok)
	_, ok = store.As[store.Stamper](s)
	add("stamps", ok)
	return all
}

// stamping is a store that can tell stamps, and nothing else.
type stamping struct {
	bare
	store.Stamper
}

func TestLayersClaimWhatIsBehind(t *testing.T) {
	full := fakestore.New().Open()
	for name, s := range map[string]store.Store{"everything": full, "nothing": bare{full}, "stamps": stamping{bare{full}, full}} {
		want := can(s)
		layers := map[string]store.Store{
			"Compress": layer.Compress(s, 1), "Encrypt": encrypt(t, s, keys(newKey)), "Limit": layer.Limit(s, 1),
		}
		if name != "nothing" {
			layers["Chain"] = chain(t, s, full)
		}
		for l, s := range layers {
			if got := can(s); !slices.Equal(got, want) {
				t.Errorf("%s before a store that can do %s can do %q, want %q", l, name, got, want)
			}
			if got := can(layer.Limit(s, 1)); !slices.Equal(got, want) {
				t.Errorf("Limit before %s before a store that can do %s can do %q", l, name, got)
			}
		}
	}
}

func TestLimit(t *testing.T) {
	m := fakestore.New()
	s := layer.Limit(m.Open(), 10)
	put(t, m, s, make([]byte, 10))
	wantValue(t, s, make([]byte, 10))
	if _, err := s.Put(t.Context(), key, store.Item{Value: make([]byte, 11), Stamp: 8}); !errors.Is(err, store.ErrTooLarge) {
		t.Error(err)
	}
	b, _ := store.As[store.Blobber](s)
	if _, err := b.WriteBlob(t.Context(), "p", make([]byte, 11), true); !errors.Is(err, store.ErrTooLarge) {
		t.Error(err)
	}
	if ok, err := b.WriteBlob(t.Context(), "p", make([]byte, 10), true); !ok || err != nil {
		t.Error(ok, err)
	}
	if got, err := b.ReadBlob(t.Context(), "p"); !bytes.Equal(got, make([]byte, 10)) || err != nil {
		t.Error(got, err)
	}
	if err := b.DeleteBlob(t.Context(), "p"); err != nil {
		t.Error(err)
	}
}
