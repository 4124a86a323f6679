package redis_test

import (
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
	_ "github.com/cachegen/cachegen/runtime/store/dir"
	"github.com/cachegen/cachegen/runtime/store/layer"
	"github.com/cachegen/cachegen/runtime/store/storetest"
)

// TestChain has a folder in front of a server, whose values are compressed and encrypted, pass what
// every store passes.
func TestChain(t *testing.T) {
	n := startNode(t)
	t.Setenv("CHAIN_KEYS", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	storetest.Run(t, func(testing.TB) storetest.Harness {
		h, _ := medium("redis://" + n.addr + "?compress=100&encrypt=env:CHAIN_KEYS&plain-targets&" + patient)
		urls := "dir://" + t.TempDir() + " " + h.URL
		return storetest.Harness{OtherForm: true, Open: func(t testing.TB) store.Store {
			t.Helper()
			s, err := layer.Open(t.Context(), urls)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}}
	})
}
