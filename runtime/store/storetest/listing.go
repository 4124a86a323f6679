package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// listed returns the keys with the prefix, sorted, and fails the test if one comes twice.
func listed(t testing.TB, l store.Lister, prefix string) []string {
	t.Helper()
	var keys []string
	for info, err := range l.List(t.Context(), prefix) {
		if err != nil {
			t.Fatalf("List(%q): %v", prefix, err)
		}
		keys = append(keys, info.Key)
	}
	slices.Sort(keys)
	for i := range keys[min(1, len(keys)):] {
		if keys[i] == keys[i+1] {
			t.Fatalf("List(%q) yields %q twice", prefix, keys[i])
		}
	}
	return keys
}

func testListing(t *testing.T, m *medium) {
	s := m.user(t)
	l := as[store.Lister](s.Store)

	if got := listed(t, l, ""); len(got) != 0 {
		t.Fatalf("List of an empty medium = %q, want nothing", got)
	}

	var keys []string
	for i := range 40 {
		keys = append(keys, key("one", i))
	}
	keys = append(keys, key("two", 0), key("one-more", 0), "m/tag", "m/tag-b", "m/tag/c", "m")
	slices.Sort(keys)
	before := time.Now()
	for i, k := range keys {
		s.put(k, epoch+int64(i), sealed(epoch, 100+i))
	}

	for _, prefix := range []string{
		"", "e", "e/", "e/example.com_one", "e/example.com_one-", key("one", 0)[:30], key("one", 3), "m", "m/", "m/tag", "m/tag/", "m/tag-",
		"x", "e/x/", "m/tag/c", "m/tag/c/",
	} {
		t.Run(fmt.Sprintf("prefix %.24q", prefix), func(t *testing.T) {
			var want []string
			for _, k := range keys {
				if strings.HasPrefix(k, prefix) {
					want = append(want, k)
				}
			}
			if got := listed(t, l, prefix); !slices.Equal(got, want) {
				t.Errorf("List(%q) = %q, want %q", prefix, got, want)
			}
		})
	}
	t.Run("infos are right", func(t *testing.T) {
		for info, err := range l.List(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			i := slices.Index(keys, info.Key)
			if i < 0 {
				t.Fatalf("List yields the unknown key %q", info.Key)
			}
			if info.Stamp != 0 && info.Stamp != epoch+int64(i) {
				t.Errorf("%s: Stamp = %d, want %d or 0", info.Key, info.Stamp, epoch+int64(i))
			}
			if info.Size != int64(100+i) && !m.OtherForm {
				t.Errorf("%s: Size = %d, want %d", info.Key, info.Size, 100+i)
			}
			if d := info.Modified.Sub(before); d < -time.Hour || d > time.Hour {
				t.Errorf("%s: Modified = %v, want about %v", info.Key, info.Modified, before)
			}
			if d := info.Accessed.Sub(before); !info.Accessed.IsZero() && (d < -time.Hour || d > time.Hour) {
				t.Errorf("%s: Accessed = %v, want zero or about %v", info.Key, info.Accessed, before)
			}
			if info.Hits < -1 {
				t.Errorf("%s: Hits = %d, want -1 or more", info.Key, info.Hits)
			}
		}
	})
	t.Run("a listing can be left", func(t *testing.T) {
		for range l.List(t.Context(), "") {
			break
		}
	})
	t.Run("a listing can be ranged over again", func(t *testing.T) {
		seq, counts := l.List(t.Context(), "m"), [2]int{}
		for i := range counts {
			for range seq {
				counts[i]++
			}
		}
		if counts != [2]int{4, 4} {
			t.Errorf("two passes yield %v items, want 4 and 4", counts)
		}
	})
	t.Run("items can be deleted and put while listing", func(t *testing.T) {
		s := s.in(t)
		i := 0
		for info, err := range l.List(t.Context(), "e/") {
			if err != nil {
				t.Fatal(err)
			}
			s.put(key("during", i), epoch, []byte("new"))
			s.delete(info.Key)
			if i++; i > 10_000 {
				t.Fatal("a listing does not end while items are put")
			}
		}
	})
	t.Run("an ended context ends a listing", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		promptly(t, "List with a cancelled context", func() {
			var last error
			for _, err := range l.List(ctx, "") {
				if last != nil {
					t.Error("List yields something after an error")
				}
				last = err
			}
			if !errors.Is(last, context.Canceled) {
				t.Errorf("List with a cancelled context ends with %v, want context.Canceled", last)
			}
		})
	})
}
