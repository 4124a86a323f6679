package storetest

import (
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

func testBatches(t *testing.T, m *medium) {
	s := m.user(t)
	b := as[store.Batcher](s.Store)

	const n = 500
	var asked []string
	for i := range n {
		asked = append(asked, key("batch", i))
		if i%3 != 0 {
			s.put(key("batch", i), epoch+int64(i), sealed(epoch+int64(i), 20+i))
		}
	}
	got, err := b.GetMany(t.Context(), asked)
	if err != nil {
		t.Fatalf("GetMany of %d keys: %v", len(asked), err)
	}
	for i := range n {
		item, ok := got[key("batch", i)]
		if want := i%3 != 0; ok != want {
			t.Errorf("GetMany has %s: %v, want %v", key("batch", i), ok, want)
		}
		if !ok {
			continue
		}
		if err := checkSealed(item); err != nil || item.Stamp != epoch+int64(i) {
			t.Errorf("GetMany[%s]: stamp %d, want %d; %v", key("batch", i), item.Stamp, epoch+int64(i), err)
		}
	}
	if len(got) > n {
		t.Errorf("GetMany returns %d items of %d keys", len(got), n)
	}

	for name, keys := range map[string][]string{"no keys": nil, "absent keys": {"absent", "absent/too"}} {
		if got, err := b.GetMany(t.Context(), keys); err != nil || len(got) != 0 {
			t.Errorf("GetMany of %s = %v, %v, want nothing", name, got, err)
		}
	}
	got, err = b.GetMany(t.Context(), []string{key("batch", 1), key("batch", 1), "absent"})
	if err != nil || len(got) != 1 {
		t.Errorf("GetMany of a key twice and an absent one = %d items, %v, want 1", len(got), err)
	}
}
