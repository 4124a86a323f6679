package store_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
)

func TestGetMany(t *testing.T) {
	s := fakestore.New().Open()
	for _, key := range []string{"a", "b"} {
		if _, err := s.Put(t.Context(), key, store.Item{Value: []byte(key), Stamp: 1}); err != nil {
			t.Fatal(err)
		}
	}
	broken := errors.New("broken")
	s.Before(func(_ context.Context, _, key string) error {
		if key == "broken" {
			return broken
		}
		return nil
	})
	for _, c := range []struct {
		name    string
		s       store.Store
		keys    []string
		batches int
		want    []string
		err     error
	}{
		{"a batcher", s, []string{"a", "b", "c"}, 1, []string{"a", "b"}, nil},
		{"a batcher, of one", s, []string{"b"}, 0, []string{"b"}, nil},
		{"another store", plain{s}, []string{"a", "b", "c"}, 0, []string{"a", "b"}, nil},
		{"another store, of one that fails", plain{s}, []string{"a", "broken", "b"}, 0, []string{"a", "b"}, broken},
		{"another store, of none", plain{s}, nil, 0, nil, nil},
	} {
		got, err := store.GetMany(t.Context(), c.s, c.keys)
		if keys := slices.Sorted(maps.Keys(got)); !slices.Equal(keys, c.want) || !errors.Is(err, c.err) {
			t.Errorf("%s: got %q, %v", c.name, keys, err)
		}
		if n := s.Calls("GetMany"); n != c.batches {
			t.Errorf("%s: %d batches", c.name, n)
		}
	}
}
