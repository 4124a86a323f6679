package cache_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/dir"
	"github.com/cachegen/cachegen/runtime/store/layer"
	"github.com/cachegen/cachegen/runtime/store/memory"
)

// TestMarksLeaveResults forgets many times more tags than a small store has room for. Nothing forgotten comes back, results are kept again
// afterwards, and those that have no tags, or are another tenant's, are kept all the time.
func TestMarksLeaveResults(t *testing.T) {
	folder := func(t *testing.T) func() store.Store {
		path := t.TempDir()
		return func() store.Store {
			s, err := dir.New(path, dir.Options{MaxBytes: 1 << 20})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	}
	encrypted := func(t *testing.T) func() store.Store {
		open := folder(t)
		return func() store.Store {
			s, err := layer.Encrypt(open(), layer.EncryptOptions{Keys: []layer.Key{{}}})
			if err != nil {
				t.Fatal(err)
			}
			return layer.Compress(s, 1)
		}
	}
	for name, stores := range map[string]func(t *testing.T) func() store.Store{
		"a folder": folder,
		"memory": func(*testing.T) func() store.Store {
			first := memory.New(memory.Options{Entries: 250})
			t.Cleanup(func() { first.Close() })
			return func() store.Store { return first.Join() }
		},
		"a folder behind layers": encrypted,
		"a folder near another store": func(t *testing.T) func() store.Store {
			near, far := folder(t), fakestore.New()
			return func() store.Store {
				s, err := layer.Chain(far.Open(), nil, near())
				if err != nil {
					t.Fatal(err)
				}
				return s
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			const users, forgotten = 40, 350
			open := stores(t)
			var c counter
			tagged := wrapSpec(cacheimpl.Spec{Tags: cacheimpl.Of(func(n number) []string { return []string{fmt.Sprint("user-", n.N)} })}, c.next)
			plain := wrap(cacheimpl.Options{}, c.next)
			process := func(f func(ctx context.Context)) {
				c := openCache(t, cache.Config{Store: open(), StoreTimeout: time.Minute}) // however busy the machine is
				f(patiently(cache.WithCache(t.Context(), c)))
				flush(t, c)
			}
			read := func(s *subject[int]) map[int]int {
				found := map[int]int{}
				process(func(ctx context.Context) {
					for i := range users {
						found[i] = s.must(t, ctx, i)
					}
				})
				return found
			}
			plains, before := read(plain), read(tagged)
			process(func(ctx context.Context) {
				for i := range forgotten {
					if err := cache.ForgetTags(ctx, fmt.Sprint("user-", i)); err != nil {
						t.Fatal(err)
					}
				}
			})
			after := read(tagged)
			for i := range users {
				if after[i] == before[i] {
					t.Errorf("user %d was forgotten and is back", i)
				}
			}
			if again := read(tagged); fmt.Sprint(again) != fmt.Sprint(after) {
				t.Error("results are not kept any more")
			}
			if again := read(plain); fmt.Sprint(again) != fmt.Sprint(plains) {
				t.Error("results without tags were not kept")
			}
		})
	}
}
