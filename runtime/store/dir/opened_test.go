package dir

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// TestShardIsReplaced has the folder of a shard, from which this store reads, removed or moved away while another store writes to the one
// that is made in its place.
func TestShardIsReplaced(t *testing.T) {
	const key = "e/a"
	read := func(t *testing.T, s *Store) string {
		item, err := s.Get(context.Background(), key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Fatal(err)
		}
		return string(item.Value)
	}
	write := func(t *testing.T, s *Store, value string, stamp int64) {
		if _, err := s.Put(context.Background(), key, store.Item{Value: []byte(value), Stamp: stamp}); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		replace func(shard string) error
		within  time.Duration
	}{
		"removed": {os.RemoveAll, 0},
		"moved":   {func(shard string) error { return os.Rename(shard, shard+".old") }, 2 * recheck},
	} {
		t.Run(name, func(t *testing.T) {
			if !keepsOpen {
				t.Skip("what is open can't be removed here")
			}
			s := newStoreIn(t, t.TempDir())
			write(t, s, "old", 1)
			if got := read(t, s); got != "old" {
				t.Fatalf("got %q", got)
			}
			if err := test.replace(filepath.Join(s.home.path, "items", shardName(shardOf(key)))); err != nil {
				t.Fatal(err)
			}
			if name == "removed" {
				if got := read(t, s); got != "" {
					t.Errorf("what was removed is still there: %q", got)
				}
			}
			write(t, newStoreIn(t, s.home.path), "new", 2)
			until := time.Now().Add(test.within)
			got := read(t, s)
			for got != "new" && time.Now().Before(until) {
				time.Sleep(recheck / 20)
				got = read(t, s)
			}
			if got != "new" {
				t.Errorf("got %q", got)
			}
		})
	}
}
