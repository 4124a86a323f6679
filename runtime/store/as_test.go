package store_test

import (
	"context"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

type plain struct{ store.Store }

type batching struct{ plain }

func (batching) GetMany(context.Context, []string) (map[string]store.Item, error) { return nil, nil }

type front struct{ plain }

func (f front) Unwrap() store.Store { return f.Store }

type batchingFront struct{ front }

func (batchingFront) GetMany(context.Context, []string) (map[string]store.Item, error) {
	return nil, nil
}

func TestAs(t *testing.T) {
	inner := batching{}
	for _, c := range []struct {
		name string
		s    store.Store
		want any
	}{
		{"a store that can", inner, inner},
		{"a store that can't", plain{}, nil},
		{"a wrapper without an opinion", front{plain{inner}}, inner},
		{"a wrapper with one", batchingFront{front{plain{inner}}}, batchingFront{front{plain{inner}}}},
		{"a wrapper with one, of a store that can't", batchingFront{front{plain{plain{}}}}, nil},
		{"two wrappers, of a store that can't", batchingFront{front{plain{front{plain{plain{}}}}}}, nil},
		{"two wrappers, one with an opinion", front{plain{batchingFront{front{plain{inner}}}}}, batchingFront{front{plain{inner}}}},
	} {
		got, ok := store.As[store.Batcher](c.s)
		if ok != (c.want != nil) || ok && any(got) != c.want {
			t.Errorf("%s: got %T, %t; want %T", c.name, got, ok, c.want)
		}
	}
}
