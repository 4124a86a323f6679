package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

// awkwardKeys are keys that are easily mistaken for each other, or for something else, on some
// medium.
var awkwardKeys = []string{
	"a", "b", "a/b", "a/b/c", "a-b", "a_b", "a.b", "a/b-c", "a/b_c", "a/b.c", "a/bc", "a/b/-", "a-", "a_", "-", "_", "a/-", "a/_b",
	"a.", "a./b", "a..", "..a", "a..b", "...", ".a", "a/.b", "a/...", "0", "00", "a/0", "a/00", "e", "e/0", "m/0", "i/0",
	"con", "con.txt", "a/nul", "a/aux.b", "prn/a", "com1", "lpt9.x/y", "conx", "tmp", "lock", "leases", "targets", "blobs", "index", "state",
	"a.tmp", "a.lock", "tmp/a", "lock/a", "leases/a", "lease", "lease/a", "abcdefghijklmnopqrstuvwxyz0123456789-_.",
	"a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z",
	strings.Repeat("x", 128),
	strings.Repeat("x", 127),
	strings.Repeat("x", 127) + "y",
	strings.Repeat("x", 128) + "/" + strings.Repeat("y", 128) + "/" + strings.Repeat("z", 128),
	strings.Repeat("x", 128) + "/" + strings.Repeat("y", 128) + "/" + strings.Repeat("z", 127),
	longestKey("0"), longestKey("1"), longestKey("2")[:store.MaxKey-1],
	strings.Repeat("a/", store.MaxKey/2-1) + "b",
	strings.Repeat("a/", store.MaxKey/2-1) + "c",
}

// longestKey returns a key of the greatest length, which ends in tail.
func longestKey(tail string) string {
	segment := strings.Repeat("k", 127) + "/"
	return strings.Repeat(segment, 4)[:store.MaxKey-len(tail)] + tail
}

var badKeys = []string{
	"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/.", "./a", "A", "a b", "a\x00b", "a\\b", "a:b", "é", "a\n",
	"a*", "a%2f", "~", "+a",
	"a/../../../../../../tmp/storetest-escaped",
	strings.Repeat("x", 129),
	strings.Repeat("a/", store.MaxKey/2) + "b",
}

func testKeys(t *testing.T, m *medium) {
	s := m.user(t)

	t.Run("keys are apart", func(t *testing.T) {
		s := s.in(t)
		for i, k := range awkwardKeys {
			s.wantNone(k)
			s.put(k, epoch+int64(i), []byte(k))
		}
		for i, k := range awkwardKeys {
			s.wantItem(k, epoch+int64(i), []byte(k))
		}
		if l, ok := store.As[store.Lister](s.Store); ok {
			want := slices.Sorted(slices.Values(awkwardKeys))
			if got := listed(t, l, ""); !slices.Equal(got, want) {
				t.Errorf("List(\"\") = %q, want %q", got, want)
			}
		}
		for i, k := range awkwardKeys {
			s.delete(k)
			s.wantNone(k)
			for j := i + 1; j < min(i+4, len(awkwardKeys)); j++ {
				s.wantItem(awkwardKeys[j], epoch+int64(j), []byte(awkwardKeys[j]))
			}
		}
	})
	for _, k := range badKeys {
		t.Run(fmt.Sprintf("refused: %.20q", k), func(t *testing.T) {
			s := s.in(t)
			_, err := s.Get(t.Context(), k)
			wantRefused(t, "Get", k, err)
			_, err = s.Put(t.Context(), k, store.Item{Value: []byte("v"), Stamp: epoch})
			wantRefused(t, "Put", k, err)
			wantRefused(t, "Delete", k, s.Delete(t.Context(), k))
			if b, ok := store.As[store.Batcher](s.Store); ok {
				_, err = b.GetMany(t.Context(), []string{"absent", k})
				wantRefused(t, "GetMany", k, err)
			}
			if b, ok := store.As[store.Stamper](s.Store); ok {
				_, err = b.Stamps(t.Context(), []string{"absent", k})
				wantRefused(t, "Stamps", k, err)
			}
			if l, ok := store.As[store.Leaser](s.Store); ok {
				_, err = l.Acquire(t.Context(), k, m.leaseTTL())
				wantRefused(t, "Acquire", k, err)
				wantRefused(t, "Await", k, l.Await(limited(t), k))
			}
		})
	}
}

func wantRefused(t *testing.T, call, key string, err error) {
	t.Helper()
	if err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrHeld) {
		t.Errorf("%s(%q): %v, want an error that says that the key is refused", call, key, err)
	}
}
