package inspect_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/inspect"
	"github.com/cachegen/cachegen/runtime/store"
)

// listed is a store to which listing is a use, as to Redis before 7.2. It calls before with each listing's number.
type listed struct {
	store.Store
	store.Lister
	before func(n int)
	lists  int
}

func (s *listed) List(ctx context.Context, prefix string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		s.before(s.lists)
		s.lists++
		for info, err := range s.Lister.List(ctx, prefix) {
			info.Accessed = time.Now()
			if !yield(info, err) {
				return
			}
		}
	}
}

// TestLeastUsed goes through all of a store that takes that for a use, and leaves what is replaced in the middle.
func TestLeastUsed(t *testing.T) {
	for name, test := range map[string]struct {
		forget bool
		want   int
	}{
		"looked at": {false, 3},
		"forgotten": {true, 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := &world{t: t, open: media["fake"](t)}
			f := w.function("Forecast", "v1:1", cacheimpl.Options{})
			w.fill(f, "Berlin", "Oslo", "Rome")
			s := w.open()
			lister, _ := store.As[store.Lister](s)
			in, err := inspect.New(&listed{s, lister, func(n int) {
				if n == 2 && test.forget { // The first of the second time through.
					w.session(func(ctx context.Context) {
						if err := f.Forget(ctx, city{"Oslo", 3}); err != nil {
							t.Error(err)
						}
					})
				}
			}, 0})
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			n := 0
			for _, err := range in.LeastUsed(t.Context(), 0) {
				if n++; err != nil {
					t.Error(err)
				}
			}
			if n != test.want {
				t.Errorf("%d of 3 are to go, want %d", n, test.want)
			}
		})
	}
}
