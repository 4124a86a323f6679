package memory_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/memory"
	"github.com/cachegen/cachegen/runtime/store/storetest"
)

func harness(t testing.TB) storetest.Harness {
	first := memory.New(memory.Options{})
	t.Cleanup(func() { first.Close() })
	return storetest.Harness{Open: func(testing.TB) store.Store { return first.Join() }}
}

func TestStore(t *testing.T)      { storetest.Run(t, harness) }
func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, harness) }

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		name string
		o    memory.Options
	}{
		{"entries", memory.Options{Entries: 3}},
		{"bytes", memory.Options{Bytes: 3*(1000+200+1) + 10}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := memory.New(c.o)
			defer s.Close()
			put := func(k string) {
				if ok, err := s.Put(t.Context(), k, store.Item{Value: make([]byte, 1000), Stamp: 1}); !ok || err != nil {
					t.Fatalf("Put(%q) = %v, %v", k, ok, err)
				}
			}
			put("a")
			put("b")
			put("c")
			if _, err := s.Get(t.Context(), "a"); err != nil {
				t.Fatal(err)
			}
			put("d") // "b" is the least recently used.
			put("c")
			put("e") // Now "a" is.
			var keys []string
			for info := range s.List(t.Context(), "") {
				keys = append(keys, info.Key)
			}
			slices.Sort(keys)
			if want := []string{"c", "d", "e"}; !slices.Equal(keys, want) {
				t.Errorf("keys %q, want %q", keys, want)
			}
		})
	}
	t.Run("marks go only for that of their group", func(t *testing.T) {
		s := memory.New(memory.Options{Entries: 3})
		defer s.Close()
		for _, k := range []string{"m/x/1", "a", "b", "c", "m/x/2", "d", "m/x/3", "m/y/1"} {
			if ok, err := s.Put(t.Context(), k, store.Item{}); !ok || err != nil {
				t.Fatalf("Put(%q) = %v, %v", k, ok, err)
			}
		}
		var keys []string
		for info := range s.List(t.Context(), "") {
			keys = append(keys, info.Key)
		}
		slices.Sort(keys)
		if want := []string{"d", "m/x", "m/y/1"}; !slices.Equal(keys, want) {
			t.Errorf("keys %q, want %q", keys, want)
		}
	})
	t.Run("a value beyond the bound is refused", func(t *testing.T) {
		s := memory.New(memory.Options{Bytes: 1000})
		defer s.Close()
		if _, err := s.Put(t.Context(), "a", store.Item{Value: make([]byte, 1000)}); !errors.Is(err, store.ErrTooLarge) {
			t.Errorf("Put of 1000 bytes into 1000 bytes: %v, want ErrTooLarge", err)
		}
	})
}

func TestURL(t *testing.T) {
	open := func(url string) store.Store {
		s, err := store.Open(t.Context(), url)
		if err != nil {
			t.Fatalf("Open(%q): %v", url, err)
		}
		return s
	}
	a1, a2, b, anon := open("memory:a"), open("memory:a?entries=5"), open("memory:b"), open("memory:")
	if _, err := a1.Put(t.Context(), "k", store.Item{Value: []byte("v")}); err != nil {
		t.Fatal(err)
	}
	for s, want := range map[store.Store]error{a2: nil, b: store.ErrNotFound, anon: store.ErrNotFound} {
		if _, err := s.Get(t.Context(), "k"); !errors.Is(err, want) {
			t.Errorf("Get: %v, want %v", err, want)
		}
	}
	a1.Close()
	a1.Close() // Counts once.
	if _, err := a2.Get(t.Context(), "k"); err != nil {
		t.Errorf("Get after the other user closed: %v", err)
	}
	a2.Close()
	again := open("memory:a")
	if _, err := again.Get(t.Context(), "k"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Get after all users closed: %v, want ErrNotFound", err)
	}
	for _, s := range []store.Store{b, anon, again} {
		s.Close()
	}
	for _, url := range []string{"memory:?entries=x", "memory:?entries=0", "memory:?bytes=-1", "memory:?byte=1"} {
		if s, err := store.Open(t.Context(), url); err == nil {
			s.Close()
			t.Errorf("Open(%q) succeeds, want an error", url)
		}
	}
}

func ExampleNew() {
	s := memory.New(memory.Options{Entries: 1000})
	defer s.Close()
	fmt.Printf("%T\n", s)
	// Output: *memory.Store
}
