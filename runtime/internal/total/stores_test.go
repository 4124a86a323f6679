package total

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	cache "github.com/cachegen/cachegen/runtime"
)

// TestAddStore adds up two stores, and sees that no counter is forgotten.
func TestAddStore(t *testing.T) {
	failed := errors.New("no answer")
	store := func(n int64, open, resting bool, failure error) cache.StoreInfo {
		return cache.StoreInfo{Name: "default", Open: open, Failure: failure, Operations: []cache.StoreOperations{{
			Kind: cache.Reading, Count: n, Failed: 2 * n, Refused: 3 * n, Resting: resting, Total: time.Duration(6 * n), Within: []cache.Bucket{{Bound: 1, Count: 4 * n}, {Bound: 2, Count: 5 * n}},
		}}}
	}
	got, more := store(1, true, false, nil), store(10, false, true, failed)
	addStore(&got, &more)
	if diff := cmp.Diff(store(11, false, true, failed), got, cmpopts.EquateErrors()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
