package cache_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// unit is a node of a build graph.
type unit struct {
	Name string
	Deps []*unit
}

// units returns layers of three units, each with the three below it.
func units(layers int) *unit {
	var below []*unit
	for l := range layers {
		var here []*unit
		for i := range 3 {
			here = append(here, &unit{fmt.Sprint(l, i), below})
		}
		below = here
	}
	return &unit{"main", below}
}

func cloneUnit(u *unit) *unit {
	if u == nil {
		return nil
	}
	c := *u
	c.Deps = slices.Clone(u.Deps)
	for i := range c.Deps {
		c.Deps[i] = cloneUnit(c.Deps[i])
	}
	return &c
}

func appendUnit(b []byte, u *unit, depth int) []byte {
	if u == nil {
		return cacheimpl.AppendNil(b)
	}
	if cacheimpl.TooDeep(b, depth) {
		return nil
	}
	b = cacheimpl.AppendArray(cacheimpl.AppendString(cacheimpl.AppendArray(b, 2), u.Name), len(u.Deps))
	for _, d := range u.Deps {
		b = appendUnit(b, d, depth+1)
	}
	return b
}

type graphArgs struct{ Root *unit }

func (a graphArgs) AppendCacheKey(b []byte) []byte {
	return appendUnit(cacheimpl.AppendArray(b, 1), a.Root, 1)
}

// TestSharedNodes has graphs of many more ways than nodes as results and as inputs, in caches with and without a store: calls are right, and
// bypass the cache with a reason instead of following each way.
func TestSharedNodes(t *testing.T) {
	results := cacheimpl.NewFunction[wordy, *unit](cacheimpl.Spec{
		Name: fmt.Sprint("sharing_test.results", names.Add(1)), Version: "1", Clone: cacheimpl.InPlace(cloneUnit), Options: cacheimpl.Options{Recursive: true},
	})
	shared := cacheimpl.NewFunction[wordy, *unit](cacheimpl.Spec{
		Name: fmt.Sprint("sharing_test.shared", names.Add(1)), Version: "1", Options: cacheimpl.Options{Recursive: true, Share: true},
	})
	inputs := cacheimpl.NewEncodedFunction[graphArgs, int](cacheimpl.Spec{Name: fmt.Sprint("sharing_test.inputs", names.Add(1)), Version: "1"})
	depths := []int{2, 5, 13, 40}
	if testing.Short() {
		depths = depths[:3] // 13 layers cost too much already
	}
	for _, url := range []string{"none", "memory:", "dir://" + t.TempDir()} {
		for _, layers := range depths {
			t.Run(fmt.Sprintf("%s, %d layers", strings.TrimRight(url, "/"), layers), func(t *testing.T) {
				c, err := cache.New(cache.Config{URL: url})
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close(t.Context())
				ctx, cancel := context.WithTimeout(patiently(cache.WithCache(t.Context(), c)), time.Minute)
				defer cancel()
				var mu sync.Mutex // faults of writing come from the background
				var reasons []cache.Reason
				ctx = cache.Observe(ctx, func(e cache.Event) {
					mu.Lock()
					defer mu.Unlock()
					reasons = append(reasons, e.Reason)
				})
				large := layers > 5
				for i := range 3 {
					ran := false
					make := func(context.Context) (*unit, error) { ran = true; return units(layers), nil }
					u, err := cacheimpl.Do(ctx, results.Core, wordy{fmt.Sprint(layers)}, make)
					if err != nil || u.Name != "main" || len(u.Deps) != 3 || ran != (i == 0 || large) {
						t.Errorf("call %d: %v, ran: %v", i, err, ran)
					}
					if _, err = cacheimpl.Do(ctx, shared.Core, wordy{fmt.Sprint(layers)}, make); err != nil {
						t.Error(err)
					}
					ran = false
					n, err := cacheimpl.DoEncoded(ctx, inputs.Core, nil, graphArgs{u}, func(context.Context) (int, error) { ran = true; return layers, nil })
					if err != nil || n != layers {
						t.Errorf("call %d: %d, %v", i, n, err)
					}
				}
				mu.Lock()
				defer mu.Unlock()
				if large != slices.Contains(reasons, cache.Unkept) || large && !slices.Contains(reasons, cache.Unkeyed) {
					t.Errorf("reasons are %v", reasons)
				}
			})
		}
	}
	ctx := cache.WithCache(t.Context(), func() *cache.Cache { c, _ := cache.New(cache.Config{URL: "none"}); return c }())
	if err := results.Put(ctx, wordy{"put"}, units(40)); err == nil {
		t.Error("Put of a graph that can't be copied succeeds")
	}
	if _, err := inputs.Key(ctx, graphArgs{units(40)}); !errors.Is(err, cache.ErrUnkeyed) {
		t.Errorf("the key of a graph: %v", err)
	}
}

// TestLargeInputs has inputs that are large and share nothing: they have keys like any others, by whatever way they are made.
func TestLargeInputs(t *testing.T) {
	c, err := cache.New(cache.Config{Store: fakestore.New().Open()})
	if err != nil {
		t.Fatal(err)
	}
	ctx := patiently(cache.WithCache(t.Context(), c))
	root := &unit{Name: "root"}
	for i := range 20_000 {
		root.Deps = append(root.Deps, &unit{Name: fmt.Sprint(i, strings.Repeat("x", 100))})
	}
	inputs := cacheimpl.NewEncodedFunction[graphArgs, int](cacheimpl.Spec{Name: fmt.Sprint("sharing_test.large", names.Add(1)), Version: "1"})
	words := cacheimpl.NewFunction[wordy, int](cacheimpl.Spec{Name: fmt.Sprint("sharing_test.words", names.Add(1)), Version: "1"})
	runs := 0
	run := func(context.Context) (int, error) { runs++; return runs, nil }
	long := strings.Repeat("x", 5<<20)
	for range 3 {
		a := graphArgs{root}
		if n, err := cacheimpl.DoEncoded(ctx, inputs.Core, a.AppendCacheKey([]byte{}), a, run); err != nil || n != 1 {
			t.Errorf("call with a large input = %d, %v, want 1", n, err)
		}
	}
	for i := range 3 {
		for k, end := range []string{"a", "b"} {
			if n, err := cacheimpl.Do(ctx, words.Core, wordy{long + end}, run); err != nil || n != 2+k {
				t.Errorf("call %d with a long string that ends in %s = %d, %v, want %d", i, end, n, err, 2+k)
			}
		}
	}
	one, err1 := words.Key(ctx, wordy{long + "a"})
	two, err2 := words.Key(ctx, wordy{long + "b"})
	if err1 != nil || err2 != nil || one == two {
		t.Errorf("keys of long strings: %s, %s, %v, %v", one, two, err1, err2)
	}
}
