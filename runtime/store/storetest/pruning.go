package storetest

import (
	"strings"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

func testPruning(t *testing.T, m *medium) {
	s := m.user(t)
	p := as[store.Pruner](s.Store)
	const n, size = 64, 8 << 10
	for i := range n {
		s.put(key("prune", i), epoch, sealed(epoch, size))
	}
	prune := func(maxBytes int64) (removed []string) {
		t.Helper()
		err := p.Prune(t.Context(), maxBytes, func(info store.Info) {
			if info.Size != size && !m.OtherForm {
				t.Errorf("Prune(%d) tells of %q with Size %d, want %d", maxBytes, info.Key, info.Size, size)
			}
			removed = append(removed, info.Key)
		})
		if err != nil {
			t.Fatalf("Prune(%d): %v", maxBytes, err)
		}
		return removed
	}

	if got := prune(1 << 40); len(got) != 0 {
		t.Errorf("Prune to more than there is removes %d items, want none", len(got))
	}
	removed := prune(n * size / 2)
	if len(removed) < n/2 || len(removed) == n {
		t.Errorf("Prune to half removes %d of %d items, want at least half and not all", len(removed), n)
	}
	gone := map[string]bool{}
	for _, k := range removed {
		if gone[k] {
			t.Errorf("Prune tells of %q twice", k)
		}
		gone[k] = true
	}
	for i := range n {
		if k := key("prune", i); gone[k] {
			s.wantNone(k)
		} else {
			s.wantItem(k, epoch, sealed(epoch, size))
		}
	}
	if got := prune(n * size / 2); len(got) != 0 {
		t.Errorf("a second Prune to the same size removes %d items, want none", len(got))
	}
	if got := prune(0); len(got) != n-len(removed) {
		t.Errorf("Prune(0) removes %d items, want all %d", len(got), n-len(removed))
	}
	if err := p.Prune(t.Context(), 0, nil); err != nil {
		t.Errorf("Prune(0) of nothing, telling nobody: %v", err)
	}
	s.put(key("prune", 0), epoch-1, []byte("anew"))
	s.wantItem(key("prune", 0), epoch-1, []byte("anew"))

	t.Run("marks go last", func(t *testing.T) {
		s := s.in(t)
		for i := range n {
			s.put(store.MarkPrefix+key("mark", i), epoch, sealed(epoch, size))
		}
		for i := range n {
			s.put(key("prune", i), epoch, sealed(epoch, size))
		}
		before := map[string]bool{}
		for _, maxBytes := range []int64{n * size * 7 / 4, 0} {
			err := p.Prune(t.Context(), maxBytes, func(info store.Info) {
				if strings.HasPrefix(info.Key, store.MarkPrefix) && len(before) < n {
					t.Fatalf("Prune(%d) removes the mark %q when %d of %d others are gone", maxBytes, info.Key, len(before), n)
				}
				before[info.Key] = true
			})
			if err != nil {
				t.Fatalf("Prune(%d): %v", maxBytes, err)
			}
		}
		if len(before) != 2*n {
			t.Errorf("Prune(0) leaves %d items", 2*n-len(before))
		}
	})
}
