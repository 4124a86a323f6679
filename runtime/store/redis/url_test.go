package redis_test

import (
	"errors"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

func TestURLs(t *testing.T) {
	for _, bad := range []string{
		"redis://h/x", "redis://h/-1", "redis://h?unknown=1", "redis://h?timeout=0s", "redis://h?timeout=soon", "redis://h?keep=-1h", "redis://h?max-value=-1",
		"redis://h?max-value=1GiB", "redis://h?ca=x", "redis://h?insecure", "rediss://h?ca=/does/not/exist", "rediss://h?cert=/none&key=/none",
		"rediss://h?insecure=perhaps", "redis://h?addr=", "rediss://h?ca=url_test.go",
	} {
		if s, err := store.Open(t.Context(), bad); err == nil {
			s.Close()
			t.Errorf("Open(%s) succeeds", bad)
		}
	}
}

// TestPrefixes has stores with prefixes that are each other's beginnings, and patterns, on one
// server.
func TestPrefixes(t *testing.T) {
	n := startNode(t)
	prefixes := []string{"p", "p*", "p?", "[p]", "p%5Cq", "p:", "%7Btag%7D:", "p:i:"}
	stores := make([]store.Store, len(prefixes))
	for i, prefix := range prefixes {
		s, err := store.Open(t.Context(), "redis://"+n.addr+"?prefix="+prefix)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		stores[i] = s
		mustPut(t, s, "e/x", prefix, 1)
	}
	for i, s := range stores {
		mustGet(t, s, "e/x", prefixes[i])
		count := 0
		for info, err := range s.(store.Lister).List(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			if count++; info.Key != "e/x" {
				t.Errorf("List with prefix %s yields %q", prefixes[i], info.Key)
			}
		}
		if count != 1 {
			t.Errorf("List with prefix %s yields %d items, want 1", prefixes[i], count)
		}
	}
}

func TestMaxValue(t *testing.T) {
	n := startNode(t)
	s, err := store.Open(t.Context(), "redis://"+n.addr+"?max-value=1KiB")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	mustPut(t, s, "e/x", string(make([]byte, 1024)), 1)
	if _, err := s.Put(t.Context(), "e/x", store.Item{Value: make([]byte, 1025), Stamp: 2}); !errors.Is(err, store.ErrTooLarge) {
		t.Errorf("Put of 1025 bytes: %v, want ErrTooLarge", err)
	}
	if _, err := s.(store.Blobber).WriteBlob(t.Context(), "x", make([]byte, 1025), true); !errors.Is(err, store.ErrTooLarge) {
		t.Errorf("WriteBlob of 1025 bytes: %v, want ErrTooLarge", err)
	}
}
